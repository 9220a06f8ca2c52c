/**
 * What tests of every module lean on: time that is set by hand, seeded generators, golden files,
 * and a supplier's wire side that answers by script. Knows none of the product's modules, so that
 * it can disagree with all of them. Others take it in test scope. Begin with {@link
 * entrepot.testkit.ScriptedSupplier} or {@link entrepot.testkit.Seeds}.
 */
@NullMarked
package entrepot.testkit;

import org.jspecify.annotations.NullMarked;

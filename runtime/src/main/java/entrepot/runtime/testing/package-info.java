/**
 * Stand-ins for what the runtime needs, for tests here and above: a market that answers from a
 * script, ids that count, a search that counts words, tools that are told what to do. Main code
 * uses none of it. Begin with {@link entrepot.runtime.testing.ScriptedMarket}.
 */
@NullMarked
package entrepot.runtime.testing;

import org.jspecify.annotations.NullMarked;

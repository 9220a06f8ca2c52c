/**
 * Names for tests: the same in every run. Begin with {@link entrepot.identity.testing.CountingIds}.
 */
@NullMarked
package entrepot.identity.testing;

import org.jspecify.annotations.NullMarked;

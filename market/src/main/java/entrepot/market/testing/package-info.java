/**
 * Stand-ins for tests: a counter that remembers what was put on it, a ledger in memory, a model
 * that says what it is told to. Main code never uses this. Begin with {@link
 * entrepot.market.testing.CollectingCounter}.
 */
@NullMarked
package entrepot.market.testing;

import org.jspecify.annotations.NullMarked;

/**
 * Does what a session's decision says: buys model calls, runs tools, writes the facts. One owner at
 * a time drives a session; whoever has lost the ownership is stopped by the journal's fence. Begin
 * with {@link entrepot.runtime.driver.Driver}.
 */
@NullMarked
package entrepot.runtime.driver;

import org.jspecify.annotations.NullMarked;

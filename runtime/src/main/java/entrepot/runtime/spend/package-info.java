/**
 * What a session with its subagents may spend: a hard limit of the market's, of the session's tree.
 * Begin with {@link entrepot.runtime.spend.SpendControl}.
 */
@NullMarked
package entrepot.runtime.spend;

import org.jspecify.annotations.NullMarked;

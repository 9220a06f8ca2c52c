/**
 * Which tools a coordinator has for its subagents, and how many of these there may be. What comes
 * of their use is decided in {@code entrepot.runtime.turn}. Begin with {@link
 * entrepot.runtime.subagents.SubagentTool}.
 */
@NullMarked
package entrepot.runtime.subagents;

import org.jspecify.annotations.NullMarked;

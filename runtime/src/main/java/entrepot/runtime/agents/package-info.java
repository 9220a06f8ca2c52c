/** Agents: what a session is made from. Begin with {@link entrepot.runtime.agents.Agents}. */
@NullMarked
package entrepot.runtime.agents;

import org.jspecify.annotations.NullMarked;

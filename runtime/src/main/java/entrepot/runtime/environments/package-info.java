/**
 * Where the commands of sessions run: what an environment is made of, its rows and its workspace on
 * this node, and the tools that work in it. Begin with {@link
 * entrepot.runtime.environments.Environments}. How a command is kept inside is {@code sandbox}'s.
 */
@NullMarked
package entrepot.runtime.environments;

import org.jspecify.annotations.NullMarked;

/**
 * Memory stores as tools of agents. What is kept is in {@code runtime.memory}. Begin with {@link
 * entrepot.runtime.tools.memory.MemoryTools}.
 */
@NullMarked
package entrepot.runtime.tools.memory;

import org.jspecify.annotations.NullMarked;

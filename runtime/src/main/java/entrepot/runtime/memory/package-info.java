/**
 * What agents remember beyond a session: texts at paths in stores, each change a version with its
 * author. How agents come by them is in {@code tools.memory}. Begin with {@link
 * entrepot.runtime.memory.Memories}.
 */
@NullMarked
package entrepot.runtime.memory;

import org.jspecify.annotations.NullMarked;

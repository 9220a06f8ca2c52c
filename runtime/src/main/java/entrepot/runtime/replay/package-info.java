/**
 * Runs a session again from its journal, without calling anything, and says where the two differ.
 * Begin with {@link entrepot.runtime.replay.Rerun}.
 */
@NullMarked
package entrepot.runtime.replay;

import org.jspecify.annotations.NullMarked;

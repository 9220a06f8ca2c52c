/**
 * Commands on a session's journal as a whole: run it again, fork it, move it, delete it. Begin with
 * {@link entrepot.app.sessions.ReplayCommand}.
 */
@NullMarked
package entrepot.app.sessions;

import org.jspecify.annotations.NullMarked;

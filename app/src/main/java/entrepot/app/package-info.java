/**
 * The program: settings, wiring and the command line. Everything that knows all other modules is
 * here, and nothing else is.
 *
 * <p>Begin with {@link entrepot.app.Main}; the whole object graph is in {@code
 * entrepot.app.server.Wiring}.
 */
@NullMarked
package entrepot.app;

import org.jspecify.annotations.NullMarked;

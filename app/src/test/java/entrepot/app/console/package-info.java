/**
 * The console in a real browser, over a whole server with a built-in model.
 *
 * <p>Skips by name where there is no Chromium; {@code .ci/run} installs one. Begin with {@link
 * entrepot.app.console.ConsoleBrowserTest}.
 */
@NullMarked
package entrepot.app.console;

import org.jspecify.annotations.NullMarked;

/** The console in a real browser, over a whole server. */
@NullMarked
package entrepot.app.console;

import org.jspecify.annotations.NullMarked;

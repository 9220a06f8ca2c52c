/** Tests of the console's pure parts; pages are tested through a whole server in {@code app}. */
@NullMarked
package entrepot.console;

import org.jspecify.annotations.NullMarked;

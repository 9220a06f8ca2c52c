/**
 * What an operator may set, under which names, and what holds when nothing is said.
 *
 * <p>Each setting has one name that serves as flag, environment variable and key of the settings
 * file; they win in this order. What suppliers and models there are is not set here but in the
 * catalogue. Begin with {@link entrepot.app.settings.Setting}.
 */
@NullMarked
package entrepot.app.settings;

import org.jspecify.annotations.NullMarked;

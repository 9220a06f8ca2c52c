/**
 * The process: what is made of what, in which order it starts, stops and is checked.
 *
 * <p>{@link entrepot.app.server.Wiring} shows the whole object graph with plain constructors;
 * {@link entrepot.app.server.Server} is that graph alive. Prints nothing and reads no command line.
 */
@NullMarked
package entrepot.app.server;

import org.jspecify.annotations.NullMarked;

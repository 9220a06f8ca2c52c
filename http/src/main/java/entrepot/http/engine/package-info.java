/**
 * The engine under {@code entrepot.http}: Vert.x moves the bytes, and none of its types leaves this
 * package. What callers see are the types of the parent package.
 *
 * <p>A request is admitted ({@code FrontDoor}, {@code Reception}, {@code Upload}), visits a handler
 * ({@code Visit}, {@code LiveExchange}) and is answered ({@code Answer}, {@code LiveWriter}, {@code
 * Relay}). Begin with {@link entrepot.http.engine.HttpServer} and {@link
 * entrepot.http.engine.HttpClients}.
 */
@NullMarked
package entrepot.http.engine;

import org.jspecify.annotations.NullMarked;

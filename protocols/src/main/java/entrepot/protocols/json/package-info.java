/**
 * JSON without loss: reading members by path, and keeping those that nobody asked for.
 *
 * <p>Knows no dialect. {@link entrepot.protocols.json.Json} holds the one mapper and its limits.
 */
@NullMarked
package entrepot.protocols.json;

import org.jspecify.annotations.NullMarked;

/**
 * Takes the framing off suppliers' streams: server-sent events, and the binary messages of AWS.
 *
 * <p>Knows nothing of what the frames say. Begin with {@link
 * entrepot.market.supply.framing.Deframer}.
 */
@NullMarked
package entrepot.market.supply.framing;

import org.jspecify.annotations.NullMarked;

/**
 * The stateless storefronts: each reads orders in its dialect, hands them to the market and puts
 * the goods on its caller's counter.
 *
 * <p>Same-dialect bytes pass through untouched; anything else is written from events. Which
 * supplier serves is the market's business. Begin with {@link
 * entrepot.gateway.storefronts.ChatStorefront}.
 */
@NullMarked
package entrepot.gateway.storefronts;

import org.jspecify.annotations.NullMarked;

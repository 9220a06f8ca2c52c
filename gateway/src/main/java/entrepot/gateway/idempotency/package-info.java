/**
 * One answer for one {@code Idempotency-Key}: whoever sends a call again while it runs hears the
 * answer of the one that runs, and afterwards the one that was kept. Begin with {@link
 * entrepot.gateway.idempotency.Idempotency}. What is kept, and for how long, is decided in {@code
 * market.idempotency}; a call without a key passes untouched.
 */
@NullMarked
package entrepot.gateway.idempotency;

import org.jspecify.annotations.NullMarked;

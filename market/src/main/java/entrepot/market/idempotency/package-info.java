/**
 * Calls that come under an {@code Idempotency-Key}: who runs one, and what it was answered, kept
 * for whoever sends it again. Begin with {@link entrepot.market.idempotency.KeyedCalls}. How such a
 * call is heard and answered is not decided here: answers are a status, headers and bytes.
 */
@NullMarked
package entrepot.market.idempotency;

import org.jspecify.annotations.NullMarked;

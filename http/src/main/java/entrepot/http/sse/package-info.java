/**
 * Server-sent events as bytes (WHATWG HTML §9.2): taking a stream apart and putting one together.
 *
 * <p>Knows nothing of connections and nothing of what events mean. Begin with {@link
 * entrepot.http.sse.SseParser}; {@link entrepot.http.sse.SseWriter} is its counterpart.
 */
@NullMarked
package entrepot.http.sse;

import org.jspecify.annotations.NullMarked;

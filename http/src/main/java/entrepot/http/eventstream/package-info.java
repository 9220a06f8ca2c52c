/**
 * Event streams in binary frames ({@code application/vnd.amazon.eventstream}, Smithy's "Amazon
 * Event Stream Specification"): taking a stream apart and putting one together.
 *
 * <p>Knows nothing of connections and nothing of what events mean. Begin with {@link
 * entrepot.http.eventstream.EventStreamParser}; {@link entrepot.http.eventstream.EventStreamWriter}
 * is its counterpart.
 */
@NullMarked
package entrepot.http.eventstream;

import org.jspecify.annotations.NullMarked;

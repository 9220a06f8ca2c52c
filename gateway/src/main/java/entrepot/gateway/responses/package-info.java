/**
 * The Responses and Conversations APIs of OpenAI with their state, for whatever supplier answers:
 * stored responses, continued ones, work in the background, streams that can be resumed, and the
 * WebSocket form.
 *
 * <p>What a caller asks for is expanded with what is kept for it, bought as a call without state,
 * and stored before it is told. Begin with {@link entrepot.gateway.responses.ResponsesApi}.
 */
@NullMarked
package entrepot.gateway.responses;

import org.jspecify.annotations.NullMarked;

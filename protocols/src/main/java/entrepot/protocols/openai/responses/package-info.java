/**
 * OpenAI Responses, both sides of the counter, and the servers that are compatible with it.
 *
 * <p>A call that stays in this dialect passes through as bytes: {@link
 * entrepot.protocols.openai.responses.ResponsesEnvelope} validates it and changes its model, {@link
 * entrepot.protocols.openai.responses.ResponsesMeter} reads the usage beside the stream. A call
 * that crosses dialects is read and written whole: {@code ResponsesRequests}, {@code
 * ResponsesAnswers}, {@code ResponsesStreamReader} and {@code ResponsesStreamWriter}. Items that
 * follow each other on the model's side are one message of the canonical record; each part
 * remembers in its extras where its item began. What Responses cannot carry stands in {@code
 * ResponsesLosses}. Nothing here stores anything: what an earlier response said has been put into
 * {@code input} before it comes here.
 */
@NullMarked
package entrepot.protocols.openai.responses;

import org.jspecify.annotations.NullMarked;

/**
 * OpenAI Chat Completions, both sides of the counter, and the servers that are compatible with it.
 *
 * <p>A call that stays in this dialect passes through as bytes: {@link
 * entrepot.protocols.openai.chat.ChatEnvelope} validates it and changes its model, {@link
 * entrepot.protocols.openai.chat.ChatMeter} reads the usage beside the stream. A call that crosses
 * dialects is read and written whole: {@code ChatRequests}, {@code ChatAnswers}, {@code
 * ChatStreamReader} and {@code ChatStreamWriter}. What chat cannot carry stands in {@code
 * ChatLosses}.
 */
@NullMarked
package entrepot.protocols.openai.chat;

import org.jspecify.annotations.NullMarked;

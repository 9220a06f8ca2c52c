/**
 * Gemini's {@code generateContent}, both sides of the counter, as Google's developer interface and
 * Vertex speak it.
 *
 * <p>A call that stays in this dialect passes through as bytes: {@link
 * entrepot.protocols.google.gemini.GeminiEnvelope} validates it, {@link
 * entrepot.protocols.google.gemini.GeminiMeter} reads the usage beside the stream. A call that
 * crosses dialects is read and written whole: {@code GeminiRequests}, {@code GeminiAnswers}, {@code
 * GeminiStreamReader} and {@code GeminiStreamWriter}. What it cannot carry stands in {@code
 * GeminiLosses}. The model and whether to stream stand in the address, not in the body.
 */
@NullMarked
package entrepot.protocols.google.gemini;

import org.jspecify.annotations.NullMarked;

/**
 * Bedrock's Converse and ConverseStream, both sides of the counter (bedrock-runtime 2023-09-30).
 *
 * <p>The model and whether the answer streams stand in the path, so that a call that stays in this
 * dialect passes through without a byte changed: {@link
 * entrepot.protocols.bedrock.converse.ConverseEnvelope} validates it, {@link
 * entrepot.protocols.bedrock.converse.ConverseMeter} reads the usage beside the stream. A call that
 * crosses dialects is read and written whole: {@code ConverseRequests}, {@code ConverseAnswers},
 * {@code ConverseStreamReader} and {@code ConverseStreamWriter}. What Converse cannot carry stands
 * in {@code ConverseLosses}; what one model cannot take is put right by {@code ConverseFit}.
 */
@NullMarked
package entrepot.protocols.bedrock.converse;

import org.jspecify.annotations.NullMarked;

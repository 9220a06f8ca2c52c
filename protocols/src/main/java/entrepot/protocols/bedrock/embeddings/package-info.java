/**
 * Embeddings of Bedrock's {@code InvokeModel}: Titan's, Cohere's and Nova's bodies, by the model's
 * id.
 *
 * <p>Only suppliers are spoken to so. Begin with {@link
 * entrepot.protocols.bedrock.embeddings.BedrockEmbeddings}.
 */
@NullMarked
package entrepot.protocols.bedrock.embeddings;

import org.jspecify.annotations.NullMarked;

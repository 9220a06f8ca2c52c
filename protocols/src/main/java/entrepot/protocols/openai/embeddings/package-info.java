/**
 * OpenAI's embeddings, and those of the many servers that speak like it (openapi.yaml,
 * CreateEmbeddingRequest).
 *
 * <p>{@link entrepot.protocols.openai.embeddings.EmbeddingEnvelope} is a caller's body as bytes,
 * the others read and write both sides. Begin with {@link
 * entrepot.protocols.openai.embeddings.EmbeddingBodies}.
 */
@NullMarked
package entrepot.protocols.openai.embeddings;

import org.jspecify.annotations.NullMarked;

/**
 * Google's embeddings: {@code embedContent} and {@code batchEmbedContents} of the developer
 * interface (generative_service.proto).
 *
 * <p>Begin with {@link entrepot.protocols.google.embeddings.EmbedBodies}.
 */
@NullMarked
package entrepot.protocols.google.embeddings;

import org.jspecify.annotations.NullMarked;

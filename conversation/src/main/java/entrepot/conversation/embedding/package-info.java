/**
 * Texts as vectors: what is asked of a model that embeds, and what it gives back.
 *
 * <p>As everywhere in {@link entrepot.conversation}, nothing here reads or writes a wire. Begin
 * with {@link entrepot.conversation.embedding.EmbeddingRequest}.
 */
@NullMarked
package entrepot.conversation.embedding;

import org.jspecify.annotations.NullMarked;

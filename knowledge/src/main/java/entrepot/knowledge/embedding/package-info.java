/**
 * Turns text into vectors whose cosine says how close two texts are in meaning.
 *
 * <p>{@link entrepot.knowledge.embedding.E5} runs the sentence encoder e5-small-v2 in plain Java:
 * no native code, no network, and the same bits on every machine, so that whatever is decided from
 * its numbers can be replayed. English only. What the vectors are used for is not decided here.
 * Begin with {@link entrepot.knowledge.embedding.Embedder}.
 */
@NullMarked
package entrepot.knowledge.embedding;

import org.jspecify.annotations.NullMarked;

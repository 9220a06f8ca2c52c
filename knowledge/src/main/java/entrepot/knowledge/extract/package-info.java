/**
 * The built-in model {@code entrepot/extract-1}: it calls tools and streams an answer like any
 * model, and every sentence of the answer is a quote.
 *
 * <p>A pure function of the message history: what to do next is read off what has been said. How
 * quotes are found is {@code entrepot.knowledge.briefing}'s. Begin with {@link
 * entrepot.knowledge.extract.Extract1}.
 */
@NullMarked
package entrepot.knowledge.extract;

import org.jspecify.annotations.NullMarked;

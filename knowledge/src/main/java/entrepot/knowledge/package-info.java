/**
 * What a company's documents say: passages, meaning vectors, search, and the built-in model that
 * answers from them in quotes.
 *
 * <p>Calls no supplier and keeps no data of its own: documents come in as text, answers go out with
 * exact places. Nothing here generates language. Begin with {@code
 * entrepot.knowledge.extract.Extract1}.
 */
@NullMarked
package entrepot.knowledge;

import org.jspecify.annotations.NullMarked;

/**
 * What a company's documents say: passages, meaning vectors, search, and the built-in model that
 * answers from them in quotes.
 *
 * <p>Calls no supplier. Documents come in as text or are read from sources that an operator has set
 * up ({@link entrepot.knowledge.Knowledge}); answers go out with exact places, to those who may
 * read them. Nothing here generates language. Begin with {@code
 * entrepot.knowledge.extract.Extract1}.
 */
@NullMarked
package entrepot.knowledge;

import org.jspecify.annotations.NullMarked;

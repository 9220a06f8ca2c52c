/**
 * Finds the sentences of a set of documents that answer a question, by words and by meaning.
 *
 * <p>Everything is in memory and made anew for each set; an index on disk is not here. Begin with
 * {@link entrepot.knowledge.search.PassageSearch}.
 */
@NullMarked
package entrepot.knowledge.search;

import org.jspecify.annotations.NullMarked;

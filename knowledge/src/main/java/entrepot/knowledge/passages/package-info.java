/**
 * Cuts documents into sentences that can be quoted: each knows its exact place in the text, its
 * line and the heading it stands under.
 *
 * <p>Rules of English punctuation, no model. What a sentence means or is worth is not known here.
 * Begin with {@link entrepot.knowledge.passages.Splitter}.
 */
@NullMarked
package entrepot.knowledge.passages;

import org.jspecify.annotations.NullMarked;

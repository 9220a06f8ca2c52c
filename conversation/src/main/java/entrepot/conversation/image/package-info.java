/**
 * Pictures from words: what is asked of a model that draws, and what it gives back.
 *
 * <p>As everywhere in {@link entrepot.conversation}, nothing here reads or writes a wire. Begin
 * with {@link entrepot.conversation.image.ImageRequest}.
 */
@NullMarked
package entrepot.conversation.image;

import org.jspecify.annotations.NullMarked;

/**
 * Pictures of Google's: Imagen's {@code :predict}, and models of Gemini that answer with pictures
 * in {@code :generateContent}, by the model's name; at the developer interface and on Vertex.
 *
 * <p>Only suppliers are spoken to so. Begin with {@link
 * entrepot.protocols.google.images.GoogleImages}.
 */
@NullMarked
package entrepot.protocols.google.images;

import org.jspecify.annotations.NullMarked;

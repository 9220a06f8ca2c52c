/**
 * Pictures of Bedrock's {@code InvokeModel}: the bodies of Titan Image Generator, Nova Canvas and
 * Stability's models, by the model's id.
 *
 * <p>Only suppliers are spoken to so. Begin with {@link
 * entrepot.protocols.bedrock.images.BedrockImages}.
 */
@NullMarked
package entrepot.protocols.bedrock.images;

import org.jspecify.annotations.NullMarked;

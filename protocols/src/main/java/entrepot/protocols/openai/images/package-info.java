/**
 * OpenAI's image generations (openapi.yaml, CreateImageRequest): pictures are passed on as they
 * come, in whole answers and in streams; only what they used is looked at.
 *
 * <p>No other dialect is translated to. Begin with {@link
 * entrepot.protocols.openai.images.ImageEnvelope}.
 */
@NullMarked
package entrepot.protocols.openai.images;

import org.jspecify.annotations.NullMarked;

/**
 * OpenAI's image generations (openapi.yaml, CreateImageRequest): pictures of suppliers who speak so
 * are passed on as they come, in whole answers and in streams, and only what they used is looked
 * at; requests to others are read, and their pictures written. Begin with {@link
 * entrepot.protocols.openai.images.ImageEnvelope}.
 */
@NullMarked
package entrepot.protocols.openai.images;

import org.jspecify.annotations.NullMarked;

/**
 * What all of OpenAI's interfaces share: the shape of errors and of the list of models.
 *
 * <p>One package below for each interface; {@code chat} is Chat Completions. Nothing here knows
 * those below. Begin with {@link entrepot.protocols.openai.OpenAiErrors}. The foreign facts are
 * from OpenAI's published openapi.yaml.
 */
@NullMarked
package entrepot.protocols.openai;

import org.jspecify.annotations.NullMarked;

/**
 * Bodies of InvokeModel in the words of makers who know texts: Amazon's Titan, Meta's Llama,
 * Mistral's and Cohere's prompts, and Cohere's chat.
 *
 * <p>A prompt holds a whole conversation in the form its model was trained on; it is read strictly,
 * and what cannot be read is refused: it is never taken for one message of a user. Begin with
 * {@link entrepot.protocols.bedrock.texts.TextBody}.
 */
@NullMarked
package entrepot.protocols.bedrock.texts;

import org.jspecify.annotations.NullMarked;

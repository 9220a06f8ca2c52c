/**
 * Amazon Bedrock Runtime: what its interfaces share.
 *
 * <p>Errors in Amazon's shape, what a model's id tells about the model, and the little of the
 * binary framing that a meter beside raw bytes must know. The interfaces themselves are {@code
 * converse}, {@code invoke} and {@code texts}. Signing lives elsewhere. Begin with {@link
 * entrepot.protocols.bedrock.BedrockErrors}.
 */
@NullMarked
package entrepot.protocols.bedrock;

import org.jspecify.annotations.NullMarked;

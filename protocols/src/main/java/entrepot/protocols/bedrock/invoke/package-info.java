/**
 * Bedrock's InvokeModel, as far as it is the same for all bodies: chunks of bytes in event streams,
 * and the usage that Bedrock itself adds or that a maker's body tells.
 *
 * <p>The bodies are their makers' own. Those in Converse's words are read by {@code converse};
 * those of texts by {@code texts}; those in Anthropic's words are joined to the Messages API where
 * both may be known. Begin with {@link entrepot.protocols.bedrock.invoke.InvokeChunks}.
 */
@NullMarked
package entrepot.protocols.bedrock.invoke;

import org.jspecify.annotations.NullMarked;

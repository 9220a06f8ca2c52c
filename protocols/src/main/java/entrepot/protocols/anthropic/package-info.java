/**
 * What all of Anthropic's interfaces share: the shape of errors, the list of models, and the
 * versions of the API that the header {@code anthropic-version} chooses.
 *
 * <p>One package below for the Messages API, and one for each version's own rules; {@code versions}
 * chooses among them. Begin with {@link entrepot.protocols.anthropic.AnthropicErrors}. The foreign
 * facts are from Anthropic's published API reference and OpenAPI file.
 */
@NullMarked
package entrepot.protocols.anthropic;

import org.jspecify.annotations.NullMarked;

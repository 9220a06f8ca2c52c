/**
 * The API version {@code 2023-06-01}: takes everything that {@code messages} can read.
 *
 * <p>Nothing but this version's own rules lives here. Begin with {@link
 * entrepot.protocols.anthropic.v20230601.Version20230601}.
 */
@NullMarked
package entrepot.protocols.anthropic.v20230601;

import org.jspecify.annotations.NullMarked;

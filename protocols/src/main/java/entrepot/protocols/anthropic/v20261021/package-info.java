/**
 * The API version {@code 2026-10-21}: no sampling parameters, no documents of the assistant's, no
 * citations of the user's (platform.claude.com/docs/en/api/migration-2026-10-21).
 *
 * <p>Nothing but this version's own rules lives here. Begin with {@link
 * entrepot.protocols.anthropic.v20261021.Version20261021}.
 */
@NullMarked
package entrepot.protocols.anthropic.v20261021;

import org.jspecify.annotations.NullMarked;

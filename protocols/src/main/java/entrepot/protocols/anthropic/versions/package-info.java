/**
 * Chooses the version of the API that a caller's header {@code anthropic-version} names.
 *
 * <p>Each version's rules live in a package of its own; only here is more than one of them known.
 * Begin with {@link entrepot.protocols.anthropic.versions.ApiVersions}.
 */
@NullMarked
package entrepot.protocols.anthropic.versions;

import org.jspecify.annotations.NullMarked;

/**
 * Sessions as files that leave one server and enter another. Begin with {@link
 * entrepot.gateway.bundles.Bundle}; docs/sessions.md has the format.
 */
@NullMarked
package entrepot.gateway.bundles;

import org.jspecify.annotations.NullMarked;

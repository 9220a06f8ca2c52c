/**
 * Sessions as callers see them: create, post, follow, look. Begin with {@link
 * entrepot.runtime.session.Sessions}.
 */
@NullMarked
package entrepot.runtime.session;

import org.jspecify.annotations.NullMarked;

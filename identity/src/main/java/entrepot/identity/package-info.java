/**
 * Who asks, for which tenant, and what they may do; the names of things; the audit log.
 *
 * <p>A presented key is resolved once, at the door, into an immutable {@link
 * entrepot.identity.Caller} that travels with the work. There is no default identity: what cannot
 * be resolved is refused. Begin with {@link entrepot.identity.Keys}.
 */
@NullMarked
package entrepot.identity;

import org.jspecify.annotations.NullMarked;

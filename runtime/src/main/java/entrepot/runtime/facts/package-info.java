/**
 * What can happen in a session, as immutable, versioned records. Begin with {@link
 * entrepot.runtime.facts.Fact}.
 */
@NullMarked
package entrepot.runtime.facts;

import org.jspecify.annotations.NullMarked;

/**
 * Reads sources into the tables, again and again: what changed since the last pass, one node per
 * source, resumed where a node that ended left off.
 *
 * <p>How a source is read and where its passages go is known elsewhere. Begin with {@link
 * entrepot.knowledge.sync.Syncs}.
 */
@NullMarked
package entrepot.knowledge.sync;

import org.jspecify.annotations.NullMarked;

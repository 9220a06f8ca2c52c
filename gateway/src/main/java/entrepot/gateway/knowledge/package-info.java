/**
 * Company data over HTTP: its sources and groups for those who administer them, and search for all
 * callers. How it is read and searched is not known here. Begin with {@link
 * entrepot.gateway.knowledge.SourcesApi}.
 */
@NullMarked
package entrepot.gateway.knowledge;

import org.jspecify.annotations.NullMarked;

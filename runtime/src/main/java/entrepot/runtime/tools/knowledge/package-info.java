/**
 * Company data as tools of agents: search, and reading what was found. An agent reads what its
 * session's principal may read, and nothing else. Begin with {@link
 * entrepot.runtime.tools.knowledge.KnowledgeTools}.
 */
@NullMarked
package entrepot.runtime.tools.knowledge;

import org.jspecify.annotations.NullMarked;

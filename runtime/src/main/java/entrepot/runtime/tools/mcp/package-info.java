/**
 * Tool servers elsewhere, spoken to by the Model Context Protocol: over HTTP, or, when the operator
 * has set one up, as a process of this node. Speaks the revisions with and without a session. Begin
 * with {@link entrepot.runtime.tools.mcp.McpServers}.
 */
@NullMarked
package entrepot.runtime.tools.mcp;

import org.jspecify.annotations.NullMarked;

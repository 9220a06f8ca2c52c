/**
 * What is served by the Model Context Protocol at {@code /mcp}: agents as tools, and company data
 * to be searched. Speaks the revisions with {@code initialize} and the one without; keeps no
 * session of the protocol, so that any node answers any request. Begin with {@link
 * entrepot.gateway.mcp.McpApi}.
 */
@NullMarked
package entrepot.gateway.mcp;

import org.jspecify.annotations.NullMarked;

/**
 * The Model Context Protocol, both sides: messages, versions, the headers that repeat what stands
 * in a body, tools and what they return. Pure: whoever has a connection is elsewhere. Begin with
 * {@link entrepot.protocols.mcp.McpMessage}.
 *
 * @see <a href="https://modelcontextprotocol.io/specification/2026-07-28">the specification</a>
 */
@NullMarked
package entrepot.protocols.mcp;

import org.jspecify.annotations.NullMarked;

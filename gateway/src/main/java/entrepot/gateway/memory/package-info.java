/**
 * Memory stores over HTTP: Anthropic's resources with the Agents API's errors. Begin with {@link
 * entrepot.gateway.memory.MemoryStoresApi}.
 */
@NullMarked
package entrepot.gateway.memory;

import org.jspecify.annotations.NullMarked;

/**
 * Everything that is served to programs: the door, the stateless storefronts, the Agents API and
 * the admin API.
 *
 * <p>The gateway reads requests, asks the market or the runtime, and tells what came of it in the
 * caller's dialect. It writes no SQL and calls no supplier. Begin with {@link
 * entrepot.gateway.door.Door}, through which every request comes.
 */
@NullMarked
package entrepot.gateway;

import org.jspecify.annotations.NullMarked;

/**
 * The commands' way to a server, over HTTP like any other client's.
 *
 * <p>Uses the JDK's client and nothing of the server's own code, so that what works here works for
 * everyone. Begin with {@link entrepot.app.client.Api}.
 */
@NullMarked
package entrepot.app.client;

import org.jspecify.annotations.NullMarked;

/**
 * Server and client for HTTP, and the framing of what travels in it. Knows no word of the trade.
 *
 * <p>The event loop moves bytes; every decision runs as plain blocking code on a virtual thread of
 * its own, which is interrupted when the client leaves. No type of the engine below (Vert.x) shows
 * in a public signature. Begin with {@link entrepot.http.Exchange} (what a handler sees) and {@link
 * entrepot.http.HttpClient} (how a call goes out).
 */
@NullMarked
package entrepot.http;

import org.jspecify.annotations.NullMarked;

/** Tests against real sockets on loopback, with the JDK's client and raw bytes as peers. */
@NullMarked
package entrepot.http.engine;

import org.jspecify.annotations.NullMarked;

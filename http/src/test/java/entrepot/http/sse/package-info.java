/** Server-sent events, cut at every byte. */
@NullMarked
package entrepot.http.sse;

import org.jspecify.annotations.NullMarked;

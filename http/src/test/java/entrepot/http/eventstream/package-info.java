/** Event streams, cut at every byte, broken at every bit, and beside another implementation. */
@NullMarked
package entrepot.http.eventstream;

import org.jspecify.annotations.NullMarked;

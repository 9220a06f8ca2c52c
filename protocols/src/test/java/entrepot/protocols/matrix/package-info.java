/** One request and one answer in every dialect, as files that people read in reviews. */
@NullMarked
package entrepot.protocols.matrix;

import org.jspecify.annotations.NullMarked;

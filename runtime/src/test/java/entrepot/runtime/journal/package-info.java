@NullMarked
package entrepot.runtime.journal;

import org.jspecify.annotations.NullMarked;

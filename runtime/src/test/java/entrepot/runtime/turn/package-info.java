@NullMarked
package entrepot.runtime.turn;

import org.jspecify.annotations.NullMarked;

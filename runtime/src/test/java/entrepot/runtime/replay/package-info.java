@NullMarked
package entrepot.runtime.replay;

import org.jspecify.annotations.NullMarked;

@NullMarked
package entrepot.runtime;

import org.jspecify.annotations.NullMarked;

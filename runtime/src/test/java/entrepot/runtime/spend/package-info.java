@NullMarked
package entrepot.runtime.spend;

import org.jspecify.annotations.NullMarked;

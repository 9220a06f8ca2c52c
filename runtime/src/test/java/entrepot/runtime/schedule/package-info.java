@NullMarked
package entrepot.runtime.schedule;

import org.jspecify.annotations.NullMarked;

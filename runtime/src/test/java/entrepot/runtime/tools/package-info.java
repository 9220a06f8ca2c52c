@NullMarked
package entrepot.runtime.tools;

import org.jspecify.annotations.NullMarked;

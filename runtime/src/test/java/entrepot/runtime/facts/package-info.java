@NullMarked
package entrepot.runtime.facts;

import org.jspecify.annotations.NullMarked;

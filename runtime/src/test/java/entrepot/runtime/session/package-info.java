@NullMarked
package entrepot.runtime.session;

import org.jspecify.annotations.NullMarked;

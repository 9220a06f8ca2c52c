@NullMarked
package entrepot.protocols.json;

import org.jspecify.annotations.NullMarked;

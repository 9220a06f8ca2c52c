/** Every promise of a database, kept by both engines. Begin with {@code DatabaseContract}. */
@NullMarked
package entrepot.store;

import org.jspecify.annotations.NullMarked;

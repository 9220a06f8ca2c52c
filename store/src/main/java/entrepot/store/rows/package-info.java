/**
 * Writing many rows at once. Knows {@link entrepot.store.Sql}, not what is written. Begin with
 * {@link entrepot.store.rows.Inserts}.
 */
@NullMarked
package entrepot.store.rows;

import org.jspecify.annotations.NullMarked;

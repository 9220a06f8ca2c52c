/**
 * One database, two engines: an SQLite file or a PostgreSQL server. Connections, transactions and
 * migrations live here; tables live with the features that own them. Knows no word of the trade.
 *
 * <p>SQLite has one writer thread that commits in groups with {@code synchronous=FULL}; PostgreSQL
 * has a small fixed pool. Begin with {@link entrepot.store.Database}.
 */
@NullMarked
package entrepot.store;

import org.jspecify.annotations.NullMarked;

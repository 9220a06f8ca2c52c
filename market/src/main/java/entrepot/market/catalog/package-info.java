/**
 * What is for sale, by whom, under which name and at what price: one immutable, versioned {@link
 * entrepot.market.catalog.Catalogue}, read from one YAML file and swapped whole when the file
 * changes.
 *
 * <p>Prices live here, what was used and paid does not (see the ledger). Begin with {@link
 * entrepot.market.catalog.Catalogue}, then {@link entrepot.market.catalog.CatalogueFile}.
 */
@NullMarked
package entrepot.market.catalog;

import org.jspecify.annotations.NullMarked;

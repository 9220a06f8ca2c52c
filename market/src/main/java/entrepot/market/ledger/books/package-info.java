/**
 * Double entry: which accounts there are, what a receipt posts to them, and by which rules a tenant
 * is charged. Pure: knows no database. Begin with {@link entrepot.market.ledger.books.Books}.
 */
@NullMarked
package entrepot.market.ledger.books;

import org.jspecify.annotations.NullMarked;

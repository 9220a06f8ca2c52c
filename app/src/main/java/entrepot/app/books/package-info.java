/**
 * The commands of the ledger, its statements and FOCUS, and of contracts over the ledger. They are
 * printed to and connected by a {@link entrepot.app.books.Desk}. Begin with {@link
 * entrepot.app.books.LedgerCommand}.
 */
@NullMarked
package entrepot.app.books;

import org.jspecify.annotations.NullMarked;

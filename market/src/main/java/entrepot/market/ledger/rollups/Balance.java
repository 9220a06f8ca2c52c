package entrepot.market.ledger.rollups;

import entrepot.market.Money;
import entrepot.market.ledger.books.Account;

/**
 * What an account holds with a party.
 *
 * @param amount debits less credits
 */
public record Balance(Account account, String party, Money amount) {}

package entrepot.market.ledger.rollups;

import entrepot.market.ledger.books.Account;

/** One account's balance with one party in one month of UTC. */
record BalanceKey(
        String tenant, long monthMillis, Account account, String party, String currency) {}

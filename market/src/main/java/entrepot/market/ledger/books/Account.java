package entrepot.market.ledger.books;

/** Where postings go. Debits are positive and credits negative; see docs/ledger.md. */
public enum Account {
    /** Expense: what models cost us; party: the supplier. */
    SUPPLIER_COST,
    /** Liability: what we owe a supplier. */
    SUPPLIER_PAYABLE,
    /** Suspense: a cost whose usage was estimated, until the supplier says; party: the supplier. */
    SUPPLIER_ESTIMATED,
    /** Asset: what a tenant's team owes us; party: the team. */
    RECEIVABLE,
    /** Income: what was charged; party: the team. */
    REVENUE,
    /** Expense: what others get of our revenue; party: who gets it. */
    SHARE_COST,
    /** Liability: revenue shares that are owed; party: who gets them. */
    SHARE_PAYABLE
}

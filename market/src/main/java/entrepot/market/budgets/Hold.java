package entrepot.market.budgets;

import java.math.BigDecimal;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/** What an attempt has put aside of every limit that concerns it. Ends once. */
public final class Hold {

    private final String orderId;
    private final TenantAccounts tenant;
    private final List<Part> parts;
    private final AtomicBoolean open = new AtomicBoolean(true);

    Hold(String orderId, TenantAccounts tenant, List<Part> parts) {
        this.orderId = orderId;
        this.tenant = tenant;
        this.parts = parts;
    }

    /**
     * What was put aside of one limit.
     *
     * @param epoch of the account when it was
     */
    record Part(Watched watched, Account account, BigDecimal held, int epoch) {}

    String orderId() {
        return orderId;
    }

    TenantAccounts tenant() {
        return tenant;
    }

    List<Part> parts() {
        return parts;
    }

    /** Whether it was open until now. */
    boolean end() {
        return open.getAndSet(false);
    }

    /** Whether it was neither settled nor released. */
    public boolean isOpen() {
        return open.get();
    }

    /** How many limits it is of. */
    public int limits() {
        return parts.size();
    }
}

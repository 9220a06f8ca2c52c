package entrepot.market.budgets;

import entrepot.conversation.Failed;
import entrepot.conversation.Failure;
import entrepot.conversation.Failure.Cause;
import entrepot.identity.Caller;
import entrepot.identity.Ids;
import entrepot.market.Money;
import entrepot.market.Order;
import entrepot.market.budgets.limits.Limit;
import entrepot.market.budgets.limits.LimitScope;
import entrepot.market.budgets.limits.Limits;
import entrepot.store.Database;

import org.jspecify.annotations.Nullable;

import java.math.BigDecimal;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/**
 * Decides by limits: {@link #hold} before an attempt, then {@link #settle} or {@link #release},
 * whichever way it ends.
 *
 * <p>Where this node's shares suffice, nothing waits for the database. What is settled is durable
 * after the next group commit, which {@link #flush} waits for. Shares count as used until this node
 * gives them back, or its tenure ends.
 */
public final class Budgets implements AutoCloseable {

    /** Of those whom no limit concerns; never locked. */
    private static final TenantAccounts UNLIMITED = new TenantAccounts();

    private static final int TRIES_MAX = 3;
    private static final long FLUSH_MILLIS_MAX = 60_000;

    private final Clerk clerk;
    private final Parts parts;

    private Budgets(Parts parts, BudgetSettings settings) {
        this.parts = parts;
        this.clerk = new Clerk(parts, settings);
    }

    /**
     * What it is made of.
     *
     * @param database whose {@link Limits#MIGRATIONS} have run
     * @param node this process's name, for people
     */
    public record Parts(
            Database database,
            Limits limits,
            String node,
            InstantSource clock,
            Ids ids,
            Alert.Listener alerts) {}

    /** Reads the limits and begins to follow them. */
    public static Budgets open(Parts parts, BudgetSettings settings) {
        var budgets = new Budgets(parts, settings);
        budgets.clerk.refresh();
        budgets.clerk.start();
        return budgets;
    }

    /** Whether any limit of a tenant is known; without one there is nothing to claim. */
    public boolean watches(String tenant) {
        return clerk.tenant(tenant) != null;
    }

    /**
     * Makes sure that this node knows the limit of a scope as it is now, be it that it was made,
     * edited or lifted a moment ago, here or on another node.
     *
     * @throws Failed with {@code UNAVAILABLE} when there should be one and is none
     */
    public void require(Caller caller, LimitScope scope, Order.Budget budget) {
        if (!isAs(budget, hard(caller, scope))) {
            clerk.refresh();
            if (budget.hard() && hard(caller, scope) == null) {
                throw unanswered();
            }
        }
    }

    private static boolean isAs(Order.Budget budget, @Nullable BigDecimal known) {
        if (known == null) {
            return !budget.hard();
        }
        BigDecimal amount = budget.amount();
        return budget.hard() && (amount == null || amount.compareTo(known) == 0);
    }

    private @Nullable BigDecimal hard(Caller caller, LimitScope scope) {
        TenantAccounts tenant = clerk.tenant(caller.tenant());
        return tenant == null ? null : tenant.hard(scope);
    }

    /**
     * Puts aside what a claim may use at worst: of every limit that concerns it, or of none.
     *
     * @throws LimitReached when a limit refuses
     * @throws Failed with {@code UNAVAILABLE} when the database is needed and does not answer
     */
    public Hold hold(Claim claim) {
        TenantAccounts tenant = clerk.tenant(claim.caller().tenant());
        List<Need> needs = tenant == null ? List.of() : tenant.needs(claim);
        if (tenant == null || needs.isEmpty()) {
            return new Hold(claim.orderId(), UNLIMITED, List.of());
        }
        for (int i = 0; i < TRIES_MAX; i++) {
            List<Hold.Part> taken = fromShares(tenant, needs, claim);
            if (taken != null) {
                return new Hold(claim.orderId(), tenant, taken);
            }
            switch (clerk.draw(new Draw(tenant, needs, claim.at()))) {
                case Draw.Outcome.Granted granted -> {
                    return new Hold(claim.orderId(), tenant, granted.parts());
                }
                case Draw.Outcome.Refused refused -> throw new LimitReached(refused.refusal());
                case Draw.Outcome.Unanswered _ -> throw unanswered();
                case Draw.Outcome.Again _ -> {
                    // This node's shares were lost meanwhile: everything is decided anew.
                }
            }
        }
        throw unanswered();
    }

    /**
     * What each limit would say of a claim, in no particular order; nothing is held. Asks the
     * database. What other nodes have taken ahead of their calls counts as used.
     */
    public List<Outlook> look(Claim claim) {
        TenantAccounts tenant = clerk.tenant(claim.caller().tenant());
        return tenant == null ? List.of() : tenant.look(claim, parts.limits()::usage);
    }

    private @Nullable List<Hold.Part> fromShares(
            TenantAccounts tenant, List<Need> needs, Claim claim) {
        boolean tenured = clerk.tenured();
        tenant.lock.lock();
        try {
            return tenant.take(needs, claim.at(), tenured, System.nanoTime());
        } finally {
            tenant.lock.unlock();
        }
    }

    private static Failed unanswered() {
        return new Failed(
                new Failure(
                        Cause.UNAVAILABLE,
                        "limits cannot be decided, because their database does not answer: come"
                                + " back",
                        null,
                        "limits_unavailable",
                        null,
                        null,
                        java.time.Duration.ofSeconds(1)));
    }

    /**
     * Puts what was used in the place of what was held, be it more. Again is as good as once.
     *
     * @param cost null when it is not known: what was held counts as used
     * @param tokens null when it is not known: likewise
     */
    public void settle(Hold hold, @Nullable Money cost, @Nullable Long tokens) {
        if (!hold.end() || hold.parts().isEmpty()) {
            return;
        }
        List<Alert> overruns = null;
        TenantAccounts tenant = hold.tenant();
        tenant.lock.lock();
        try {
            for (Hold.Part part : hold.parts()) {
                BigDecimal known = part.watched().actual(cost, tokens);
                BigDecimal actual = known == null ? part.held() : known;
                settle(tenant, part, actual);
                Limit limit = part.watched().limit;
                if (limit.hard() && actual.compareTo(part.held()) > 0) {
                    overruns = overruns == null ? new ArrayList<>(1) : overruns;
                    overruns.add(new Alert.Overrun(limit, hold.orderId(), part.held(), actual));
                }
            }
        } finally {
            tenant.lock.unlock();
        }
        clerk.settled();
        if (overruns != null) {
            overruns.forEach(parts.alerts()::raised);
        }
    }

    /** Gives back what was held: the attempt has used nothing. Again is as good as once. */
    public void release(Hold hold) {
        if (!hold.end() || hold.parts().isEmpty()) {
            return;
        }
        TenantAccounts tenant = hold.tenant();
        tenant.lock.lock();
        try {
            hold.parts().forEach(part -> settle(tenant, part, BigDecimal.ZERO));
        } finally {
            tenant.lock.unlock();
        }
        clerk.settled();
    }

    private void settle(TenantAccounts tenant, Hold.Part part, BigDecimal actual) {
        if (part.account().settle(part.held(), part.epoch(), actual)) {
            clerk.queue(tenant, part.account());
        }
    }

    /**
     * Waits until everything settled before is durable.
     *
     * @return false when the database has not answered for a minute, or this was closed
     */
    public boolean flush() throws InterruptedException {
        return clerk.durable().await(clerk.settlements(), FLUSH_MILLIS_MAX, clerk::wake);
    }

    /** Takes up changed limits now; else they are within {@link BudgetSettings#lookMillis}. */
    public void refresh() {
        clerk.refresh();
    }

    /** For the health page. */
    public Status status() {
        return new Status(
                Math.max(0, clerk.settlements() - clerk.durable().count()), clerk.failure());
    }

    /**
     * How writing goes.
     *
     * @param backlog settlements that are not durable yet
     * @param failure why writing does not succeed at the moment; null when it does
     */
    public record Status(long backlog, @Nullable String failure) {}

    /** How many claims were decided in the database. */
    long draws() {
        return clerk.drawsTaken();
    }

    /** Stops at once, as if the process were killed. */
    void abandon() throws InterruptedException {
        clerk.abandon();
        clerk.awaitEnd();
    }

    /** Writes what is settled, and gives back this node's shares. */
    @Override
    public void close() {
        clerk.close();
    }
}

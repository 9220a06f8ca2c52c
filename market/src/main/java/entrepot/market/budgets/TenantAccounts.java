package entrepot.market.budgets;

import entrepot.market.budgets.limits.Limit;
import entrepot.market.budgets.limits.LimitScope;
import entrepot.market.budgets.limits.LimitScope.Kind;
import entrepot.market.budgets.limits.LimitUsage;
import entrepot.market.budgets.limits.Period;

import org.jspecify.annotations.Nullable;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/**
 * A tenant's limits and what this node has of each. One lock for all of them, so that a hold takes
 * of every limit or of none and nobody sees it half taken.
 */
final class TenantAccounts {

    final ReentrantLock lock = new ReentrantLock();

    /** Guarded by the lock. */
    private final Map<Account.Key, Account> accounts = new HashMap<>();

    private volatile Map<Kind, Map<String, List<Watched>>> limits = Map.of();

    /** Puts other limits in force. Accounts stay: what was used is not forgotten by an edit. */
    void watch(List<Limit> inForce) {
        var byScope = new EnumMap<Kind, Map<String, List<Watched>>>(Kind.class);
        for (Limit limit : inForce) {
            byScope.computeIfAbsent(limit.scope().kind(), _ -> new HashMap<>())
                    .computeIfAbsent(limit.scope().id(), _ -> new ArrayList<>(1))
                    .add(new Watched(limit));
        }
        limits = byScope;
    }

    /**
     * What a claim wants of each limit that concerns it.
     *
     * @throws LimitReached when its worst case is not known, and a limit refuses that
     */
    List<Need> needs(Claim claim) {
        var needs = new ArrayList<Need>(4);
        for (Watched watched : concerned(claim)) {
            needs.add(need(watched, claim));
        }
        return needs;
    }

    /** The limits that a claim is a matter of. */
    private List<Watched> concerned(Claim claim) {
        var found = new ArrayList<Watched>(4);
        Map<Kind, Map<String, List<Watched>>> all = limits;
        for (Map.Entry<Kind, Map<String, List<Watched>>> scope : all.entrySet()) {
            String id = id(scope.getKey(), claim);
            List<Watched> concerned = id == null ? null : scope.getValue().get(id);
            if (concerned != null) {
                found.addAll(concerned);
            }
        }
        return found;
    }

    /** What the hard limit of exactly this scope allows; null when none is known. */
    @Nullable BigDecimal hard(LimitScope scope) {
        Map<String, List<Watched>> ofKind = limits.get(scope.kind());
        List<Watched> found =
                ofKind == null ? List.of() : ofKind.getOrDefault(scope.id(), List.of());
        for (Watched watched : found) {
            if (watched.limit.hard()) {
                return watched.limit.amount();
            }
        }
        return null;
    }

    /**
     * What each limit that a claim concerns would say of it.
     *
     * @param usage as the database has it
     */
    List<Outlook> look(Claim claim, Function<Limit, LimitUsage> usage) {
        var outlooks = new ArrayList<Outlook>();
        for (Watched watched : concerned(claim)) {
            Limit limit = watched.limit;
            LimitUsage used = usage.apply(limit);
            BigDecimal left =
                    limit.amount()
                            .subtract(used.settled())
                            .subtract(used.held())
                            .subtract(used.out())
                            .add(free(limit, used.span()));
            BigDecimal worst = watched.worst(claim);
            BigDecimal asked = worst == null ? limit.holdIfUnknown() : worst;
            outlooks.add(
                    new Outlook(
                            limit,
                            limit.hard() ? asked : BigDecimal.ZERO,
                            left.max(BigDecimal.ZERO),
                            used.span()));
        }
        return outlooks;
    }

    /** What this node has taken ahead of calls. */
    private BigDecimal free(Limit limit, Period.Span span) {
        lock.lock();
        try {
            Account account =
                    accounts.get(new Account.Key(limit.tenant(), limit.id(), span.startMillis()));
            return account == null ? BigDecimal.ZERO : account.free;
        } finally {
            lock.unlock();
        }
    }

    private static @Nullable String id(LimitScope.Kind kind, Claim claim) {
        return switch (kind) {
            case KEY -> claim.caller().keyId();
            case PRINCIPAL -> claim.caller().principal();
            case TEAM -> claim.caller().team();
            case TENANT -> claim.caller().tenant();
            case PROJECT -> claim.project();
            case SESSION -> claim.sessionId();
            case TREE -> claim.treeId();
        };
    }

    private static Need need(Watched watched, Claim claim) {
        Limit limit = watched.limit;
        if (!limit.hard()) {
            return new Need(watched, BigDecimal.ZERO);
        }
        BigDecimal worst = watched.worst(claim);
        BigDecimal amount = worst == null ? limit.holdIfUnknown() : worst;
        if (amount == null) {
            Period.Span span = limit.period().at(claim.at(), limit.zone());
            throw new LimitReached(refusal(limit, span, null, BigDecimal.ZERO));
        }
        return new Need(watched, amount);
    }

    static Refusal refusal(
            Limit limit, Period.Span span, @Nullable BigDecimal asked, BigDecimal left) {
        Instant ends = span.ends() ? Instant.ofEpochMilli(span.endMillis()) : null;
        return new Refusal(limit.id(), limit, asked, left, ends);
    }

    /** The account of a limit at an instant. With the lock held. */
    Account account(Watched watched, Instant at) {
        Account account = watched.account;
        if (account == null || account.forgotten || !account.span.has(at.toEpochMilli())) {
            Limit limit = watched.limit;
            Period.Span span = limit.period().at(at, limit.zone());
            var key = new Account.Key(limit.tenant(), limit.id(), span.startMillis());
            account = accounts.computeIfAbsent(key, _ -> new Account(limit, span));
            if (limit.amount().compareTo(account.limit.amount()) < 0) {
                // What was taken ahead of a larger amount is not this one's to give.
                account.free = BigDecimal.ZERO;
            }
            account.limit = limit;
            account.refusedLeft = null; // the limit may have been raised
            watched.account = account;
        }
        return account;
    }

    /**
     * Takes what is needed of every limit, or nothing. With the lock held.
     *
     * @param tenured whether this node's shares still stand
     * @return null when the shares do not suffice
     * @throws LimitReached when the database said lately that they cannot be made to
     */
    @Nullable List<Hold.Part> take(List<Need> needs, Instant at, boolean tenured, long nowNanos) {
        boolean enough = true;
        for (Need need : needs) {
            Account account = account(need.watched(), at);
            if (need.holds() && (!tenured || account.free.compareTo(need.amount()) < 0)) {
                enough = false;
                if (account.refuses(need.amount(), nowNanos)) {
                    throw refused(need, account);
                }
            }
        }
        return enough ? taken(needs, at) : null;
    }

    /** Takes, whether or not there is enough. With the lock held. */
    private List<Hold.Part> taken(List<Need> needs, Instant at) {
        var parts = new ArrayList<Hold.Part>(needs.size());
        for (Need need : needs) {
            Account account = account(need.watched(), at);
            if (need.holds()) {
                account.take(need.amount());
            }
            parts.add(new Hold.Part(need.watched(), account, need.amount(), account.epoch));
        }
        return parts;
    }

    private static LimitReached refused(Need need, Account account) {
        BigDecimal left = account.refusedLeft == null ? BigDecimal.ZERO : account.refusedLeft;
        return new LimitReached(refusal(need.watched().limit, account.span, need.amount(), left));
    }

    /** With the lock held. */
    @Nullable Account find(Account.Key key) {
        return accounts.get(key);
    }

    /** All accounts. With the lock held. */
    Collection<Account> accounts() {
        return accounts.values();
    }

    /** Drops accounts of periods that are over and those nobody used. With the lock held. */
    void forget(long nowMillis) {
        accounts.values()
                .removeIf(account -> {
                    account.forgotten =
                            account.isEmpty() && (account.idle || !account.span.has(nowMillis));
                    return account.forgotten;
                });
    }
}

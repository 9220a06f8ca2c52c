package entrepot.market.budgets;

import entrepot.market.budgets.limits.Limit;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

/** What this node has of all limits, in memory, and which of it waits to be written. */
final class Books {

    private static final Logger log = LoggerFactory.getLogger(Books.class);
    private static final int LINES_PER_BATCH_MAX = 512;

    private final long refusalMillis;
    private final Map<String, TenantAccounts> tenants = new ConcurrentHashMap<>();
    private final ConcurrentLinkedQueue<Queued> queue = new ConcurrentLinkedQueue<>();

    Books(long refusalMillis) {
        this.refusalMillis = refusalMillis;
    }

    private record Queued(TenantAccounts tenant, Account account) {}

    @Nullable TenantAccounts tenant(String tenant) {
        return tenants.get(tenant);
    }

    boolean isEmpty() {
        return tenants.isEmpty();
    }

    /** Whether no account waits to be written. */
    boolean allTaken() {
        return queue.isEmpty();
    }

    /** Has the account written before long. With the tenant's lock held. */
    void queue(TenantAccounts tenant, Account account) {
        if (!account.queued) {
            account.queued = true;
            queue.add(new Queued(tenant, account));
        }
    }

    /** Puts other limits in force. */
    void watch(List<Limit> limits) {
        var byTenant = new HashMap<String, List<Limit>>();
        for (Limit limit : limits) {
            byTenant.computeIfAbsent(limit.tenant(), _ -> new ArrayList<>()).add(limit);
        }
        byTenant.keySet().forEach(id -> tenants.computeIfAbsent(id, _ -> new TenantAccounts()));
        tenants.forEach((id, tenant) -> tenant.watch(byTenant.getOrDefault(id, List.of())));
    }

    /** Queues shares that nobody uses. Returns whether there are any shares. */
    boolean look(long nowMillis) {
        boolean shares = false;
        for (TenantAccounts tenant : tenants.values()) {
            tenant.lock.lock();
            try {
                for (Account account : tenant.accounts()) {
                    account.look();
                    shares |= account.hasShare();
                    if (account.free.signum() != 0
                            && (account.idle || !account.span.has(nowMillis))) {
                        queue(tenant, account);
                    }
                }
                tenant.forget(nowMillis);
            } finally {
                tenant.lock.unlock();
            }
        }
        return shares;
    }

    /** What a batch is to write: the accounts of the draws, and those that wait. */
    List<Line> lines(List<Draw> drawn, long nowMillis) {
        var byAccount = new IdentityHashMap<Account, Line>();
        for (Draw draw : drawn) {
            draw.tenant.lock.lock();
            try {
                var accounts = new ArrayList<Account>(draw.needs.size());
                for (Need need : draw.needs) {
                    Account account = draw.tenant.account(need.watched(), draw.at);
                    accounts.add(account);
                    if (need.holds()) {
                        account.usual = need.amount();
                        byAccount.computeIfAbsent(
                                account, _ -> line(draw.tenant, account, true, nowMillis));
                    }
                }
                draw.accounts = accounts;
            } finally {
                draw.tenant.lock.unlock();
            }
        }
        var later = new ArrayList<Queued>();
        while (byAccount.size() < LINES_PER_BATCH_MAX) {
            Queued queued = queue.poll();
            if (queued == null) {
                break;
            }
            TenantAccounts tenant = queued.tenant;
            tenant.lock.lock();
            try {
                Account account = queued.account;
                if (!byAccount.containsKey(account)) {
                    byAccount.put(account, line(tenant, account, false, nowMillis));
                } else if (account.queued) {
                    later.add(queued); // settled since its line was made
                }
            } finally {
                tenant.lock.unlock();
            }
        }
        queue.addAll(later);
        var lines = new ArrayList<>(byAccount.values());
        lines.sort((a, b) -> a.account().key.compareTo(b.account().key));
        return lines;
    }

    /** With the tenant's lock held. */
    private static Line line(
            TenantAccounts tenant, Account account, boolean drawn, long nowMillis) {
        account.queued = false;
        if (account.free.signum() < 0) {
            account.free = BigDecimal.ZERO; // more was used than held: the share has grown by it
        }
        boolean over = !account.span.has(nowMillis);
        boolean returns = !drawn && (account.idle || over);
        BigDecimal parked = drawn || returns || account.scarce ? account.free : BigDecimal.ZERO;
        account.free = account.free.subtract(parked);
        account.writing = account.booked;
        account.booked = BigDecimal.ZERO;
        return new Line(
                tenant,
                account,
                account.limit,
                account.writing,
                account.free.add(account.held),
                account.held,
                parked,
                account.usual,
                account.scarce,
                returns);
    }

    /** Has what is free of these accounts given back, because other nodes are short of it. */
    void recall(List<Account.Key> keys) {
        for (Account.Key key : keys) {
            TenantAccounts tenant = tenants.get(key.tenant());
            if (tenant != null) {
                tenant.lock.lock();
                try {
                    Account account = tenant.find(key);
                    if (account != null) {
                        account.scarce = true;
                        queue(tenant, account);
                    }
                } finally {
                    tenant.lock.unlock();
                }
            }
        }
    }

    /** Takes up what came of a batch. */
    void apply(Batch.Result result, List<Line> lines) {
        for (Line line : lines) {
            Batch.Seen seen = result.seen().get(line.account());
            line.tenant().lock.lock();
            try {
                line.account().writing = BigDecimal.ZERO;
                if (seen != null && !result.lapsed()) {
                    line.account().free = line.account().free.add(seen.free());
                    line.account().scarce = seen.scarce();
                }
            } finally {
                line.tenant().lock.unlock();
            }
        }
        if (result.lapsed()) {
            loseAll();
        }
    }

    /** Tells a caller what became of its claim. */
    void tell(Draw draw, @Nullable Refusal refusal) {
        draw.tenant.lock.lock();
        try {
            if (refusal != null) {
                remember(draw, refusal);
                draw.end(new Draw.Outcome.Refused(refusal));
                return;
            }
            var taken = new ArrayList<Hold.Part>(draw.needs.size());
            for (int i = 0; i < draw.needs.size(); i++) {
                Need need = draw.needs.get(i);
                Account account = draw.accounts.get(i);
                account.free = account.free.add(need.amount());
                if (need.holds()) {
                    account.take(need.amount());
                }
                taken.add(new Hold.Part(need.watched(), account, need.amount(), account.epoch));
            }
            if (!draw.end(new Draw.Outcome.Granted(taken))) {
                for (Hold.Part part : taken) {
                    part.account().settle(part.held(), part.epoch(), BigDecimal.ZERO);
                    queue(draw.tenant, part.account());
                }
            }
        } finally {
            draw.tenant.lock.unlock();
        }
    }

    /** So that many who ask in vain do not all ask the database. */
    private void remember(Draw draw, Refusal refusal) {
        for (Account account : draw.accounts) {
            if (account.key.limitId().equals(refusal.limitedBy())) {
                account.refusedLeft = refusal.left();
                account.refusedUntilNanos =
                        System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(refusalMillis);
            }
        }
    }

    /** This node was taken for dead, and others may have its shares by now. */
    void loseAll() {
        boolean lost = false;
        for (TenantAccounts tenant : tenants.values()) {
            tenant.lock.lock();
            try {
                for (Account account : tenant.accounts()) {
                    lost |= account.hasShare();
                    account.lose();
                }
            } finally {
                tenant.lock.unlock();
            }
        }
        if (lost) {
            log.warn("this node was not heard of for too long, and has lost its shares of limits");
        }
    }

    /** Takes back what was to be written and was not. */
    void putBack(List<Line> lines) {
        lines.forEach(line -> requeue(line, true));
    }

    /** After a batch was written whose outcome was lost: what was parked is given up. */
    void writeAgain(List<Line> lines) {
        lines.forEach(line -> requeue(line, false));
    }

    /** Has an account written again, so that the database knows its share as it is. */
    private void requeue(Line line, boolean undone) {
        Account account = line.account();
        line.tenant().lock.lock();
        try {
            if (undone) {
                account.booked = account.booked.add(line.booked());
                account.free = account.free.add(line.parked());
            }
            account.writing = BigDecimal.ZERO;
            queue(line.tenant(), account);
        } finally {
            line.tenant().lock.unlock();
        }
    }
}

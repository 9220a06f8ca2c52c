package entrepot.market.budgets;

import entrepot.market.budgets.limits.Limit;
import entrepot.store.Sql;

import org.jspecify.annotations.Nullable;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * One transaction of a node: what it settled, the shares it gives back, and the claims its shares
 * did not suffice for, in the order they came. Changes nothing in memory, as it may run again.
 */
final class Batch {

    private static final BigDecimal SHARE_OF_LEFT = BigDecimal.valueOf(8);

    /** A share is taken ahead for at most so many holds of the usual size. */
    private static final BigDecimal SHARE_HOLDS_MAX = BigDecimal.valueOf(256);

    private final ShareTable table;
    private final Node node;
    private final List<Line> lines;
    private final List<Draw> draws;

    /**
     * @param lines sorted by account
     */
    Batch(ShareTable table, Node node, List<Line> lines, List<Draw> draws) {
        this.table = table;
        this.node = node;
        this.lines = lines;
        this.draws = draws;
    }

    /**
     * Who writes it.
     *
     * @param id null before its first batch
     * @param successor under what id it goes on when its tenure has ended
     */
    record Node(
            @Nullable String id, String successor, String name, long number, long tenureMillis) {}

    /**
     * What came of it.
     *
     * @param node under what id it was written
     * @param lapsed whether the node had lost its shares; then nothing was granted
     * @param verdicts one for each draw
     */
    record Result(
            String node,
            boolean lapsed,
            Map<Account, Seen> seen,
            List<Verdict> verdicts,
            List<Alert> alerts) {}

    /**
     * What became of a draw.
     *
     * @param refusal null when it was granted
     * @param recallable whether what other nodes have free would do
     */
    record Verdict(@Nullable Refusal refusal, boolean recallable) {}

    /**
     * What became of an account.
     *
     * @param free what it has got free, beside what it has in memory
     * @param left what nobody has taken; null when it was not looked at
     */
    record Seen(BigDecimal free, @Nullable BigDecimal left, boolean scarce) {}

    /** A line at work. */
    private static final class Working {
        final Line line;
        final boolean counted;
        BigDecimal settled = BigDecimal.ZERO;
        int alertedPercent;
        @Nullable BigDecimal amount;
        BigDecimal left = BigDecimal.ZERO;
        BigDecimal othersFree = BigDecimal.ZERO;
        BigDecimal free;
        BigDecimal granted = BigDecimal.ZERO;

        Working(Line line, boolean counted) {
            this.line = line;
            this.counted = counted;
            this.free = line.parked();
        }
    }

    Result run(Sql sql) throws SQLException {
        String id = node.id;
        boolean lapsed = false;
        if (id == null || !table.renew(sql, id, node.number, node.tenureMillis)) {
            if (id != null) {
                lapsed = true;
                table.end(sql, id);
            }
            id = node.successor;
            table.open(sql, id, node.name, node.number, node.tenureMillis);
        }
        if (!draws.isEmpty()) {
            table.endDead(sql);
        }
        var alerts = new ArrayList<Alert>();
        Map<Account, Working> all = locked(sql, id, lapsed, alerts);
        boolean alone = all.values().stream().anyMatch(each -> each.counted) && table.isAlone(sql);
        var verdicts = new ArrayList<Verdict>(draws.size());
        if (!lapsed) {
            for (Draw draw : draws) {
                verdicts.add(drawn(draw, all, alone));
            }
        }
        Map<Account, Seen> seen = write(sql, id, lapsed, alone, all);
        return new Result(id, lapsed, seen, verdicts, alerts);
    }

    private Map<Account, Working> locked(Sql sql, String id, boolean lapsed, List<Alert> alerts)
            throws SQLException {
        var drawn = new IdentityHashMap<Account, Boolean>();
        for (Draw draw : draws) {
            draw.accounts.forEach(account -> drawn.put(account, true));
        }
        var all = new IdentityHashMap<Account, Working>(lines.size());
        for (Line line : lines) {
            boolean counted = drawn.containsKey(line.account()) || line.booked().signum() != 0;
            var working = new Working(line, counted);
            all.put(line.account(), working);
            if (counted) {
                count(sql, id, lapsed, working, alerts);
            }
        }
        return all;
    }

    private void count(Sql sql, String id, boolean lapsed, Working working, List<Alert> alerts)
            throws SQLException {
        Line line = working.line;
        ShareTable.Count count = table.lock(sql, line.account());
        ShareTable.Rest rest = table.rest(sql, line.account(), id);
        working.settled = count.settled().add(line.booked());
        working.amount = rest.amount();
        working.othersFree = rest.othersFree();
        Limit limit = line.limit();
        BigDecimal amount = rest.amount() == null ? limit.amount() : rest.amount();
        working.left = amount.subtract(working.settled).subtract(rest.others());
        if (!lapsed) {
            working.left = working.left.subtract(line.kept()).subtract(line.parked());
        }
        working.alertedPercent = ShareTable.reached(limit, amount, working.settled);
        for (int percent : limit.alertPercents()) {
            if (ShareTable.reaches(percent, amount, working.settled)
                    && (percent > count.alertedPercent()
                            || !ShareTable.reaches(percent, amount, count.settled()))) {
                alerts.add(
                        new Alert.Reached(
                                limit,
                                line.account().span.startMillis(),
                                percent,
                                working.settled));
            }
        }
    }

    /** Grants a claim whole, or not at all. */
    private static Verdict drawn(Draw draw, Map<Account, Working> all, boolean alone) {
        @Nullable Refusal refusal = null;
        boolean recallable = true;
        List<Account> accounts = draw.accounts;
        for (int i = 0; i < accounts.size(); i++) {
            Need need = draw.needs.get(i);
            Working working = all.get(accounts.get(i));
            if (!need.holds() || working == null || working.amount == null) {
                continue;
            }
            BigDecimal within = working.free.add(working.left.max(BigDecimal.ZERO));
            if (need.amount().compareTo(within) > 0) {
                // Others were asked before for what they have free, and it was not to be had.
                boolean asked = draw.recallNanos != 0;
                BigDecimal left = asked ? within : within.add(working.othersFree);
                Refusal next =
                        TenantAccounts.refusal(
                                need.watched().limit, accounts.get(i).span, need.amount(), left);
                refusal = refusal == null || later(next, refusal) ? next : refusal;
                recallable &= need.amount().compareTo(within.add(working.othersFree)) <= 0;
            }
        }
        if (refusal == null) {
            for (int i = 0; i < accounts.size(); i++) {
                Working working = all.get(accounts.get(i));
                if (working != null && draw.needs.get(i).holds()) {
                    grant(working, draw.needs.get(i).amount(), alone);
                }
            }
        }
        return new Verdict(refusal, refusal != null && recallable);
    }

    /** Of two refusals the one that lasts longer tells the caller more. */
    private static boolean later(Refusal a, Refusal b) {
        return b.endsAt() != null && (a.endsAt() == null || a.endsAt().isAfter(b.endsAt()));
    }

    private static void grant(Working working, BigDecimal need, boolean alone) {
        BigDecimal shortage = need.subtract(working.free).max(BigDecimal.ZERO);
        working.left = working.left.subtract(shortage);
        working.free = working.free.add(shortage).subtract(need);
        working.granted = working.granted.add(need);
        if (shortage.signum() > 0) {
            BigDecimal ahead = ahead(working, need, alone);
            working.left = working.left.subtract(ahead);
            working.free = working.free.add(ahead);
        }
    }

    /** What is taken beside, so that the next holds need no database. */
    private static BigDecimal ahead(Working working, BigDecimal need, boolean alone) {
        BigDecimal left = working.left.max(BigDecimal.ZERO);
        if (isScarce(working, need)) {
            return alone ? left : BigDecimal.ZERO;
        }
        return left.divide(SHARE_OF_LEFT, Math.max(0, need.scale()), RoundingMode.DOWN)
                .min(need.multiply(SHARE_HOLDS_MAX));
    }

    private static boolean isScarce(Working working, BigDecimal usual) {
        return working.left.compareTo(usual.multiply(Account.SCARCE_HOLDS)) < 0;
    }

    private Map<Account, Seen> write(
            Sql sql, String id, boolean lapsed, boolean alone, Map<Account, Working> all)
            throws SQLException {
        var seen = new IdentityHashMap<Account, Seen>(all.size());
        var counts = new ArrayList<@Nullable Object[]>();
        var shares = new ArrayList<@Nullable Object[]>();
        var gone = new ArrayList<@Nullable Object[]>();
        for (Line line : lines) {
            Working working = all.get(line.account());
            if (working == null) {
                continue;
            }
            Account.Key key = line.account().key;
            if (line.booked().signum() != 0) {
                counts.add(
                        new @Nullable Object[] {
                            working.settled,
                            working.alertedPercent,
                            key.tenant(),
                            key.limitId(),
                            key.startMillis()
                        });
            }
            boolean scarce =
                    working.counted
                            ? !alone && working.amount != null && isScarce(working, line.usual())
                            : line.scarce();
            BigDecimal free = line.returns() || scarce ? BigDecimal.ZERO : working.free;
            BigDecimal share = line.kept().add(working.granted).add(free);
            if (share.signum() > 0 && !lapsed) {
                shares.add(
                        new @Nullable Object[] {
                            key.tenant(),
                            key.limitId(),
                            key.startMillis(),
                            id,
                            share,
                            line.held().add(working.granted)
                        });
            } else {
                gone.add(
                        new @Nullable Object[] {
                            key.tenant(), key.limitId(), key.startMillis(), id
                        });
            }
            BigDecimal left = working.counted ? working.left : null;
            seen.put(line.account(), new Seen(free, left, scarce));
        }
        table.write(sql, counts, shares);
        table.dropShares(sql, gone);
        return seen;
    }
}

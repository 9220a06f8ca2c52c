package entrepot.console;

import entrepot.market.budgets.limits.Limit;
import entrepot.market.budgets.limits.LimitUsage;
import entrepot.market.capacity.Commitments;
import entrepot.market.capacity.Pool;
import entrepot.market.contracts.Clause;
import entrepot.market.contracts.ContractBook;
import entrepot.market.contracts.Heading;
import entrepot.market.contracts.Judgement;
import entrepot.market.contracts.Members;
import entrepot.market.contracts.Wording;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;

/** What the pages on the market show, a row each. */
public final class MarketRows {

    private static final BigDecimal HUNDRED = new BigDecimal(100);

    private MarketRows() {}

    /** A limit and what of it is used. */
    public record LimitRow(
            String id, String name, String words, Pill use, String used, String held, String left) {

        static LimitRow of(Limit limit, LimitUsage usage) {
            BigDecimal taken = usage.settled().add(usage.held());
            BigDecimal left = limit.amount().subtract(taken).max(BigDecimal.ZERO);
            return new LimitRow(
                    limit.id(),
                    limit.name(),
                    limit.words(),
                    use(limit, taken),
                    limit.words(usage.settled()),
                    limit.words(usage.held()),
                    limit.words(left));
        }

        private static Pill use(Limit limit, BigDecimal taken) {
            BigDecimal percent =
                    limit.amount().signum() == 0
                            ? HUNDRED
                            : taken.multiply(HUNDRED).divide(limit.amount(), 0, RoundingMode.DOWN);
            int alert = limit.alertPercents().isEmpty() ? 80 : limit.alertPercents().getFirst();
            String tone =
                    percent.compareTo(HUNDRED) >= 0
                            ? (limit.hard() ? "bad" : "wait")
                            : percent.intValue() >= alert ? "wait" : "good";
            return new Pill(
                    percent.toPlainString() + " %" + (limit.hard() ? "" : ", only counted"), tone);
        }
    }

    /** Units that are reserved. */
    public record PoolRow(
            String units, String suppliers, String models, Pill use, String room, long spilled) {

        static PoolRow of(Pool pool, Instant now) {
            Pool.Terms terms = pool.terms();
            boolean full = pool.isFull(now);
            return new PoolRow(
                    terms.units().units().stripTrailingZeros().toPlainString()
                            + " "
                            + terms.units().unit(),
                    String.join(", ", terms.suppliers()),
                    String.join(", ", terms.units().models().stream().sorted().toList()),
                    new Pill(pool.usedPercent(now) + " % of a minute", full ? "wait" : "good"),
                    full ? "full" : "has room",
                    pool.spilled());
        }
    }

    /** A commitment and how far it is spent. */
    public record PlanRow(
            String clause,
            String creditor,
            String amount,
            String spent,
            String remaining,
            String until,
            Pill standing) {

        static PlanRow of(Commitments.Plan plan) {
            var burnDown = plan.burnDown();
            return new PlanRow(
                    plan.clause().ref(),
                    plan.clause().creditor(),
                    burnDown.terms().amount().toString(),
                    burnDown.spent().toString(),
                    burnDown.remaining().toString(),
                    Wording.time(burnDown.terms().to()),
                    plan.isAtRisk()
                            ? new Pill("behind plan", "wait")
                            : new Pill("on plan", "good"));
        }
    }

    /** A clause in force. */
    public record ClauseRow(
            String ref, String kind, String says, String from, String to, String source) {

        static ClauseRow of(ContractBook book, Clause clause, Instant known) {
            Heading heading = clause.heading();
            Instant end = book.end(clause, known);
            return new ClauseRow(
                    clause.ref(),
                    Members.kind(clause),
                    heading.says(),
                    heading.from().equals(Instant.MIN)
                            ? "the beginning"
                            : Wording.time(heading.from()),
                    end.equals(Instant.MAX) ? "no stated end" : Wording.time(end),
                    Judgement.cited(clause));
        }
    }
}

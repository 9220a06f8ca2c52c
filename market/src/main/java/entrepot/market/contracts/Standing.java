package entrepot.market.contracts;

import entrepot.market.Money;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * How far a commitment has been burnt down.
 *
 * @param left zero when it is reached
 * @param over what was spent beyond it
 * @param owed the shortfall that is to be paid: zero before the deadline and where none is agreed
 * @param daysLeft until the deadline; -1 when none is stated
 */
public record Standing(
        Clause.Commitment clause, Money spent, Money left, Money over, Money owed, long daysLeft) {

    /**
     * @param spent on what the commitment counts
     */
    public static Standing of(Clause.Commitment clause, Money spent, Instant at) {
        String currency = clause.amount().currency();
        if (!spent.currency().equals(currency)) {
            throw new IllegalArgumentException(
                    "a commitment in " + currency + " and spending in " + spent.currency());
        }
        var difference = clause.amount().amount().subtract(spent.amount());
        var zero = Money.zero(currency);
        Money left = difference.signum() > 0 ? new Money(difference, currency) : zero;
        Money over = difference.signum() < 0 ? new Money(difference.negate(), currency) : zero;
        Instant deadline = deadline(clause);
        boolean passed = !deadline.equals(Instant.MAX) && !at.isBefore(deadline);
        Money owed = passed && clause.shortfall() == Clause.Shortfall.OWED ? left : zero;
        long days =
                deadline.equals(Instant.MAX)
                        ? -1
                        : Math.max(0, ChronoUnit.DAYS.between(at, deadline));
        return new Standing(clause, spent, left, over, owed, days);
    }

    /** The stated deadline, or the end of the stated term; MAX when neither can be told. */
    public static Instant deadline(Clause.Commitment clause) {
        if (clause.deadline() != null) {
            return clause.deadline();
        }
        Instant from = clause.heading().from();
        return clause.term() == null || from.equals(Instant.MIN)
                ? Instant.MAX
                : clause.heading().after(from, clause.term());
    }

    /** The deadline, else where the clause itself ends; MAX when neither can be told. */
    public static Instant end(Clause.Commitment clause) {
        Instant deadline = deadline(clause);
        return deadline.equals(Instant.MAX) ? clause.heading().to() : deadline;
    }
}

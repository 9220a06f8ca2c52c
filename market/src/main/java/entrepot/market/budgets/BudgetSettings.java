package entrepot.market.budgets;

/**
 * How a node deals with the database that has the truth.
 *
 * @param tenureMillis how long its shares stand after it was last heard of
 * @param gatherMillis how long settlements gather before they are written together
 * @param lookMillis between looks for changed limits and idle shares
 * @param refusalMillis how long "nothing is left" is believed without asking again
 * @param recallMillis how long other nodes get to give back what they have free, before a refusal
 * @param waitMillisMax how long an attempt waits for the database to grant its hold
 */
public record BudgetSettings(
        long tenureMillis,
        long gatherMillis,
        long lookMillis,
        long refusalMillis,
        long recallMillis,
        long waitMillisMax) {

    public static final BudgetSettings DEFAULT =
            new BudgetSettings(10_000, 25, 500, 100, 1_500, 10_000);

    public BudgetSettings {
        if (tenureMillis < 100 || gatherMillis < 0 || lookMillis < 1 || waitMillisMax < 1) {
            throw new IllegalArgumentException("a tenure is at least 100 ms, and times positive");
        }
    }
}

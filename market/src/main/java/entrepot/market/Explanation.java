package entrepot.market;

import entrepot.market.Receipt.Verdict;

import java.time.Instant;
import java.util.List;

/**
 * What would become of a supposed order.
 *
 * @param model canonical id
 * @param versions of what decided, such as {@code catalogue 1f…}
 * @param verdicts of the gates that concern the whole order
 * @param ways each way to fill it, those that would be tried first in their order, then the rest
 */
public record Explanation(
        String model, Instant at, List<String> versions, List<Verdict> verdicts, List<Way> ways) {

    public Explanation {
        versions = List.copyOf(versions);
        verdicts = List.copyOf(verdicts);
        ways = List.copyOf(ways);
    }

    /** Whether some supplier would be called. */
    public boolean allowed() {
        return verdicts.stream().allMatch(Verdict::passed) && ways.stream().anyMatch(Way::allowed);
    }

    /**
     * One way to fill the order.
     *
     * @param supplier id in the catalogue
     * @param channel as contracts speak of it
     * @param name what the supplier calls the model
     * @param place from 1, in the order of attempts; 0 when it would not be tried
     * @param verdicts of the gates and of routing; with a no, it would not be tried
     */
    public record Way(
            String supplier, String channel, String name, int place, List<Verdict> verdicts) {

        public Way {
            verdicts = List.copyOf(verdicts);
        }

        public boolean allowed() {
            return place > 0;
        }
    }
}

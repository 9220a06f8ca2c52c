package entrepot.market.policy;

import java.util.Locale;
import java.util.Set;

/**
 * What the policies say of a use of a tool.
 *
 * @param reasons ids of the policies that decided
 * @param wouldRefuse ids of log-only policies that would have refused
 * @param text why, by which policy, and what would change it, in one sentence; empty when allowed
 */
public record ToolRuling(
        Outcome outcome, Set<String> reasons, Set<String> wouldRefuse, String text) {

    static final ToolRuling ALLOWED = new ToolRuling(Outcome.ALLOW, Set.of(), Set.of(), "");

    /** What becomes of the use. */
    public enum Outcome {
        ALLOW,
        /** Somebody has to approve it. */
        ASK,
        DENY;

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public ToolRuling {
        reasons = Set.copyOf(reasons);
        wouldRefuse = Set.copyOf(wouldRefuse);
    }
}

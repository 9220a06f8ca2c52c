package entrepot.market.policy;

import entrepot.market.Receipt.Verdict;

import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;

/** What one snapshot says of one question, kept as long as the snapshot. */
final class Decision {

    private final Verdict verdict;
    private final Set<String> reasons;
    private final Set<String> wouldRefuse;
    private final List<Tally> tallies;
    private final AtomicBoolean told = new AtomicBoolean();

    /**
     * @param reasons ids of the policies that decided
     * @param wouldRefuse ids of log-only policies that would have refused
     * @param tallies where an order that met this decision is counted
     */
    Decision(Verdict verdict, Set<String> reasons, Set<String> wouldRefuse, List<Tally> tallies) {
        this.verdict = verdict;
        this.reasons = Set.copyOf(reasons);
        this.wouldRefuse = Set.copyOf(wouldRefuse);
        this.tallies = List.copyOf(tallies);
    }

    static Decision of(Verdict verdict) {
        return new Decision(verdict, Set.of(), Set.of(), List.of());
    }

    Verdict verdict() {
        return verdict;
    }

    Set<String> reasons() {
        return reasons;
    }

    Set<String> wouldRefuse() {
        return wouldRefuse;
    }

    /** Counts an order. Returns whether it is the first one that is worth a line in the log. */
    boolean count() {
        if (tallies.isEmpty()) {
            return false;
        }
        for (Tally tally : tallies) {
            (verdict.passed() ? tally.wouldRefuse() : tally.refused()).increment();
        }
        return verdict.passed() && !told.get() && told.compareAndSet(false, true);
    }
}

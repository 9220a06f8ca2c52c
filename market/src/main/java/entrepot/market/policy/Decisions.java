package entrepot.market.policy;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.ConcurrentHashMap;

/**
 * Decisions that were made, in two generations: when the young one is full it becomes the old one,
 * and what is asked for again moves back. So it is bounded, and what is used stays.
 */
final class Decisions {

    private static final int GENERATION_ENTRIES_MAX = 20_000;

    private volatile Generations generations =
            new Generations(new ConcurrentHashMap<>(), new ConcurrentHashMap<>());

    @Nullable Decision find(Asked asked) {
        Generations here = generations;
        Decision young = here.young.get(asked);
        if (young != null) {
            return young;
        }
        Decision old = here.old.get(asked);
        if (old != null) {
            keep(asked, old);
        }
        return old;
    }

    /** Keeps a decision unless there is one. Returns the one that is kept. */
    Decision keep(Asked asked, Decision decision) {
        Generations here = generations;
        if (here.young.size() >= GENERATION_ENTRIES_MAX) {
            here = turn(here);
        }
        Decision before = here.young.putIfAbsent(asked, decision);
        return before == null ? decision : before;
    }

    int size() {
        Generations here = generations;
        return here.young.size() + here.old.size();
    }

    private synchronized Generations turn(Generations seen) {
        if (generations == seen) {
            generations = new Generations(new ConcurrentHashMap<>(), seen.young);
        }
        return generations;
    }

    private static final class Generations {
        private final ConcurrentHashMap<Asked, Decision> young;
        private final ConcurrentHashMap<Asked, Decision> old;

        private Generations(
                ConcurrentHashMap<Asked, Decision> young, ConcurrentHashMap<Asked, Decision> old) {
            this.young = young;
            this.old = old;
        }
    }
}

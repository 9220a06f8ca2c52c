package entrepot.protocols.aws;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashSet;
import java.util.PriorityQueue;
import java.util.Set;

/**
 * Remembers signatures for as long as they are good, so that a request can be accepted once only.
 *
 * <p>AWS itself accepts the same request again within its time, and clients rely on it: a signature
 * changes only with what is signed, so two equal calls within one second have the same one unless
 * the client signs an id of its own. Leave this switched off where such clients call. It knows only
 * what came to this process.
 *
 * <p>Safe for several threads at once.
 */
public final class ReplayGuard {

    /** About 20 MB of signatures. */
    public static final int SIGNATURES_MAX = 100_000;

    /** Two copies of one request may have been verified before either comes here. */
    private static final Duration KEPT_AFTER = Duration.ofMinutes(1);

    private final int signaturesMax;
    private final Set<String> known = new HashSet<>();
    private final PriorityQueue<Kept> byTime =
            new PriorityQueue<>(Comparator.comparing(Kept::until));

    /** What came of asking. */
    public enum Answer {
        FRESH,
        SEEN,
        /** Nothing more can be remembered for now: refuse, or accept without this promise. */
        FULL
    }

    private record Kept(Instant until, String signature) {}

    public ReplayGuard(int signaturesMax) {
        this.signaturesMax = signaturesMax;
    }

    /** Asks whether a verified request is new, and remembers it when it is. */
    public synchronized Answer admit(SigV4Verdict.Verified request, Instant now) {
        for (Kept oldest = byTime.peek();
                oldest != null && oldest.until().isBefore(now);
                oldest = byTime.peek()) {
            byTime.poll();
            known.remove(oldest.signature());
        }
        if (known.contains(request.signature())) {
            return Answer.SEEN;
        }
        if (known.size() >= signaturesMax) {
            return Answer.FULL;
        }
        known.add(request.signature());
        Instant until = request.validUntil().isAfter(now) ? request.validUntil() : now;
        byTime.add(new Kept(until.plus(KEPT_AFTER), request.signature()));
        return Answer.FRESH;
    }
}

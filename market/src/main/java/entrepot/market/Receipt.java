package entrepot.market;

import entrepot.conversation.Usage;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.List;

/**
 * What one attempt used and cost: one row of the ledger.
 *
 * @param cost null when no price is known; then {@code outcome} still tells what happened and the
 *     ledger raises an alert
 * @param verdicts what each gate said, in order
 * @param detail the supplier's code or the failure's message; never a secret, never content
 */
public record Receipt(
        String id,
        String orderId,
        int attempt,
        String tenant,
        String team,
        String principal,
        String keyId,
        String storefront,
        String modelAsked,
        String model,
        String supplier,
        Outcome outcome,
        Usage usage,
        @Nullable Money cost,
        Instant startedAt,
        Instant endedAt,
        @Nullable Long firstEventMillis,
        @Nullable String sessionId,
        @Nullable String turnId,
        List<Verdict> verdicts,
        @Nullable String detail) {

    public Receipt {
        verdicts = List.copyOf(verdicts);
    }

    /** How an attempt ended. */
    public enum Outcome {
        DELIVERED,
        /** The caller left or cancelled. */
        CANCELLED,
        /** Failed before anything was on the counter. */
        FAILED,
        /** Broke off after something was on the counter. */
        BROKEN,
        /** A gate said no: no supplier was called. */
        REFUSED
    }

    /**
     * What a gate said.
     *
     * @param gate such as {@code key} or {@code contract}
     * @param reason why, in words for the caller
     * @param source the clause or policy that said so; null when it is the gate's own rule
     * @param remedy what would change it; null when nothing has to change
     */
    public record Verdict(
            String gate,
            boolean passed,
            String reason,
            @Nullable String source,
            @Nullable String remedy) {

        /** What a gate said by its own rule. */
        public Verdict(String gate, boolean passed, String reason) {
            this(gate, passed, reason, null, null);
        }

        /** Reason, source and remedy as one line for the caller. */
        public String text() {
            return reason
                    + (source == null ? "" : " (" + source + ")")
                    + (remedy == null ? "" : ": " + remedy);
        }
    }
}

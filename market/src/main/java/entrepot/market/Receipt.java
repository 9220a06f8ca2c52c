package entrepot.market;

import entrepot.conversation.Usage;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.List;

/**
 * What one attempt used and cost: one row of the ledger.
 *
 * @param cost what we owe the supplier; null when no price is known: then {@code outcome} still
 *     tells what happened and the ledger raises an alert
 * @param verdicts what each gate said, in order
 * @param detail the supplier's code or the failure's message; never a secret, never content
 * @param channel where the model was sold, such as {@code azure}; null when not told
 * @param region of the supplier; null when not told
 * @param api what kind of channel the order needed; null when not told
 * @param project within the team; null when the call was for none
 * @param charge what the tenant owes for it; null when the ledger's own rules decide
 * @param pricing the price book's version and tier that gave the cost
 * @param clauses ids of the contracts' clauses that the decision touched
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
        @Nullable String detail,
        @Nullable String channel,
        @Nullable String region,
        Order.@Nullable ApiKind api,
        @Nullable String project,
        @Nullable Money charge,
        @Nullable String pricing,
        List<String> clauses) {

    public Receipt {
        verdicts = List.copyOf(verdicts);
        clauses = List.copyOf(clauses);
    }

    /** A receipt that says nothing of channel, project, charge and clauses. */
    public Receipt(
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
        this(
                id,
                orderId,
                attempt,
                tenant,
                team,
                principal,
                keyId,
                storefront,
                modelAsked,
                model,
                supplier,
                outcome,
                usage,
                cost,
                startedAt,
                endedAt,
                firstEventMillis,
                sessionId,
                turnId,
                verdicts,
                detail,
                null,
                null,
                null,
                null,
                null,
                null,
                List.of());
    }

    /** The same, sold on this channel, in this region, as this kind of call. */
    public Receipt withTrade(
            @Nullable String onChannel, @Nullable String inRegion, Order.@Nullable ApiKind asApi) {
        return with(cost, new Rest(onChannel, inRegion, asApi, project, charge, pricing, clauses));
    }

    public Receipt withProject(@Nullable String ofProject) {
        return with(cost, new Rest(channel, region, api, ofProject, charge, pricing, clauses));
    }

    public Receipt withCharge(@Nullable Money charged) {
        return with(cost, new Rest(channel, region, api, project, charged, pricing, clauses));
    }

    /** The same at another price. */
    public Receipt withPricing(@Nullable Money costs, @Nullable String priced) {
        return with(costs, new Rest(channel, region, api, project, charge, priced, clauses));
    }

    public Receipt withClauses(List<String> touched) {
        return with(cost, new Rest(channel, region, api, project, charge, pricing, touched));
    }

    private record Rest(
            @Nullable String channel,
            @Nullable String region,
            Order.@Nullable ApiKind api,
            @Nullable String project,
            @Nullable Money charge,
            @Nullable String pricing,
            List<String> clauses) {}

    private Receipt with(@Nullable Money newCost, Rest rest) {
        return new Receipt(
                id,
                orderId,
                attempt,
                tenant,
                team,
                principal,
                keyId,
                storefront,
                modelAsked,
                model,
                supplier,
                outcome,
                usage,
                newCost,
                startedAt,
                endedAt,
                firstEventMillis,
                sessionId,
                turnId,
                verdicts,
                detail,
                rest.channel(),
                rest.region(),
                rest.api(),
                rest.project(),
                rest.charge(),
                rest.pricing(),
                rest.clauses());
    }

    /** The name under which a receipt's verdicts say how it was priced. */
    public static final String PRICE = "price";

    /** Whether everything that was used has a known price, if anything was. */
    public boolean isPriced() {
        if (usage.meters().isEmpty()) {
            return true;
        }
        return cost != null
                && verdicts.stream()
                        .noneMatch(verdict -> verdict.gate().equals(PRICE) && !verdict.passed());
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
                    + (source == null || reason.contains(source) ? "" : " (" + source + ")")
                    + (remedy == null ? "" : ": " + remedy);
        }
    }
}

package entrepot.market;

import static java.util.Objects.requireNonNull;

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

    /** One to be filled in; what may be null is, and it has no verdicts and no clauses. */
    public static Builder builder() {
        return new Builder();
    }

    /** One that says the same so far. */
    public Builder but() {
        return new Builder()
                .id(id)
                .orderId(orderId)
                .attempt(attempt)
                .tenant(tenant)
                .team(team)
                .principal(principal)
                .keyId(keyId)
                .storefront(storefront)
                .modelAsked(modelAsked)
                .model(model)
                .supplier(supplier)
                .outcome(outcome)
                .usage(usage)
                .cost(cost)
                .startedAt(startedAt)
                .endedAt(endedAt)
                .firstEventMillis(firstEventMillis)
                .sessionId(sessionId)
                .turnId(turnId)
                .verdicts(verdicts)
                .detail(detail)
                .channel(channel)
                .region(region)
                .api(api)
                .project(project)
                .charge(charge)
                .pricing(pricing)
                .clauses(clauses);
    }

    /** The same, sold on this channel, in this region, as this kind of call. */
    public Receipt withTrade(
            @Nullable String onChannel, @Nullable String inRegion, Order.@Nullable ApiKind asApi) {
        return but().channel(onChannel).region(inRegion).api(asApi).build();
    }

    public Receipt withProject(@Nullable String ofProject) {
        return but().project(ofProject).build();
    }

    public Receipt withCharge(@Nullable Money charged) {
        return but().charge(charged).build();
    }

    /** The same at another price. */
    public Receipt withPricing(@Nullable Money costs, @Nullable String priced) {
        return but().cost(costs).pricing(priced).build();
    }

    public Receipt withClauses(List<String> touched) {
        return but().clauses(touched).build();
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

    /** A receipt that is being written; each part by its name. */
    public static final class Builder {

        private @Nullable String id;
        private @Nullable String orderId;
        private int attempt;
        private @Nullable String tenant;
        private @Nullable String team;
        private @Nullable String principal;
        private @Nullable String keyId;
        private @Nullable String storefront;
        private @Nullable String modelAsked;
        private @Nullable String model;
        private @Nullable String supplier;
        private @Nullable Outcome outcome;
        private Usage usage = Usage.NONE;
        private @Nullable Money cost;
        private @Nullable Instant startedAt;
        private @Nullable Instant endedAt;
        private @Nullable Long firstEventMillis;
        private @Nullable String sessionId;
        private @Nullable String turnId;
        private List<Verdict> verdicts = List.of();
        private @Nullable String detail;
        private @Nullable String channel;
        private @Nullable String region;
        private Order.@Nullable ApiKind api;
        private @Nullable String project;
        private @Nullable Money charge;
        private @Nullable String pricing;
        private List<String> clauses = List.of();

        private Builder() {}

        public Builder id(String of) {
            id = of;
            return this;
        }

        public Builder orderId(String of) {
            orderId = of;
            return this;
        }

        public Builder attempt(int of) {
            attempt = of;
            return this;
        }

        public Builder tenant(String of) {
            tenant = of;
            return this;
        }

        public Builder team(String of) {
            team = of;
            return this;
        }

        public Builder principal(String of) {
            principal = of;
            return this;
        }

        public Builder keyId(String of) {
            keyId = of;
            return this;
        }

        public Builder storefront(String of) {
            storefront = of;
            return this;
        }

        public Builder modelAsked(String of) {
            modelAsked = of;
            return this;
        }

        public Builder model(String of) {
            model = of;
            return this;
        }

        public Builder supplier(String of) {
            supplier = of;
            return this;
        }

        public Builder outcome(Outcome of) {
            outcome = of;
            return this;
        }

        public Builder usage(Usage of) {
            usage = of;
            return this;
        }

        public Builder cost(@Nullable Money of) {
            cost = of;
            return this;
        }

        public Builder startedAt(Instant of) {
            startedAt = of;
            return this;
        }

        public Builder endedAt(Instant of) {
            endedAt = of;
            return this;
        }

        public Builder firstEventMillis(@Nullable Long of) {
            firstEventMillis = of;
            return this;
        }

        public Builder sessionId(@Nullable String of) {
            sessionId = of;
            return this;
        }

        public Builder turnId(@Nullable String of) {
            turnId = of;
            return this;
        }

        public Builder verdicts(List<Verdict> of) {
            verdicts = of;
            return this;
        }

        public Builder detail(@Nullable String of) {
            detail = of;
            return this;
        }

        public Builder channel(@Nullable String of) {
            channel = of;
            return this;
        }

        public Builder region(@Nullable String of) {
            region = of;
            return this;
        }

        public Builder api(Order.@Nullable ApiKind of) {
            api = of;
            return this;
        }

        public Builder project(@Nullable String of) {
            project = of;
            return this;
        }

        public Builder charge(@Nullable Money of) {
            charge = of;
            return this;
        }

        public Builder pricing(@Nullable String of) {
            pricing = of;
            return this;
        }

        public Builder clauses(List<String> of) {
            clauses = of;
            return this;
        }

        /**
         * @throws NullPointerException naming what must be said and was not
         */
        public Receipt build() {
            return new Receipt(
                    requireNonNull(id, "id"),
                    requireNonNull(orderId, "orderId"),
                    attempt,
                    requireNonNull(tenant, "tenant"),
                    requireNonNull(team, "team"),
                    requireNonNull(principal, "principal"),
                    requireNonNull(keyId, "keyId"),
                    requireNonNull(storefront, "storefront"),
                    requireNonNull(modelAsked, "modelAsked"),
                    requireNonNull(model, "model"),
                    requireNonNull(supplier, "supplier"),
                    requireNonNull(outcome, "outcome"),
                    usage,
                    cost,
                    requireNonNull(startedAt, "startedAt"),
                    requireNonNull(endedAt, "endedAt"),
                    firstEventMillis,
                    sessionId,
                    turnId,
                    verdicts,
                    detail,
                    channel,
                    region,
                    api,
                    project,
                    charge,
                    pricing,
                    clauses);
        }
    }
}

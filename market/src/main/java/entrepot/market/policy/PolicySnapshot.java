package entrepot.market.policy;

import entrepot.market.Receipt.Verdict;
import entrepot.market.policy.Asked.Reads;
import entrepot.market.policy.Engine.Ruling;
import entrepot.market.policy.Policy.Mode;

import org.jspecify.annotations.Nullable;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The policies of one moment, with what they decided so far. Without policies of calls every call
 * passes; with any that decides, what none permits is refused. Of tools: {@link ToolRules}.
 */
final class PolicySnapshot {

    static final String GATE = "policy";

    static final Verdict NO_POLICIES = new Verdict(GATE, true, "there are no policies");

    private static final Decision PASS = Decision.of(NO_POLICIES);
    private static final String ONLY_LOGGED = "policies are only logged";
    private static final String NONE_PERMITS = "no policy permits it";

    private final String version;
    private final Map<String, Policy> policies;
    private final Map<String, Tally> tallies = new LinkedHashMap<>();
    private final Tally defaultDeny;
    private final Reads reads;
    private final @Nullable Engine enforced;
    private final @Nullable Engine all;
    private final @Nullable Decision always;
    private final Decisions decisions = new Decisions();
    private final Citations citations;
    private final ToolRules tools;

    private PolicySnapshot(
            String version, Loaded loaded, @Nullable Decision always, @Nullable ToolRules tools) {
        this.version = version;
        this.policies = new LinkedHashMap<>(loaded.policies());
        this.reads = loaded.callReads();
        this.always = always;
        this.citations = new Citations(policies);
        this.defaultDeny = new Tally();
        policies.keySet().forEach(id -> tallies.put(id, new Tally()));
        var calls = new LinkedHashMap<>(loaded.statements());
        calls.keySet().removeIf(id -> !speaksOfCalls(policies, id));
        var deciding = new LinkedHashMap<>(calls);
        deciding.keySet().removeIf(id -> mode(policies, id) == Mode.LOG);
        this.enforced = deciding.isEmpty() ? null : new Engine(deciding);
        this.all = deciding.size() < calls.size() ? new Engine(calls) : null;
        this.tools =
                tools != null
                        ? tools
                        : ToolRules.of(
                                new ToolRules.Books(
                                        policies,
                                        loaded.statements(),
                                        id -> tallies.getOrDefault(id, defaultDeny),
                                        defaultDeny),
                                loaded.toolReads().time());
    }

    /**
     * Policies that were checked.
     *
     * @param policies by id
     * @param statements by the policies' ids
     * @param callReads what those of calls read of a call
     * @param toolReads what those of tools read of a use
     */
    record Loaded(
            Map<String, Policy> policies,
            Map<String, Statement> statements,
            Reads callReads,
            Reads toolReads) {

        private static final Loaded NOTHING =
                new Loaded(Map.of(), Map.of(), Reads.NOTHING, Reads.NOTHING);
    }

    static PolicySnapshot none(String version) {
        return new PolicySnapshot(version, Loaded.NOTHING, PASS, null);
    }

    /** Refuses everything: there are policies, and nobody who could decide by them. */
    static PolicySnapshot closed(String version, String why) {
        String reason = "policies cannot be evaluated: " + why;
        var verdict = new Verdict(GATE, false, reason);
        var tools =
                ToolRules.always(
                        new ToolRuling(ToolRuling.Outcome.DENY, Set.of(), Set.of(), reason));
        return new PolicySnapshot(version, Loaded.NOTHING, Decision.of(verdict), tools);
    }

    /** Where no policy speaks of calls, every call passes. */
    static PolicySnapshot of(String version, Loaded loaded) {
        boolean calls = loaded.policies().values().stream().anyMatch(each -> each.about().calls());
        return new PolicySnapshot(version, loaded, calls ? null : PASS, null);
    }

    private static boolean speaksOfCalls(Map<String, Policy> policies, String id) {
        Policy policy = policies.get(id);
        return policy != null && policy.about().calls();
    }

    private static @Nullable Mode mode(Map<String, Policy> policies, String id) {
        Policy policy = policies.get(id);
        return policy == null ? null : policy.mode();
    }

    String version() {
        return version;
    }

    /** What policies say of tools. */
    ToolRules tools() {
        return tools;
    }

    /** Whether there are no policies of calls. */
    boolean idle() {
        return PASS.equals(always);
    }

    List<Policy> policies() {
        return List.copyOf(policies.values());
    }

    Reads reads() {
        return reads;
    }

    Tally tally(String id) {
        return tallies.getOrDefault(id, defaultDeny);
    }

    /** Of orders that no policy permits. */
    Tally defaultDeny() {
        return defaultDeny;
    }

    int remembered() {
        return decisions.size();
    }

    Decision decide(Asked asked) {
        if (always != null) {
            return always;
        }
        Decision known = decisions.find(asked);
        if (known != null) {
            return known;
        }
        Ruling ruling = enforced == null ? new Ruling(true, Set.of(), null) : enforced.rule(asked);
        Decision made = decided(asked, ruling);
        return ruling.failure() == null ? decisions.keep(asked, made) : made;
    }

    private Decision decided(Asked asked, Ruling ruling) {
        if (!ruling.allowed()) {
            return new Decision(refusal(ruling), ruling.reasons(), Set.of(), tallies(ruling));
        }
        Ruling whole = all == null ? ruling : all.rule(asked);
        String why =
                enforced == null
                        ? ONLY_LOGGED
                        : "permitted by " + String.join(", ", ruling.reasons());
        if (whole.allowed()) {
            Verdict yes = new Verdict(GATE, true, why, citations.places(ruling.reasons()), null);
            return new Decision(yes, ruling.reasons(), Set.of(), List.of());
        }
        Verdict logged =
                new Verdict(
                        GATE,
                        true,
                        why + "; log-only: " + no(whole) + ", so it would have been refused",
                        citations.places(whole.reasons()),
                        remedy(whole));
        return new Decision(logged, ruling.reasons(), named(whole), tallies(whole));
    }

    private static Set<String> named(Ruling whole) {
        return whole.reasons().isEmpty() ? Set.of(NONE_PERMITS) : whole.reasons();
    }

    private Verdict refusal(Ruling ruling) {
        return new Verdict(
                GATE, false, no(ruling), citations.places(ruling.reasons()), remedy(ruling));
    }

    private static String no(Ruling ruling) {
        if (ruling.failure() != null) {
            return "a policy cannot be evaluated: " + ruling.failure();
        }
        return ruling.reasons().isEmpty()
                ? NONE_PERMITS
                : "forbidden by " + String.join(", ", ruling.reasons());
    }

    private String remedy(Ruling ruling) {
        String remedy = citations.remedy(ruling.reasons());
        if (remedy != null) {
            return remedy;
        }
        return ruling.failure() != null
                ? "mend the policy (entrepot policies check)"
                : ruling.reasons().isEmpty()
                        ? "a policy must permit it (entrepot policies show)"
                        : "call in a way that the policy allows (entrepot policies show)";
    }

    private List<Tally> tallies(Ruling ruling) {
        if (ruling.reasons().isEmpty()) {
            return List.of(defaultDeny);
        }
        var counted = new HashSet<Tally>();
        ruling.reasons().forEach(id -> counted.add(tally(id)));
        return List.copyOf(counted);
    }
}

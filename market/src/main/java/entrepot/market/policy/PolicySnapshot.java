package entrepot.market.policy;

import entrepot.market.Receipt.Verdict;
import entrepot.market.policy.Asked.Reads;
import entrepot.market.policy.Engine.Ruling;
import entrepot.market.policy.Policy.Mode;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The policies of one moment, with what they decided so far. Without policies everything passes;
 * with any that decides, what none permits is refused.
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

    /**
     * @param enforced null when no policy decides
     * @param all null when no policy is only logged
     * @param always what is said of everything; null when the policies decide
     */
    private PolicySnapshot(
            String version,
            Map<String, Policy> policies,
            Reads reads,
            @Nullable Engine enforced,
            @Nullable Engine all,
            @Nullable Decision always) {
        this.version = version;
        this.policies = new LinkedHashMap<>(policies);
        this.reads = reads;
        this.enforced = enforced;
        this.all = all;
        this.always = always;
        this.defaultDeny = new Tally();
        policies.keySet().forEach(id -> tallies.put(id, new Tally()));
    }

    static PolicySnapshot none(String version) {
        return new PolicySnapshot(version, Map.of(), Reads.NOTHING, null, null, PASS);
    }

    /** Refuses everything: there are policies, and nobody who could decide by them. */
    static PolicySnapshot closed(String version, String why) {
        var verdict = new Verdict(GATE, false, "policies cannot be evaluated: " + why);
        return new PolicySnapshot(
                version, Map.of(), Reads.NOTHING, null, null, Decision.of(verdict));
    }

    /** Of policies that were checked. */
    static PolicySnapshot of(
            String version,
            Map<String, Policy> policies,
            Map<String, Statement> statements,
            Reads reads) {
        var deciding = new LinkedHashMap<>(statements);
        deciding.keySet().removeIf(id -> mode(policies, id) == Mode.LOG);
        boolean logs = deciding.size() < statements.size();
        return new PolicySnapshot(
                version,
                policies,
                reads,
                deciding.isEmpty() ? null : new Engine(deciding),
                logs ? new Engine(statements) : null,
                null);
    }

    private static @Nullable Mode mode(Map<String, Policy> policies, String id) {
        Policy policy = policies.get(id);
        return policy == null ? null : policy.mode();
    }

    String version() {
        return version;
    }

    /** Whether there are no policies. */
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
            Verdict yes = new Verdict(GATE, true, why, places(ruling.reasons()), null);
            return new Decision(yes, ruling.reasons(), Set.of(), List.of());
        }
        Verdict logged =
                new Verdict(
                        GATE,
                        true,
                        why + "; log-only: " + no(whole) + ", so it would have been refused",
                        places(whole.reasons()),
                        remedy(whole));
        return new Decision(logged, ruling.reasons(), named(whole), tallies(whole));
    }

    private static Set<String> named(Ruling whole) {
        return whole.reasons().isEmpty() ? Set.of(NONE_PERMITS) : whole.reasons();
    }

    private Verdict refusal(Ruling ruling) {
        return new Verdict(GATE, false, no(ruling), places(ruling.reasons()), remedy(ruling));
    }

    private static String no(Ruling ruling) {
        if (ruling.failure() != null) {
            return "a policy cannot be evaluated: " + ruling.failure();
        }
        return ruling.reasons().isEmpty()
                ? NONE_PERMITS
                : "forbidden by " + String.join(", ", ruling.reasons());
    }

    private @Nullable String places(Set<String> ids) {
        var places = new ArrayList<String>();
        for (Policy policy : policies.values()) {
            if (ids.contains(policy.id())) {
                places.add(policy.place());
            }
        }
        return places.isEmpty() ? null : String.join(", ", places);
    }

    private String remedy(Ruling ruling) {
        for (Policy policy : policies.values()) {
            if (ruling.reasons().contains(policy.id()) && policy.remedy() != null) {
                return policy.remedy();
            }
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

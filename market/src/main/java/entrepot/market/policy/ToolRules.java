package entrepot.market.policy;

import entrepot.market.policy.Engine.Ruling;
import entrepot.market.policy.Policy.Mode;
import entrepot.market.policy.ToolRuling.Outcome;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * The policies of one moment that name {@code use_tool}. Without any, every tool may be used; once
 * one of them permits, what none permits is refused. A {@code forbid} wins, and one that asks comes
 * after those that decide.
 */
final class ToolRules {

    /** Longer arguments are refused: a policy that reads them must see all of them. */
    static final int ARGUMENTS_CHARS_MAX = 262_144;

    private static final Logger log = LoggerFactory.getLogger(ToolRules.class);
    private static final int TOLD_MAX = 1_000;
    private static final String NONE_PERMITS =
            "No policy permits it: a policy of use_tool must permit it (entrepot policies show).";

    private final @Nullable ToolRuling always;
    private final boolean readsTime;
    private final Citations citations;
    private final Function<String, Tally> tally;
    private final Tally defaultDeny;
    private final @Nullable Judge deciding;
    private final @Nullable Judge asking;
    private final @Nullable Judge all;
    private final Set<Set<String>> told = ConcurrentHashMap.newKeySet();

    /** What the snapshot knows of its policies. */
    record Books(
            Map<String, Policy> policies,
            Map<String, Statement> statements,
            Function<String, Tally> tally,
            Tally defaultDeny) {}

    /**
     * Policies that are asked together.
     *
     * @param open whether what no policy fits passes
     */
    private record Judge(Engine engine, boolean open) {

        /** The ruling, when it is a no. */
        @Nullable Ruling no(ToolUse use, Instant hour) {
            Ruling ruling = engine.rule(use, hour);
            boolean passes =
                    ruling.allowed()
                            || (open && ruling.failure() == null && ruling.reasons().isEmpty());
            return passes ? null : ruling;
        }
    }

    private ToolRules(@Nullable ToolRuling always, Books books, boolean readsTime) {
        this.always = always;
        this.readsTime = readsTime;
        this.citations = new Citations(books.policies());
        this.tally = books.tally();
        this.defaultDeny = books.defaultDeny();
        this.deciding = judge(books, policy -> policy.mode() == Mode.ENFORCE);
        this.asking = judge(books, policy -> policy.mode() == Mode.ASK);
        boolean logs = judge(books, policy -> policy.mode() == Mode.LOG) != null;
        this.all = logs ? judge(books, policy -> policy.mode() != Mode.ASK) : null;
    }

    /** Says the same of every use. */
    static ToolRules always(ToolRuling ruling) {
        var tally = new Tally();
        return new ToolRules(ruling, new Books(Map.of(), Map.of(), id -> tally, tally), false);
    }

    /** Of policies that were checked; those that do not speak of tools are left aside. */
    static ToolRules of(Books books, boolean readsTime) {
        boolean any = books.policies().values().stream().anyMatch(each -> each.about().tools());
        return any ? new ToolRules(null, books, readsTime) : always(ToolRuling.ALLOWED);
    }

    private static @Nullable Judge judge(Books books, Predicate<Policy> wanted) {
        var statements = new LinkedHashMap<String, Statement>();
        boolean permits = false;
        for (Policy policy : books.policies().values()) {
            Statement statement = books.statements().get(policy.id());
            if (statement != null && policy.about().tools() && wanted.test(policy)) {
                statements.put(policy.id(), statement);
                permits |= policy.permits();
            }
        }
        return statements.isEmpty() ? null : new Judge(new Engine(statements), !permits);
    }

    /** Whether a policy of tools reads the time. */
    boolean readsTime() {
        return readsTime;
    }

    ToolRuling judge(ToolUse use, Instant at) {
        if (always != null) {
            return always;
        }
        if (use.arguments().length() > ARGUMENTS_CHARS_MAX) {
            return denied(
                    Set.of(),
                    "Its arguments are over "
                            + ARGUMENTS_CHARS_MAX
                            + " characters, more than policies read: send less.");
        }
        Instant hour = at.truncatedTo(ChronoUnit.HOURS);
        Ruling no = deciding == null ? null : deciding.no(use, hour);
        if (no != null) {
            count(no, false);
            return denied(no.reasons(), refusal(no));
        }
        Ruling ask = asking == null ? null : asking.no(use, hour);
        if (ask != null && ask.failure() != null) {
            return denied(ask.reasons(), refusal(ask));
        }
        Set<String> wouldRefuse = logged(use, hour);
        return ask == null
                ? new ToolRuling(Outcome.ALLOW, Set.of(), wouldRefuse, "")
                : new ToolRuling(
                        Outcome.ASK, ask.reasons(), wouldRefuse, said("Needs approval by ", ask));
    }

    private static ToolRuling denied(Set<String> reasons, String text) {
        return new ToolRuling(Outcome.DENY, reasons, Set.of(), text);
    }

    private Set<String> logged(ToolUse use, Instant hour) {
        Ruling no = all == null ? null : all.no(use, hour);
        if (no == null) {
            return Set.of();
        }
        count(no, true);
        Set<String> ids = no.reasons().isEmpty() ? Set.of("no policy permits it") : no.reasons();
        if (told.size() < TOLD_MAX && told.add(ids)) {
            log.warn(
                    "tenant {}, principal {}, tool {}: log-only: {}",
                    use.tenant(),
                    use.principal(),
                    use.name(),
                    refusal(no));
        }
        return ids;
    }

    private void count(Ruling no, boolean onlyLogged) {
        var counted = new HashSet<Tally>();
        if (no.reasons().isEmpty()) {
            counted.add(defaultDeny);
        }
        no.reasons().forEach(id -> counted.add(tally.apply(id)));
        counted.forEach(each -> (onlyLogged ? each.wouldRefuse() : each.refused()).increment());
    }

    private String refusal(Ruling no) {
        if (no.failure() != null) {
            return "A policy cannot be evaluated: "
                    + no.failure()
                    + ". Mend it (entrepot policies check).";
        }
        return no.reasons().isEmpty() ? NONE_PERMITS : said("Forbidden by ", no);
    }

    private String said(String how, Ruling ruling) {
        String remedy = citations.remedy(ruling.reasons());
        return how
                + citations.places(ruling.reasons())
                + (remedy == null ? "." : ": " + remedy + ".");
    }
}

package entrepot.market.terms;

import entrepot.market.Receipt.Verdict;
import entrepot.market.catalog.Supplier;
import entrepot.market.gates.OfferGate;
import entrepot.market.gates.Question;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Whether the content of a call may go where this channel would work on it. What is not known of a
 * channel counts as wrong. Models of this process send content nowhere.
 */
public final class RegionGate implements OfferGate {

    private static final String NAME = "region";
    private static final Verdict NO_RULE =
            new Verdict(NAME, true, "no rule says where content must stay");
    private static final Verdict HERE =
            new Verdict(NAME, true, "the content does not leave this process");
    private static final Verdict KEPT =
            new Verdict(NAME, true, "the channel works where residency rules allow it");

    private final List<ResidencySource> sources;

    public RegionGate(List<ResidencySource> sources) {
        this.sources = List.copyOf(sources);
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public boolean idle() {
        for (ResidencySource source : sources) {
            if (!source.isEmpty()) {
                return false;
            }
        }
        return true;
    }

    @Override
    public Verdict nothing() {
        return NO_RULE;
    }

    @Override
    public Verdict judge(Question question) {
        Verdict yes = NO_RULE;
        for (ResidencySource source : sources) {
            for (ResidencyRule rule : source.rules(question)) {
                if (question.supplier() instanceof Supplier.BuiltIn) {
                    return HERE;
                }
                Verdict no = refusal(rule, question.supplier());
                if (no != null) {
                    return no;
                }
                yes = KEPT;
            }
        }
        return yes;
    }

    private static @Nullable Verdict refusal(ResidencyRule rule, Supplier supplier) {
        Supplier.Channel channel = supplier.channel();
        Verdict no = refusal(rule, supplier, "territory", channel.territory(), rule.territories());
        if (no == null) {
            no = refusal(rule, supplier, "region", channel.region(), rule.regions());
        }
        return no == null
                ? refusal(rule, supplier, "processor", channel.processor(), rule.processors())
                : no;
    }

    private static @Nullable Verdict refusal(
            ResidencyRule rule,
            Supplier supplier,
            String what,
            @Nullable String actual,
            Set<String> allowed) {
        if (allowed.isEmpty()) {
            return null;
        }
        String wanted = String.join(", ", new TreeSet<>(allowed));
        if (actual == null) {
            return new Verdict(
                    NAME,
                    false,
                    "the %s of %s is not known, and it must be one of %s"
                            .formatted(what, supplier.id(), wanted),
                    rule.source(),
                    "say '%s' of suppliers.%s in the catalogue".formatted(what, supplier.id()));
        }
        return fits(what, actual, allowed)
                ? null
                : new Verdict(
                        NAME,
                        false,
                        "its %s is %s, and it must be one of %s".formatted(what, actual, wanted),
                        rule.source(),
                        "offer the model through a supplier whose %s is one of these"
                                .formatted(what));
    }

    /** A region may also be a prefix with a star, such as {@code eu-*}. */
    private static boolean fits(String what, String actual, Set<String> allowed) {
        return switch (what) {
            case "territory" -> Territories.within(actual, allowed);
            case "region" ->
                    allowed.contains(actual)
                            || allowed.stream()
                                    .filter(each -> each.endsWith("*"))
                                    .map(each -> each.substring(0, each.length() - 1))
                                    .anyMatch(actual::startsWith);
            default -> allowed.contains(actual);
        };
    }
}

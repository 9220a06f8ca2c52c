package entrepot.market.ledger.books;

import entrepot.market.Money;
import entrepot.market.Receipt;

import org.jspecify.annotations.Nullable;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/**
 * What a tenant is charged for what we pay: the cost and so many percent of it.
 *
 * @param name told on each row it made
 * @param segment whose usage it is about, of what, and when
 * @param percent added to the cost: 20 is a mark-up, -10 a discount; not below -100
 */
public record ChargeRule(String name, Segment segment, BigDecimal percent) {

    private static final BigDecimal WHOLE = BigDecimal.valueOf(100);

    public ChargeRule {
        Names.checked("the name of a charge rule", name);
        if (percent.compareTo(WHOLE.negate()) < 0) {
            throw new IllegalArgumentException(
                    "charge rule " + name + " takes more than the cost away: " + percent);
        }
    }

    /** A rule for all projects and channels, and for all time. */
    public ChargeRule(
            String name,
            @Nullable String tenant,
            @Nullable String team,
            @Nullable String model,
            BigDecimal percent) {
        this(
                name,
                new Segment(
                        tenant,
                        team,
                        null,
                        model == null ? Set.of() : Set.of(model),
                        Set.of(),
                        Instant.MIN,
                        Instant.MAX),
                percent);
    }

    /**
     * Whose usage a rule is about. What is null or empty does not matter.
     *
     * @param models ids, or the begins of ids and {@code *}
     * @param channels where it was bought, such as {@code azure}
     * @param from first moment; usage counts when its attempt ended
     * @param until first moment no more
     */
    public record Segment(
            @Nullable String tenant,
            @Nullable String team,
            @Nullable String project,
            Set<String> models,
            Set<String> channels,
            Instant from,
            Instant until) {

        public Segment {
            models = Set.copyOf(models);
            channels = Set.copyOf(channels);
            if (!from.isBefore(until)) {
                throw new IllegalArgumentException("until is not after from: " + until);
            }
        }

        boolean covers(Receipt receipt, Instant at) {
            String channel = receipt.channel();
            return (tenant == null || tenant.equals(receipt.tenant()))
                    && (team == null || team.equals(receipt.team()))
                    && (project == null || project.equals(receipt.project()))
                    && (channels.isEmpty() || (channel != null && channels.contains(channel)))
                    && (models.isEmpty() || anyCovers(models, receipt.model()))
                    && !at.isBefore(from)
                    && at.isBefore(until);
        }

        /** Whether all that another is about is this one's too, as far as their words tell. */
        public boolean includes(Segment other) {
            return (tenant == null || tenant.equals(other.tenant))
                    && (team == null || team.equals(other.team))
                    && (project == null || project.equals(other.project))
                    && (channels.isEmpty()
                            || (!other.channels.isEmpty() && channels.containsAll(other.channels)))
                    && (models.isEmpty()
                            || (!other.models.isEmpty()
                                    && other.models.stream()
                                            .allMatch(each -> anyCovers(models, each))))
                    && !other.from.isBefore(from)
                    && !other.until.isAfter(until);
        }
    }

    boolean covers(Receipt receipt, Instant at) {
        return segment.covers(receipt, at);
    }

    private static boolean anyCovers(Set<String> patterns, String model) {
        return patterns.stream().anyMatch(pattern -> covers(pattern, model));
    }

    static boolean covers(String pattern, String model) {
        return pattern.endsWith("*")
                ? model.startsWith(pattern.substring(0, pattern.length() - 1))
                : pattern.equals(model);
    }

    /** The names of rules must differ, or a row would not say which one made its charge. */
    static void distinct(List<ChargeRule> rules) {
        if (rules.stream().map(ChargeRule::name).distinct().count() != rules.size()) {
            throw new IllegalArgumentException("two charge rules have one name: " + rules);
        }
    }

    /** Exactly: no digit is dropped. */
    Money charge(Money cost) {
        return new Money(
                cost.amount().multiply(WHOLE.add(percent)).movePointLeft(2), cost.currency());
    }
}

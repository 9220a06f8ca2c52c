package entrepot.market.contracts;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * What the contracts say of one carriage.
 *
 * @param deciding the clause that forbids or favours it; null when none speaks of it
 * @param until when the deciding clause stops forbidding, as far as was known; {@link Instant#MAX}
 *     when no end is known, or when it is allowed
 * @param consulted every clause in force that speaks of it, the deciding one among them
 * @param openChannels those that the exclusive clauses leave, when it is refused
 */
public record Judgement(
        Carriage carriage,
        boolean allowed,
        @Nullable Clause deciding,
        Instant until,
        List<Consulted> consulted,
        Set<String> openChannels) {

    public Judgement {
        consulted = List.copyOf(consulted);
        openChannels = openChannels.isEmpty() ? Set.of() : Sets.sorted(openChannels);
    }

    /** A clause that was looked at, and what it says of the carriage. */
    public record Consulted(Clause clause, Finding finding) {}

    /** What one clause says; the first of these decides. */
    public enum Finding {
        FORBIDS("forbids it"),
        NAMES_CHANNEL("gives it to this channel"),
        PERMITS("permits it"),
        WINDOW_OVER("is satisfied: the model came out first where it must, and the window is over"),
        NOT_NEW("does not bind: the model is not new"),
        WAIVED("was waived for it"),
        SILENT("neither permits nor forbids it");

        private final String words;

        Finding(String words) {
            this.words = words;
        }

        public String words() {
            return words;
        }
    }

    /** Why, in words for the caller. */
    public String reason() {
        if (deciding == null) {
            return "no clause in force speaks of "
                    + kind()
                    + " for "
                    + carriage.model()
                    + " by way of "
                    + carriage.channel();
        }
        String what = kind() + " for " + carriage.model() + " by way of " + carriage.channel();
        String cause = " (" + cited(deciding) + ")" + buyer();
        return switch (finding()) {
            case FORBIDS -> "the contracts do not allow " + what + ": " + said() + cause;
            case NAMES_CHANNEL -> what + " is what the contracts provide for: " + said() + cause;
            case PERMITS -> what + " is permitted: " + said() + cause;
            case WINDOW_OVER, NOT_NEW, WAIVED, SILENT ->
                    what + " is allowed: " + deciding.ref() + " " + finding().words() + cause;
        };
    }

    /** Whether the deciding clause speaks of some territories only. */
    public boolean isTerritorial() {
        return deciding != null && !deciding.heading().scope().territories().isEmpty();
    }

    /** How the buyer's territory was judged, where it mattered. */
    private String buyer() {
        if (deciding == null || !isTerritorial()) {
            return "";
        }
        String where = String.join(", ", deciding.heading().scope().territories());
        return carriage.territory().isEmpty()
                ? "; it speaks of buyers in "
                        + where
                        + " and binds this one, whose territory is not known"
                : "; it speaks of buyers in "
                        + where
                        + ", and this one is in "
                        + carriage.territory();
    }

    /** What would change a refusal; empty when there is none. */
    public String remedy() {
        if (allowed || deciding == null) {
            return "";
        }
        String what = kind() + " for " + carriage.model();
        String when = Wording.until(until);
        if (openChannels.isEmpty()) {
            return "no channel may carry "
                    + what
                    + when
                    + ": the contracts contradict one another; have one of them amended";
        }
        String channels = String.join(" or ", openChannels);
        String text =
                what
                        + " must go through "
                        + channels
                        + when
                        + "; use a supplier with channel "
                        + channels;
        return deciding instanceof Clause.FirstShip
                ? text + ", record when the model came out there, or have the right waived"
                : text;
    }

    /** The clause with its place and its source. */
    public static String cited(Clause clause) {
        Heading heading = clause.heading();
        return "clause " + heading.ref() + ", " + heading.place() + ", from " + heading.source();
    }

    private String said() {
        return deciding == null ? "" : deciding.heading().says();
    }

    /** What the deciding clause says; {@link Finding#SILENT} when none speaks of it. */
    public Finding finding() {
        for (Consulted each : consulted) {
            if (each.clause().equals(deciding)) {
                return each.finding();
            }
        }
        return Finding.SILENT;
    }

    private String kind() {
        String party = carriage.firstParty() ? "the vendor's own " : "a ";
        return party + carriage.api().name().toLowerCase(Locale.ROOT) + " call";
    }
}

package entrepot.market.prices;

import entrepot.conversation.Usage.Meter;
import entrepot.market.Money;

import org.jspecify.annotations.Nullable;

import java.util.Locale;

/** What a usage costs, or why that is not known. */
public sealed interface Rating {

    /** Exact; null when it is not known. Never zero for want of a price. */
    @Nullable Money cost();

    /** The version of the book that was asked. */
    String book();

    /** The book and the tier that gave the cost; null when there is none. */
    @Nullable String name();

    /**
     * Everything has a price.
     *
     * @param tier that was priced
     * @param region whose prices these are; null for those of everywhere
     */
    record Known(Money cost, String tier, @Nullable String region, String book) implements Rating {

        @Override
        public String name() {
            return region == null ? book + " " + tier : book + " " + tier + " " + region;
        }
    }

    /**
     * Something has no price.
     *
     * @param meter the first that has none; null when the tier or the offer has no price at all
     * @param reason in words: what is missing and where
     * @param cost what the operator bills instead: a ceiling; null when that is nothing
     */
    record Unknown(@Nullable Meter meter, String reason, @Nullable Money cost, String book)
            implements Rating {

        @Override
        public @Nullable String name() {
            return cost == null ? null : book + " ceiling";
        }

        /** One line for people. */
        public String words() {
            return cost == null ? reason : reason + "; billed at the ceiling";
        }
    }

    /** The word for a meter in files and on pages: {@code FRESH_INPUT} is called input. */
    static String word(Meter meter) {
        return meter == Meter.FRESH_INPUT ? "input" : meter.name().toLowerCase(Locale.ROOT);
    }
}

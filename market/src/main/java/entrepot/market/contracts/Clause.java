package entrepot.market.contracts;

import entrepot.market.Money;

import org.jspecify.annotations.Nullable;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.Period;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** One term of a contract. It applies within its scope, from its first instant to its last. */
public sealed interface Clause {

    Heading heading();

    /** {@code contract/clause}. */
    default String ref() {
        return heading().ref();
    }

    /** What exclusivity is about. */
    enum Goods {
        /** Calls for models. */
        CALLS,
        /** Compute that a vendor buys. */
        CAPACITY
    }

    /**
     * Only these channels may carry what is in scope.
     *
     * @param channels at least one; for capacity, those on which it must be bought
     */
    record Exclusivity(Heading heading, Goods of, Set<String> channels) implements Clause {
        public Exclusivity {
            channels = Sets.sorted(channels);
        }
    }

    /**
     * New models appear on these channels first. A model is new when it came out there after the
     * clause began, or has not come out there yet.
     *
     * @param window for how long after that no other channel may carry it; null when others may
     *     follow at once
     * @param existing models that were out before, as canonical ids or {@code vendor/*}
     */
    record FirstShip(
            Heading heading, Set<String> channels, @Nullable Period window, Set<String> existing)
            implements Clause {
        public FirstShip {
            channels = Sets.sorted(channels);
            existing = Sets.sorted(existing);
        }
    }

    /**
     * Before the buyer takes capacity elsewhere, it must offer the purchase to the holder.
     *
     * @param window within which the holder must match; null when it has no limit
     */
    record FirstRefusal(Heading heading, String holder, String buyer, @Nullable Period window)
            implements Clause {

        /** When the holder must have answered an offer; null when its window has no end. */
        public @Nullable Instant deadline(Instant offered) {
            return window == null ? null : heading.after(offered, window);
        }
    }

    /** What becomes of what was not spent. */
    enum Shortfall {
        NOT_STATED,
        OWED,
        FORGIVEN
    }

    /**
     * The debtor will spend an amount.
     *
     * @param deadline null when it is not stated
     * @param term the stated length, such as eight years; null when it is not stated
     * @param channels on which spending counts; empty for any of the creditor's
     * @param overage what is beyond the amount costs, in words; null when it is not stated
     * @param addsTo the commitment this comes on top of, as {@code contract/clause}
     */
    record Commitment(
            Heading heading,
            String debtor,
            String creditor,
            Money amount,
            @Nullable Instant deadline,
            @Nullable Period term,
            Set<String> channels,
            Shortfall shortfall,
            @Nullable String overage,
            @Nullable String addsTo)
            implements Clause {
        public Commitment {
            channels = Sets.sorted(channels);
        }
    }

    /**
     * Capacity that is set aside and paid for.
     *
     * @param unit what is counted, such as {@code PTU} or {@code GW}
     * @param unitTokensPerMinute the throughput of one unit
     * @param unitHourPrice what one unit costs per hour
     * @param spill the channels to go to, in order, when it is full
     */
    record ReservedCapacity(
            Heading heading,
            String holder,
            String channel,
            BigDecimal quantity,
            String unit,
            @Nullable Long unitTokensPerMinute,
            @Nullable Money unitHourPrice,
            @Nullable String region,
            List<String> spill)
            implements Clause {
        public ReservedCapacity {
            spill = List.copyOf(spill);
        }
    }

    /**
     * Prices of a channel.
     *
     * @param discountPercent taken off every price
     */
    record PriceBook(
            Heading heading,
            String channel,
            String currency,
            List<Rate> rates,
            BigDecimal discountPercent)
            implements Clause {
        public PriceBook {
            rates = List.copyOf(rates);
        }
    }

    /**
     * Prices of one tier, for calls above a size.
     *
     * @param tier such as {@code standard}, {@code batch}, {@code flex} or {@code priority}
     * @param aboveInputTokens for calls with more input than this
     * @param perMillion by the name of the meter, as in the catalogue
     */
    record Rate(String tier, long aboveInputTokens, Map<String, BigDecimal> perMillion) {
        public Rate {
            perMillion = Collections.unmodifiableMap(new TreeMap<>(perMillion));
        }
    }

    /**
     * The payer owes the payee a part of what the base comes to.
     *
     * @param base such as {@code revenue}
     * @param percent null when it is not public
     * @param cap of all that is ever paid under it; null when there is none or it is not public
     * @param capped whether there is a cap, of whatever amount
     */
    record RevenueShare(
            Heading heading,
            String payer,
            String payee,
            String base,
            @Nullable BigDecimal percent,
            @Nullable Money cap,
            boolean capped)
            implements Clause {}

    /**
     * An investment in parts.
     *
     * @param total what the parts add up to
     * @param stakePercent the share of the investee that goes with it; null when not stated
     */
    record Funding(
            Heading heading,
            String investor,
            String investee,
            Money total,
            List<Tranche> tranches,
            @Nullable BigDecimal stakePercent)
            implements Clause {
        public Funding {
            tranches = List.copyOf(tranches);
        }
    }

    /**
     * One part of an investment.
     *
     * @param trigger what must happen before it is paid; null when it comes with the clause itself
     * @param lapses when it will not be paid any more; null when never
     */
    record Tranche(String id, Money amount, @Nullable String trigger, @Nullable Instant lapses) {}

    /** What a licence permits. */
    enum Use {
        /** To use the technology in one's own products. */
        TECHNOLOGY,
        /** To sell the models on one's own channels. */
        RESALE
    }

    /**
     * Who may use a vendor's models or technology. An exclusive one for resale forbids everybody
     * else to sell; one that is not exclusive permits and forbids nothing.
     *
     * @param licensees parties; empty for everybody
     * @param channels on which it permits resale; empty for all of the licensees' own
     */
    record Licence(
            Heading heading,
            String licensor,
            Set<String> licensees,
            boolean exclusive,
            Use use,
            Set<String> channels)
            implements Clause {
        public Licence {
            licensees = Sets.sorted(licensees);
            channels = Sets.sorted(channels);
        }
    }

    /**
     * Where calls may be processed, and by whom. An empty set allows any.
     *
     * @param channels to which it applies; empty for all
     * @param regions such as {@code eu-west-1}, or a prefix with a star: {@code eu-*}
     */
    record Residency(
            Heading heading, Set<String> channels, Set<String> regions, Set<String> processors)
            implements Clause {
        public Residency {
            channels = Sets.sorted(channels);
            regions = Sets.sorted(regions);
            processors = Sets.sorted(processors);
        }
    }

    /**
     * The agreement that a tenant must have accepted before it may use a model.
     *
     * @param version of the text
     * @param sha256 of the text, in hexadecimal digits
     */
    record Terms(
            Heading heading,
            Set<String> channels,
            String version,
            @Nullable String url,
            @Nullable String sha256)
            implements Clause {
        public Terms {
            channels = Sets.sorted(channels);
        }
    }

    /**
     * A right that is given up, within this clause's own scope and times. Unlike a clause that was
     * superseded, one that was waived for a time binds again afterwards.
     *
     * @param waives {@code contract/clause}
     */
    record Waiver(Heading heading, String waives) implements Clause {}
}

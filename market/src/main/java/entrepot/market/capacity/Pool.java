package entrepot.market.capacity;

import entrepot.conversation.Usage;
import entrepot.conversation.Usage.Meter;
import entrepot.market.Receipt.Verdict;
import entrepot.market.capacity.Window.Use;
import entrepot.market.catalog.Reservation;
import entrepot.market.catalog.Reservation.Spill;

import org.jspecify.annotations.Nullable;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * One reservation with what was used of it in the last minute, by everybody on this node together
 * and by each way. Calls count when they end: until then a long answer is not seen.
 */
public final class Pool {

    /** In verdicts. */
    public static final String LADDER = "ladder";

    /** How many ways are told apart; others count only in the sum. */
    static final int WAYS_MAX = 1_000;

    private static final BigDecimal HUNDRED = BigDecimal.valueOf(100);

    private final Terms terms;
    private final long tokensPerMinute;
    private final Window all;
    private final ConcurrentHashMap<Way, Window> byWay;
    private final LongAdder spilled;
    private final Verdict room;

    /**
     * What is reserved.
     *
     * @param source where it stands: {@code suppliers.ID.reserved[0]}, or {@code contract/clause}
     * @param suppliers at which it can be used
     * @param party whose it is; null for all tenants'
     * @param spillTo channels to go to first when it is full
     */
    public record Terms(
            String source,
            Set<String> suppliers,
            Reservation units,
            @Nullable String party,
            Spill spill,
            List<String> spillTo) {

        public Terms {
            suppliers = java.util.Collections.unmodifiableSet(new TreeSet<>(suppliers));
            spillTo = List.copyOf(spillTo);
        }

        private String words() {
            return units.words() + " of " + String.join(", ", suppliers);
        }
    }

    /** One model at one supplier. */
    record Way(String supplier, String model) implements Comparable<Way> {
        @Override
        public int compareTo(Way other) {
            int order = supplier.compareTo(other.supplier);
            return order == 0 ? model.compareTo(other.model) : order;
        }
    }

    /**
     * @param before the same reservation in the snapshot before; null when there was none
     */
    Pool(Terms terms, @Nullable Pool before) {
        this.terms = terms;
        this.tokensPerMinute = terms.units().tokensPerMinute();
        this.all = before == null ? new Window() : before.all;
        this.byWay = before == null ? new ConcurrentHashMap<>() : before.byWay;
        this.spilled = before == null ? new LongAdder() : before.spilled;
        this.room =
                new Verdict(
                        LADDER,
                        true,
                        "reserved: the " + terms.words() + " have room",
                        terms.source(),
                        null);
    }

    public Terms terms() {
        return terms;
    }

    public long tokensPerMinute() {
        return tokensPerMinute;
    }

    /** How many orders found it full, since the node began. */
    public long spilled() {
        return spilled.sum();
    }

    /** An order found it full and may go elsewhere. */
    public void spill() {
        spilled.increment();
    }

    /** Whether the units are used up, as measured here. */
    public boolean isFull(Instant now) {
        Use use = all.use(now.getEpochSecond());
        Long requests = terms.units().requestsPerMinute();
        return use.tokens() >= tokensPerMinute || (requests != null && use.requests() >= requests);
    }

    /** What is said of an order that is put first here. */
    public Verdict room() {
        return room;
    }

    /**
     * What is said of an order that finds it full.
     *
     * @param refused whether the supplier said so, and not the measure
     * @param then what becomes of the order, in words
     */
    public Verdict full(Instant now, boolean refused, String then) {
        String why =
                refused
                        ? "the supplier answered that they are used up (429)"
                        : usedPercent(now) + " % of their minute is used";
        return new Verdict(
                LADDER,
                true,
                "%s: the %s are full, %s".formatted(then, terms.words(), why),
                terms.source(),
                null);
    }

    /** Counts what a call used. */
    void add(Instant now, Way way, Usage usage) {
        long tokens = weighted(usage);
        all.add(now.getEpochSecond(), tokens, 1);
        Window own = byWay.get(way);
        if (own == null && byWay.size() < WAYS_MAX) {
            own = byWay.computeIfAbsent(way, _ -> new Window());
        }
        if (own != null) {
            own.add(now.getEpochSecond(), tokens, 1);
        }
    }

    private long weighted(Usage usage) {
        long cached = usage.of(Meter.CACHE_READ);
        return usage.inputTokens()
                - cached
                + times(cached, terms.units().cachedWeight())
                + times(usage.outputTokens(), terms.units().outputWeight());
    }

    private static long times(long tokens, BigDecimal weight) {
        return tokens == 0
                ? 0
                : weight.multiply(BigDecimal.valueOf(tokens))
                        .setScale(0, RoundingMode.CEILING)
                        .longValue();
    }

    /** What is used of the tokens or the requests of a minute, whichever is more. */
    public long usedPercent(Instant now) {
        Use use = all.use(now.getEpochSecond());
        long percent = percent(use.tokens(), tokensPerMinute);
        Long requests = terms.units().requestsPerMinute();
        return requests == null ? percent : Math.max(percent, percent(use.requests(), requests));
    }

    private static long percent(long used, long of) {
        return of == 0
                ? 100
                : BigDecimal.valueOf(used)
                        .multiply(HUNDRED)
                        .divide(BigDecimal.valueOf(of), 0, RoundingMode.DOWN)
                        .longValue();
    }

    /** What was used in the last minute: in all, and by each way that used something. */
    public Used used(Instant now) {
        Use sum = all.use(now.getEpochSecond());
        var ways = new TreeMap<Way, Use>();
        byWay.forEach((way, window) -> ways.put(way, window.use(now.getEpochSecond())));
        return new Used(
                sum.tokens(),
                sum.requests(),
                ways.entrySet().stream()
                        .filter(each -> each.getValue().requests() > 0)
                        .map(each ->
                                new UsedBy(
                                        each.getKey().supplier(),
                                        each.getKey().model(),
                                        each.getValue().tokens(),
                                        each.getValue().requests()))
                        .toList());
    }

    /**
     * What was used in the last minute.
     *
     * @param tokens weighted as the units count them
     */
    public record Used(long tokens, long requests, List<UsedBy> ways) {
        public Used {
            ways = List.copyOf(ways);
        }
    }

    /** The same by one model at one supplier. */
    public record UsedBy(String supplier, String model, long tokens, long requests) {}
}

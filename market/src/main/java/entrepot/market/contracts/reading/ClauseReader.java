package entrepot.market.contracts.reading;

import entrepot.market.Money;
import entrepot.market.Order.ApiKind;
import entrepot.market.contracts.Clause;
import entrepot.market.contracts.Clause.Goods;
import entrepot.market.contracts.Clause.Shortfall;
import entrepot.market.contracts.Clause.Use;
import entrepot.market.contracts.Heading;
import entrepot.market.contracts.Place;
import entrepot.market.contracts.Scope;
import entrepot.market.contracts.Scope.Distribution;
import entrepot.market.yaml.Spelling;
import entrepot.market.yaml.YamlMap;
import entrepot.market.yaml.YamlValue;

import org.jspecify.annotations.Nullable;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads one clause. */
final class ClauseReader {

    static final List<String> KINDS =
            List.of(
                    "exclusivity",
                    "first-ship",
                    "first-refusal",
                    "commitment",
                    "reserved-capacity",
                    "price-book",
                    "revenue-share",
                    "funding",
                    "licence",
                    "residency",
                    "terms",
                    "waiver");

    /** As in the catalogue's price lists, and hours of a session. */
    static final List<String> METERS =
            List.of(
                    "input",
                    "cache_read",
                    "cache_write_5m",
                    "cache_write_1h",
                    "audio_input",
                    "image_input",
                    "output",
                    "reasoning",
                    "audio_output",
                    "image_output",
                    "requests",
                    "images",
                    "session_hours");

    private static final List<String> TIERS = List.of("standard", "batch", "flex", "priority");
    private static final String NOT_PUBLIC = "not-public";

    /** What statements can reckon a share of. */
    private static final List<String> BASES = List.of("revenue", "cost");

    private final Fields fields;
    private final YamlMap map;

    private ClauseReader(Fields fields) {
        this.fields = fields;
        this.map = fields.map;
    }

    /**
     * @param asked takes every member that may stand in a clause of its kind
     */
    static @Nullable Clause read(
            String id, Fields fields, Place place, Map<String, Set<String>> asked) {
        YamlValue kindValue = fields.map.required("kind", "exclusivity");
        String kind = kindValue == null ? null : kindValue.oneOf(KINDS);
        if (kind == null) {
            return null;
        }
        var reader = new ClauseReader(fields);
        Clause clause = reader.clause(kind, reader.heading(id, place));
        asked.computeIfAbsent(kind, word -> new LinkedHashSet<>()).addAll(fields.map.asked());
        fields.map.noOthers();
        return clause;
    }

    private Heading heading(String id, Place place) {
        Instant from = fields.time("from");
        Instant to = fields.time("to");
        Instant begins = from == null ? Instant.MIN : from;
        Instant ends = to == null ? Instant.MAX : to;
        YamlValue toValue = map.get("to");
        if (toValue != null && !begins.isBefore(ends)) {
            toValue.complain(
                    "ends before it begins: 'to' is the first day on which it does not apply, and"
                            + " must come after 'from'");
            ends = Instant.MAX;
        }
        List<String> parties = fields.parties("parties");
        return new Heading(
                fields.context().contract(),
                id,
                fields.required("says", "what it says, in plain words"),
                parties.isEmpty() ? List.copyOf(fields.context().parties().keySet()) : parties,
                scope(),
                begins,
                ends,
                fields.learned(begins),
                fields.source(),
                fields.refs("supersedes"),
                fields.context().zone(),
                fields.text("reading"),
                place);
    }

    private Scope scope() {
        return new Scope(
                fields.models("models"),
                fields.words("apis", ApiKind.class),
                fields.word("distribution", Distribution.class, Distribution.ANY),
                fields.territories("territories"));
    }

    private Clause clause(String kind, Heading heading) {
        return switch (kind) {
            case "exclusivity" -> exclusivity(heading);
            case "first-ship" ->
                    new Clause.FirstShip(
                            heading,
                            fields.someChannels("channels", "azure"),
                            fields.period("window"),
                            fields.models("existing"));
            case "first-refusal" ->
                    new Clause.FirstRefusal(
                            heading,
                            fields.party("holder"),
                            fields.party("buyer"),
                            fields.period("window"));
            case "commitment" -> commitment(heading);
            case "reserved-capacity" -> reservedCapacity(heading);
            case "price-book" -> priceBook(heading);
            case "revenue-share" -> revenueShare(heading);
            case "funding" -> funding(heading);
            case "licence" -> licence(heading);
            case "residency" -> residency(heading);
            case "terms" ->
                    new Clause.Terms(
                            heading,
                            fields.channels("channels"),
                            fields.required("version", "2026-04"),
                            fields.url("url"),
                            sha256());
            case "waiver" -> new Clause.Waiver(heading, fields.requiredRef("waives"));
            default -> throw new IllegalStateException("not one of the kinds: " + kind);
        };
    }

    private Clause exclusivity(Heading heading) {
        Goods goods = fields.word("of", Goods.class, Goods.CALLS);
        if (goods == Goods.CALLS && map.get("models") == null) {
            map.complain("'models' is missing: say of which models, such as models: [openai/*]");
        }
        return new Clause.Exclusivity(heading, goods, fields.someChannels("channels", "azure"));
    }

    private Clause commitment(Heading heading) {
        Instant deadline = fields.time("deadline");
        YamlValue value = map.get("deadline");
        if (value != null && deadline != null && !heading.from().isBefore(deadline)) {
            value.complain("comes before the commitment begins");
        }
        return new Clause.Commitment(
                heading,
                fields.party("debtor"),
                fields.party("creditor"),
                fields.requiredMoney("amount"),
                deadline,
                fields.period("term"),
                fields.channels("channels"),
                fields.word("shortfall", Shortfall.class, Shortfall.NOT_STATED),
                fields.text("overage"),
                fields.ref("adds_to"));
    }

    private Clause reservedCapacity(Heading heading) {
        YamlValue quantity = map.required("quantity", "100");
        BigDecimal units = quantity == null ? null : quantity.decimal();
        YamlValue rate = map.get("unit_tokens_per_minute");
        return new Clause.ReservedCapacity(
                heading,
                fields.party("holder"),
                fields.channel("channel", "azure"),
                units == null ? BigDecimal.ZERO : units,
                fields.required("unit", "PTU"),
                rate == null ? null : rate.number(1, 1L << 40),
                fields.money("unit_hour_price"),
                fields.text("region"),
                List.copyOf(fields.channels("spill")));
    }

    private Clause priceBook(Heading heading) {
        var rates = new ArrayList<Clause.Rate>();
        YamlValue list = map.required("rates", "[{tier: standard, input: 0.25, output: 2}]");
        if (list != null) {
            for (YamlValue value : list.list()) {
                Clause.Rate rate = rate(value.map());
                if (rates.stream().anyMatch(each -> isSame(each, rate))) {
                    value.complain(
                            "stands here twice: tier %s above %d input tokens has prices already"
                                    .formatted(rate.tier(), rate.aboveInputTokens()));
                }
                rates.add(rate);
            }
        }
        BigDecimal discount = fields.percent("discount_percent");
        return new Clause.PriceBook(
                heading,
                fields.channel("channel", "azure"),
                fields.context().currency(),
                rates,
                discount == null ? BigDecimal.ZERO : discount);
    }

    private static boolean isSame(Clause.Rate one, Clause.Rate other) {
        return one.tier().equals(other.tier())
                && one.aboveInputTokens() == other.aboveInputTokens();
    }

    private static Clause.Rate rate(YamlMap map) {
        YamlValue tier = map.get("tier");
        YamlValue above = map.get("above_input_tokens");
        String word = tier == null ? null : tier.oneOf(TIERS);
        Long tokens = above == null ? null : above.number(0, 1L << 40);
        var prices = new LinkedHashMap<String, BigDecimal>();
        for (String meter : METERS) {
            YamlValue value = map.get(meter);
            BigDecimal price = value == null ? null : value.decimal();
            if (price != null) {
                prices.put(meter, price);
            }
        }
        map.noOthers();
        return new Clause.Rate(
                word == null ? TIERS.getFirst() : word, tokens == null ? 0 : tokens, prices);
    }

    private Clause revenueShare(Heading heading) {
        YamlValue percentValue = map.required("percent", "20, or " + NOT_PUBLIC);
        BigDecimal percent =
                percentValue == null || NOT_PUBLIC.equals(fields.text("percent"))
                        ? null
                        : fields.percent("percent");
        boolean capped = map.get("cap") != null;
        Money cap = capped && !NOT_PUBLIC.equals(fields.text("cap")) ? fields.money("cap") : null;
        return new Clause.RevenueShare(
                heading,
                fields.party("payer"),
                fields.party("payee"),
                base(),
                percent,
                cap,
                capped);
    }

    /** A word that is reckoned with, or several that describe what no ledger of ours has. */
    private String base() {
        YamlValue value = map.required("base", BASES.getFirst());
        String text = value == null ? null : value.text();
        if (value == null || text == null) {
            return "";
        }
        boolean described = text.strip().indexOf(' ') > 0;
        if (!BASES.contains(text)
                && (!described || Spelling.nearest(text.strip(), BASES).isPresent())) {
            value.complain(
                    "must be one of "
                            + String.join(", ", BASES)
                            + ", or say in several words what it is, such as \"revenue from"
                            + " games\", but is '"
                            + text
                            + "'"
                            + Spelling.nearest(text, BASES)
                                    .map(near -> "; did you mean '" + near + "'?")
                                    .orElse(""));
        }
        return text;
    }

    private Clause funding(Heading heading) {
        var tranches = new ArrayList<Clause.Tranche>();
        Money total = fields.requiredMoney("total");
        Money sum = Money.zero(total.currency());
        YamlValue section = map.required("tranches", "{first: {amount: …}}");
        if (section != null) {
            for (var each : section.map().all().entrySet()) {
                var inner = new Fields(each.getValue().map(), fields.context());
                var tranche =
                        new Clause.Tranche(
                                each.getKey(),
                                inner.requiredMoney("amount"),
                                inner.text("trigger"),
                                inner.time("lapses"));
                inner.map.noOthers();
                tranches.add(tranche);
                sum = sum.plus(tranche.amount());
            }
            if (sum.compareTo(total) != 0) {
                section.complain("the tranches add up to " + sum + ", but the total is " + total);
            }
        }
        return new Clause.Funding(
                heading,
                fields.party("investor"),
                fields.party("investee"),
                total,
                tranches,
                fields.percent("stake_percent"));
    }

    private Clause licence(Heading heading) {
        boolean exclusive = fields.truth("exclusive", false);
        Set<String> licensees = new LinkedHashSet<>(fields.parties("licensees"));
        if (exclusive && licensees.isEmpty()) {
            map.complain("'licensees' is missing: say who has the exclusive licence");
        }
        return new Clause.Licence(
                heading,
                fields.party("licensor"),
                licensees,
                exclusive,
                fields.word("use", Use.class, null),
                fields.channels("channels"));
    }

    private Clause residency(Heading heading) {
        var clause =
                new Clause.Residency(
                        heading,
                        fields.channels("channels"),
                        fields.names("regions"),
                        fields.names("processors"));
        if (clause.regions().isEmpty() && clause.processors().isEmpty()) {
            map.complain("restricts nothing: give regions, processors or both");
        }
        return clause;
    }

    private @Nullable String sha256() {
        YamlValue value = map.get("sha256");
        String text = value == null ? null : value.text();
        if (value != null && text != null && !text.matches("[0-9a-f]{64}")) {
            value.complain("must be 64 hexadecimal digits");
        }
        return text;
    }
}

package entrepot.market.contracts;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** A clause as names and values: what is shown, compared and signed. */
public final class Members {

    private final Map<String, String> values = new LinkedHashMap<>();

    private Members() {}

    /** As in the files, such as {@code first-ship}. */
    public static String kind(Clause clause) {
        return switch (clause) {
            case Clause.Exclusivity _ -> "exclusivity";
            case Clause.FirstShip _ -> "first-ship";
            case Clause.FirstRefusal _ -> "first-refusal";
            case Clause.Commitment _ -> "commitment";
            case Clause.ReservedCapacity _ -> "reserved-capacity";
            case Clause.PriceBook _ -> "price-book";
            case Clause.RevenueShare _ -> "revenue-share";
            case Clause.Funding _ -> "funding";
            case Clause.Licence _ -> "licence";
            case Clause.Residency _ -> "residency";
            case Clause.Terms _ -> "terms";
            case Clause.Waiver _ -> "waiver";
        };
    }

    /** What a clause says, by the names that the files use; what is not stated is absent. */
    public static Map<String, String> of(Clause clause) {
        var members = new Members();
        members.put("kind", kind(clause));
        members.heading(clause.heading());
        switch (clause) {
            case Clause.Exclusivity it ->
                    members.put("of", word(it.of())).put("channels", it.channels());
            case Clause.FirstShip it ->
                    members.put("channels", it.channels())
                            .put("window", it.window())
                            .put("existing", it.existing());
            case Clause.FirstRefusal it ->
                    members.put("holder", it.holder())
                            .put("buyer", it.buyer())
                            .put("window", it.window());
            case Clause.Commitment it -> members.commitment(it);
            case Clause.ReservedCapacity it -> members.capacity(it);
            case Clause.PriceBook it -> members.prices(it);
            case Clause.RevenueShare it -> members.share(it);
            case Clause.Funding it -> members.funding(it);
            case Clause.Licence it ->
                    members.put("licensor", it.licensor())
                            .put("licensees", it.licensees())
                            .put("exclusive", it.exclusive())
                            .put("use", word(it.use()))
                            .put("channels", it.channels());
            case Clause.Residency it ->
                    members.put("channels", it.channels())
                            .put("regions", it.regions())
                            .put("processors", it.processors());
            case Clause.Terms it ->
                    members.put("channels", it.channels())
                            .put("version", it.version())
                            .put("url", it.url())
                            .put("sha256", it.sha256());
            case Clause.Waiver it -> members.put("waives", it.waives());
        }
        return Collections.unmodifiableMap(members.values);
    }

    private void heading(Heading heading) {
        put("says", heading.says()).put("parties", heading.parties());
        Scope scope = heading.scope();
        put("models", scope.models());
        put("apis", scope.apis().stream().map(Members::word).toList());
        if (scope.distribution() != Scope.Distribution.ANY) {
            put("distribution", word(scope.distribution()));
        }
        put("territories", scope.territories());
        if (!heading.from().equals(Instant.MIN)) {
            put("from", Wording.time(heading.from()));
        }
        if (!heading.to().equals(Instant.MAX)) {
            put("to", Wording.time(heading.to()));
        }
        if (!heading.learned().equals(Instant.MIN)) {
            put("learned", Wording.time(heading.learned()));
        }
        put("supersedes", heading.supersedes());
        put("reading", heading.reading());
    }

    private void commitment(Clause.Commitment it) {
        put("debtor", it.debtor()).put("creditor", it.creditor()).put("amount", it.amount());
        if (it.deadline() != null) {
            put("deadline", Wording.time(it.deadline()));
        }
        put("term", it.term()).put("channels", it.channels());
        if (it.shortfall() != Clause.Shortfall.NOT_STATED) {
            put("shortfall", word(it.shortfall()));
        }
        put("overage", it.overage()).put("adds_to", it.addsTo());
    }

    private void capacity(Clause.ReservedCapacity it) {
        put("holder", it.holder()).put("channel", it.channel());
        put("quantity", it.quantity().toPlainString()).put("unit", it.unit());
        put("unit_tokens_per_minute", it.unitTokensPerMinute());
        put("unit_hour_price", it.unitHourPrice());
        put("region", it.region()).put("spill", it.spill());
    }

    private void prices(Clause.PriceBook it) {
        put("channel", it.channel()).put("currency", it.currency());
        put("discount_percent", it.discountPercent().toPlainString());
        for (Clause.Rate rate : it.rates()) {
            String above = rate.aboveInputTokens() == 0 ? "" : " above " + rate.aboveInputTokens();
            rate.perMillion()
                    .forEach((meter, price) ->
                            put(
                                    "rates." + rate.tier() + above + "." + meter,
                                    price.toPlainString()));
        }
    }

    private void share(Clause.RevenueShare it) {
        put("payer", it.payer()).put("payee", it.payee()).put("base", it.base());
        put("percent", it.percent() == null ? "not public" : it.percent().toPlainString());
        if (it.capped()) {
            put("cap", it.cap() == null ? "not public" : it.cap().toString());
        }
    }

    private void funding(Clause.Funding it) {
        put("investor", it.investor()).put("investee", it.investee());
        boolean conditional = it.tranches().stream().anyMatch(part -> part.trigger() != null);
        put("total", (conditional ? "up to " : "") + it.total());
        put("stake_percent", it.stakePercent() == null ? null : it.stakePercent().toPlainString());
        for (Clause.Tranche tranche : it.tranches()) {
            String name = "tranches." + tranche.id();
            put(name + ".amount", tranche.amount()).put(name + ".trigger", tranche.trigger());
            if (tranche.lapses() != null) {
                put(name + ".lapses", Wording.time(tranche.lapses()));
            }
        }
    }

    private Members put(String name, @Nullable Object value) {
        if (value != null) {
            values.put(name, value.toString());
        }
        return this;
    }

    private Members put(String name, Collection<String> items) {
        if (!items.isEmpty()) {
            values.put(name, items.stream().collect(Collectors.joining(", ")));
        }
        return this;
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}

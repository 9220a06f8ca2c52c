package entrepot.market.prices.sources;

import entrepot.conversation.Usage.Meter;
import entrepot.market.prices.ListedModel.Abilities;
import entrepot.market.prices.Rate;
import entrepot.market.prices.Tiers;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Reads {@code data.json} of genai-prices: providers, their models, and prices per million tokens.
 * Of several prices of a model the last one whose condition holds counts there, as it does here.
 */
final class GenaiPrices {

    static final String NAME = "genai-prices";

    private static final Map<String, Meter> METERS =
            Map.of(
                    "input_mtok", Meter.FRESH_INPUT,
                    "output_mtok", Meter.OUTPUT,
                    "cache_read_mtok", Meter.CACHE_READ,
                    "cache_write_mtok", Meter.CACHE_WRITE_5M,
                    "input_audio_mtok", Meter.AUDIO_INPUT,
                    "output_audio_mtok", Meter.AUDIO_OUTPUT);

    private GenaiPrices() {}

    static boolean is(JsonNode json) {
        return json.isArray() && json.path(0).has("api_pattern");
    }

    static void read(JsonNode json, Drafts drafts) {
        for (JsonNode provider : json) {
            String id = provider.path("id").asString("");
            for (Channels.Channel channel : Channels.ALL) {
                if (channel.genai().contains(id)) {
                    provider.path("models").forEach(model -> model(channel.id(), model, drafts));
                }
            }
        }
    }

    private static void model(String channel, JsonNode model, Drafts drafts) {
        String id = model.path("id").asString("");
        if (channel.equals("gemini") && id.startsWith("claude")) {
            return; // sold by Vertex only
        }
        var draft = new Draft(id, NAME);
        names(model.path("match"), draft);
        JsonNode prices = model.path("prices");
        for (JsonNode price : prices.isArray() ? prices : List.of(prices)) {
            Rate rate = rate(price, drafts, channel + " " + id);
            if (rate == null) {
                return;
            }
            draft.rates.add(google(channel, id, rate));
        }
        JsonNode context = model.path("context_window");
        if (context.isNumber()) {
            draft.abilities =
                    new Abilities(context.longValue(), null, List.of(), List.of(), null, null);
        }
        drafts.add(channel, draft);
    }

    /** Where Google lists one price of input it is that of sound, too. */
    private static Rate google(String channel, String name, Rate rate) {
        BigDecimal input = rate.perMillion().get(Meter.FRESH_INPUT);
        if (!name.startsWith("gemini")
                || !(channel.equals("gemini") || channel.equals("vertex"))
                || input == null
                || rate.perMillion().containsKey(Meter.AUDIO_INPUT)) {
            return rate;
        }
        var prices = new EnumMap<Meter, BigDecimal>(rate.perMillion());
        prices.put(Meter.AUDIO_INPUT, input);
        var bands = new ArrayList<Rate.Band>();
        for (Rate.Band band : rate.above()) {
            var more = new EnumMap<Meter, BigDecimal>(band.perMillion());
            more.put(Meter.AUDIO_INPUT, more.getOrDefault(Meter.FRESH_INPUT, input));
            bands.add(new Rate.Band(band.inputTokens(), more));
        }
        return Draft.with(rate, prices, bands);
    }

    /** Names that are said whole; what they begin with stands for names with dates behind. */
    private static void names(JsonNode match, Draft draft) {
        for (String kind : List.of("equals", "starts_with", "contains")) {
            if (match.path(kind).isString()) {
                draft.names.add(match.path(kind).stringValue());
            }
        }
        match.path("or").forEach(each -> names(each, draft));
    }

    private static @Nullable Rate rate(JsonNode price, Drafts drafts, String where) {
        JsonNode constraint = price.path("constraint");
        JsonNode amounts = price.has("prices") ? price.path("prices") : price;
        var prices = new EnumMap<Meter, BigDecimal>(Meter.class);
        var bands = new TreeMap<Long, Map<Meter, BigDecimal>>();
        for (Map.Entry<String, JsonNode> amount : amounts.properties()) {
            Meter meter = METERS.get(amount.getKey());
            JsonNode value = amount.getValue();
            if (meter == null) {
                if (!amount.getKey().equals("cache_audio_read_mtok")) {
                    drafts.note(
                            where
                                    + ": left out, since "
                                    + amount.getKey()
                                    + " is billed beside its tokens");
                    return null;
                }
                continue;
            }
            prices.put(meter, decimal(value.isObject() ? value.path("base") : value));
            for (JsonNode tier : value.path("tiers")) {
                bands.computeIfAbsent(tier.path("start").asLong(0), _ -> new EnumMap<>(Meter.class))
                        .put(meter, decimal(tier.path("price")));
            }
        }
        if (prices.isEmpty()) {
            return null; // free of charge for some, or not known: no price is not zero
        }
        var above = new ArrayList<Rate.Band>();
        bands.forEach((tokens, otherwise) -> above.add(new Rate.Band(tokens, otherwise)));
        return new Rate(
                Tiers.STANDARD,
                null,
                constraint.has("start_date")
                        ? LocalDate.parse(constraint.path("start_date").stringValue())
                        : null,
                null,
                hours(constraint),
                prices,
                above,
                false);
    }

    private static Rate.@Nullable Hours hours(JsonNode constraint) {
        return constraint.has("start_time")
                ? new Rate.Hours(
                        LocalTime.parse(
                                constraint.path("start_time").stringValue().replace("Z", "")),
                        LocalTime.parse(constraint.path("end_time").stringValue().replace("Z", "")))
                : null;
    }

    private static BigDecimal decimal(JsonNode node) {
        return Draft.clean(node.decimalValue());
    }
}

package entrepot.market.prices.sources;

import entrepot.conversation.Usage.Meter;
import entrepot.market.prices.ListedModel.Abilities;
import entrepot.market.prices.Rate;
import entrepot.market.prices.Tiers;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;

import java.math.BigDecimal;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads {@code model_prices_and_context_window.json} of LiteLLM: prices of single tokens, by model,
 * with tiers and thresholds in the names of members. It fills what another source left open, and
 * only where the two agree on what input and output cost.
 */
final class LiteLlm {

    static final String NAME = "litellm";

    private static final Set<String> MODES =
            Set.of("chat", "completion", "responses", "embedding", "image_generation");

    private static final Map<Meter, String> METERS =
            Map.of(
                    Meter.FRESH_INPUT, "input_cost_per_token",
                    Meter.OUTPUT, "output_cost_per_token",
                    Meter.CACHE_READ, "cache_read_input_token_cost",
                    Meter.CACHE_WRITE_5M, "cache_creation_input_token_cost",
                    Meter.CACHE_WRITE_1H, "cache_creation_input_token_cost_above_1hr",
                    Meter.REASONING, "output_cost_per_reasoning_token",
                    Meter.AUDIO_INPUT, "input_cost_per_audio_token",
                    Meter.AUDIO_OUTPUT, "output_cost_per_audio_token",
                    Meter.IMAGE_INPUT, "input_cost_per_image_token",
                    Meter.IMAGE_OUTPUT, "output_cost_per_image_token");

    private static final Map<String, String> TIERS =
            new TreeMap<>(Map.of("batch", "_batches", "flex", "_flex", "priority", "_priority"));

    private static final Pattern ABOVE = Pattern.compile("_above_(\\d+)k_tokens");
    private static final Pattern SIZED = Pattern.compile(".*\\d-x-\\d.*");
    private static final Pattern PLACE =
            Pattern.compile("(?:bedrock/)?((?:[a-z]{2,3}(?:-[a-z]+)+-\\d)|eu|us)/(.+)");

    private final JsonNode json;
    private final Drafts drafts;
    private final Set<String> sized = new TreeSet<>();

    private LiteLlm(JsonNode json, Drafts drafts) {
        this.json = json;
        this.drafts = drafts;
    }

    static boolean is(JsonNode json) {
        return json.isObject() && json.path("sample_spec").has("litellm_provider");
    }

    static void read(JsonNode json, Drafts drafts) {
        var reader = new LiteLlm(json, drafts);
        for (Map.Entry<String, JsonNode> model : json.properties()) {
            String key = model.getKey();
            if (SIZED.matcher(key).matches()) {
                reader.sized.add(key.substring(key.lastIndexOf('/') + 1));
            }
        }
        // First what is sold everywhere, so that regions find it.
        reader.all(false);
        reader.all(true);
    }

    private void all(boolean regional) {
        for (Map.Entry<String, JsonNode> model : json.properties()) {
            JsonNode entry = model.getValue();
            String provider = entry.path("litellm_provider").asString("");
            for (Channels.Channel channel : Channels.ALL) {
                boolean ours =
                        channel.lite().contains(provider)
                                || (channel.id().equals("vertex")
                                        && provider.startsWith("vertex_ai"));
                if (ours && MODES.contains(entry.path("mode").asString(""))) {
                    one(channel.id(), model.getKey(), entry, regional);
                }
            }
        }
    }

    private void one(String channel, String key, JsonNode entry, boolean regional) {
        String name = key;
        for (String prefix :
                List.of(Channels.PREFIXES.getOrDefault(channel, channel + "/"), "azure_ai/")) {
            name = name.startsWith(prefix) ? name.substring(prefix.length()) : name;
        }
        name = name.replaceFirst("^(global|global-standard)/", "");
        Matcher place = PLACE.matcher(name);
        boolean placed = (channel.equals("azure") || channel.equals("bedrock")) && place.matches();
        if (placed != regional || SIZED.matcher(name).matches()) {
            return;
        }
        if (placed) {
            region(channel, place.group(2), place.group(1), entry);
            return;
        }
        Rate rate = rate(entry, Tiers.STANDARD, "", name);
        if (rate == null) {
            return;
        }
        Draft known = drafts.find(channel, name);
        Draft family = known == null ? drafts.find(channel, Drafts.undated(name)) : known;
        if (family == null || !family.source.equals(GenaiPrices.NAME)) {
            if (known == null) {
                drafts.add(channel, whole(channel, name, rate, entry));
            }
        } else if (agrees(family, rate)) {
            family.names.add(name);
            fill(channel, family, rate, entry);
        } else if (known != null && !known.name.equals(name) && dated(name)) {
            drafts.note("%s %s: has prices of its own at %s".formatted(channel, name, NAME));
            drafts.take(channel, name, known, whole(channel, name, rate, entry));
        } else if (known == null) {
            drafts.add(channel, whole(channel, name, rate, entry));
        } else {
            drafts.note(
                    "%s %s: %s says input %s, output %s; %s is kept"
                            .formatted(
                                    channel,
                                    name,
                                    NAME,
                                    rate.perMillion().get(Meter.FRESH_INPUT),
                                    rate.perMillion().get(Meter.OUTPUT),
                                    GenaiPrices.NAME));
        }
    }

    private static boolean dated(String name) {
        return !Drafts.undated(name).equals(name);
    }

    private Draft whole(String channel, String name, Rate rate, JsonNode entry) {
        var draft = new Draft(name, NAME);
        draft.rates.add(rate);
        fill(channel, draft, rate, entry);
        draft.abilities =
                new Abilities(
                        number(entry.path("max_input_tokens")),
                        number(entry.path("max_output_tokens")),
                        entry.path("supports_vision").asBoolean(false)
                                ? List.of("text", "image")
                                : List.of(),
                        List.of(),
                        entry.has("supports_function_calling")
                                ? entry.path("supports_function_calling").asBoolean(false)
                                : null,
                        null);
        return draft;
    }

    private boolean agrees(Draft draft, Rate rate) {
        Rate now = now(draft);
        return now != null && same(now, rate, Meter.FRESH_INPUT) && same(now, rate, Meter.OUTPUT);
    }

    private @Nullable Rate now(Draft draft) {
        return draft.tariff()
                .at(Tiers.STANDARD, null, drafts.date.atStartOfDay().toInstant(ZoneOffset.UTC));
    }

    private static boolean same(Rate one, Rate other, Meter meter) {
        BigDecimal a = one.perMillion().getOrDefault(meter, BigDecimal.ZERO);
        BigDecimal b = other.perMillion().getOrDefault(meter, BigDecimal.ZERO);
        return a.compareTo(b) == 0;
    }

    /** Adds meters, thresholds, tiers and surcharges that the model has not. */
    private void fill(String channel, Draft draft, Rate rate, JsonNode entry) {
        Rate now = now(draft);
        if (now == null) {
            return;
        }
        Rate filled = merged(now, rate, draft.hasBands());
        draft.rates.set(draft.rates.indexOf(now), filled);
        JsonNode special = entry.path("provider_specific_entry");
        if (channel.equals("anthropic")) {
            Vendors.anthropic(draft);
            times(draft, special.path("fast"), Tiers.of("fast"), "");
            times(draft, special.path("us"), Tiers.STANDARD, "us");
        }
        TIERS.forEach((tier, suffix) -> {
            Rate own = draft.hasTier(tier) ? null : rate(entry, tier, suffix, draft.name);
            if (own != null) {
                draft.rates.add(Vendors.longer(own, filled));
            }
        });
        times(draft, entry.path("regional_processing_uplift_multiplier_eu"), Tiers.STANDARD, "eu");
        times(draft, entry.path("regional_processing_uplift_multiplier_us"), Tiers.STANDARD, "us");
    }

    /** A surcharge on the standard prices, at all their times. */
    private static void times(Draft draft, JsonNode factor, String tier, String region) {
        boolean known =
                draft.rates.stream()
                        .anyMatch(each ->
                                each.tier().equals(tier)
                                        && region.equals(
                                                each.region() == null ? "" : each.region()));
        if (factor.isNumber() && !known) {
            for (Rate rate : List.copyOf(draft.rates)) {
                if (rate.tier().equals(Tiers.STANDARD) && rate.region() == null) {
                    draft.rates.add(Draft.times(rate, factor.decimalValue(), tier, region));
                }
            }
        }
    }

    private static Rate merged(Rate now, Rate rate, boolean banded) {
        var prices = new EnumMap<Meter, BigDecimal>(Meter.class);
        prices.putAll(now.perMillion());
        var bands = new TreeMap<Long, Map<Meter, BigDecimal>>();
        now.above()
                .forEach(band -> bands.put(band.inputTokens(), new EnumMap<>(band.perMillion())));
        rate.perMillion()
                .forEach((meter, price) -> {
                    // What is filled in below a threshold must be known above it, too.
                    boolean whole =
                            now.above().stream()
                                    .allMatch(
                                            band -> above(rate, band.inputTokens(), meter) != null);
                    if (!prices.containsKey(meter) && whole) {
                        prices.put(meter, price);
                        bands.forEach((tokens, otherwise) -> {
                            BigDecimal higher = above(rate, tokens, meter);
                            otherwise.put(meter, higher == null ? price : higher);
                        });
                    }
                });
        if (!banded) {
            rate.above().forEach(band -> bands.put(band.inputTokens(), band.perMillion()));
        }
        var above = new ArrayList<Rate.Band>();
        bands.forEach((tokens, otherwise) -> above.add(new Rate.Band(tokens, otherwise)));
        return Draft.with(now, prices, above);
    }

    private static @Nullable BigDecimal above(Rate rate, long tokens, Meter meter) {
        for (Rate.Band band : rate.above()) {
            if (band.inputTokens() == tokens) {
                return band.perMillion().get(meter);
            }
        }
        return null;
    }

    private void region(String channel, String name, String region, JsonNode entry) {
        Draft known = drafts.family(channel, name);
        Rate rate = rate(entry, Tiers.STANDARD, "", name);
        if (rate == null) {
            return;
        }
        Draft draft = known == null ? new Draft(name, NAME) : known;
        if (known == null) {
            drafts.add(channel, draft);
        }
        boolean there = draft.rates.stream().anyMatch(each -> region.equals(each.region()));
        if (!there) {
            draft.rates.add(Draft.times(rate, BigDecimal.ONE, Tiers.STANDARD, region));
        }
    }

    /** The rate of a tier; null where the entry has none, or says that all is for nothing. */
    private @Nullable Rate rate(JsonNode entry, String tier, String suffix, String name) {
        Map<Meter, BigDecimal> prices = prices(entry, "", suffix);
        var bands = new TreeMap<Long, Map<Meter, BigDecimal>>();
        if (entry.path("tiered_pricing").isArray() && suffix.isEmpty()) {
            for (JsonNode step : entry.path("tiered_pricing")) {
                long from = step.path("range").path(0).decimalValue().longValue();
                Map<Meter, BigDecimal> of = prices(step, "", "");
                if (from == 0) {
                    prices = of;
                } else {
                    bands.put(from, of);
                }
            }
        }
        boolean picture = entry.path("mode").asString("").equals("image_generation");
        if (picture && suffix.isEmpty() && !prices.containsKey(Meter.IMAGE_OUTPUT)) {
            JsonNode each =
                    entry.has("output_cost_per_image")
                            ? entry.path("output_cost_per_image")
                            : entry.path("input_cost_per_image");
            // Where size or quality make a difference, one price is a guess.
            if (!each.isNumber() || sized.contains(name) || each.decimalValue().signum() == 0) {
                return null;
            }
            prices = new EnumMap<>(Map.of(Meter.IMAGES, million(each)));
        }
        if (prices.values().stream().allMatch(price -> price.signum() == 0)) {
            return null;
        }
        if (prices.getOrDefault(Meter.OUTPUT, BigDecimal.ONE).signum() == 0) {
            prices.remove(Meter.OUTPUT);
        }
        for (String member : entry.propertyNames()) {
            Matcher above = ABOVE.matcher(member);
            if (above.find()) {
                long tokens = Long.parseLong(above.group(1)) * 1000;
                bands.computeIfAbsent(tokens, _ -> prices(entry, above.group(), suffix));
            }
        }
        var steps = new ArrayList<Rate.Band>();
        bands.forEach((tokens, otherwise) -> {
            if (!otherwise.isEmpty()) {
                steps.add(new Rate.Band(tokens, otherwise));
            }
        });
        return Draft.rate(tier, prices, steps);
    }

    private static Map<Meter, BigDecimal> prices(JsonNode entry, String above, String suffix) {
        var prices = new EnumMap<Meter, BigDecimal>(Meter.class);
        METERS.forEach((meter, member) -> {
            JsonNode price = entry.path(member + above + suffix);
            if (price.isNumber()) {
                prices.put(meter, million(price));
            }
        });
        return prices;
    }

    private static BigDecimal million(JsonNode price) {
        return Draft.clean(price.decimalValue().movePointRight(6));
    }

    private static @Nullable Long number(JsonNode node) {
        return node.isNumber() ? (Long) node.decimalValue().longValue() : null;
    }
}

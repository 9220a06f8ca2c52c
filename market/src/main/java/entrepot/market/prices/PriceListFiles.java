package entrepot.market.prices;

import static java.nio.charset.StandardCharsets.UTF_8;

import entrepot.conversation.Failed;
import entrepot.conversation.Failure.Cause;
import entrepot.conversation.Usage.Meter;
import entrepot.market.prices.ListedModel.Abilities;
import entrepot.protocols.json.Json;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.math.BigDecimal;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/**
 * The files of a price list: an index, and for each channel a file with a model in each line, so
 * that a new price is one changed line.
 *
 * <pre>{@code
 * {"channel":"openai","currency":"USD","models":{
 * "gpt-5.4":{"names":["gpt-5.4-2026-03-05"],"source":"genai-prices","context":1050000,
 *  "prices":[{"input":2.5,"cache_read":0.25,"output":15,
 *    "above":[{"input_tokens":272000,"input":5}]},
 *   {"tier":"flex","region":"eu","from":"2026-03-01","until":"2027-01-01",
 *    "hours":"00:30-16:30","excess":true,"input":1.25}]}
 * }}
 * }</pre>
 *
 * <p>Prices are per million of what a meter counts, as exact decimals.
 */
public final class PriceListFiles {

    private PriceListFiles() {}

    static PriceList.Index index(byte[] bytes) {
        JsonNode json = json(PriceList.INDEX, bytes);
        var sources = new ArrayList<PriceList.Origin>();
        for (JsonNode source : json.path("sources")) {
            sources.add(
                    new PriceList.Origin(
                            text(source, "name"),
                            text(source, "address"),
                            text(source, "licence")));
        }
        var channels = new ArrayList<PriceList.Channel>();
        for (JsonNode channel : json.path("channels")) {
            channels.add(
                    new PriceList.Channel(
                            text(channel, "id"),
                            texts(channel.path("hosts")),
                            text(channel, "file"),
                            text(channel, "sha256")));
        }
        try {
            return new PriceList.Index(
                    text(json, "version"), LocalDate.parse(text(json, "date")), sources, channels);
        } catch (DateTimeException e) {
            throw new PriceListInvalid(PriceList.INDEX + ": 'date' is not such as 2026-08-22");
        }
    }

    /** Reads a channel's file. */
    public static List<ListedModel> channel(String file, byte[] bytes) {
        JsonNode json = json(file, bytes);
        String currency = text(json, "currency");
        var models = new ArrayList<ListedModel>();
        json.path("models")
                .properties()
                .forEach(member -> {
                    JsonNode model = member.getValue();
                    try {
                        models.add(
                                new ListedModel(
                                        member.getKey(),
                                        texts(model.path("names")),
                                        text(model, "source"),
                                        new Tariff(currency, rates(model.path("prices"))),
                                        abilities(model)));
                    } catch (PriceListInvalid | DateTimeException | IllegalArgumentException e) {
                        throw new PriceListInvalid(
                                "%s, model %s: %s"
                                        .formatted(file, member.getKey(), e.getMessage()));
                    }
                });
        return models;
    }

    private static Abilities abilities(JsonNode model) {
        return new Abilities(
                number(model.path("context")),
                number(model.path("output")),
                texts(model.path("takes")),
                texts(model.path("gives")),
                truth(model.path("tools")),
                truth(model.path("reasoning")));
    }

    private static List<Rate> rates(JsonNode prices) {
        var rates = new ArrayList<Rate>();
        for (JsonNode price : prices) {
            var bands = new ArrayList<Rate.Band>();
            for (JsonNode band : price.path("above")) {
                bands.add(new Rate.Band(band.path("input_tokens").asLong(0), meters(band)));
            }
            rates.add(
                    new Rate(
                            Tiers.of(price.path("tier").asString("")),
                            said(price, "region"),
                            day(price, "from"),
                            day(price, "until"),
                            hours(said(price, "hours")),
                            meters(price),
                            bands,
                            price.path("excess").asBoolean(false)));
        }
        return rates;
    }

    /** Reads {@code 00:30-16:30}. */
    static Rate.@Nullable Hours hours(@Nullable String text) {
        if (text == null) {
            return null;
        }
        String[] ends = text.split("-", 2);
        if (ends.length != 2) {
            throw new PriceListInvalid("'hours' is not such as 00:30-16:30");
        }
        return new Rate.Hours(LocalTime.parse(ends[0]), LocalTime.parse(ends[1]));
    }

    private static Map<Meter, BigDecimal> meters(JsonNode prices) {
        var meters = new EnumMap<Meter, BigDecimal>(Meter.class);
        for (Meter meter : Meter.values()) {
            JsonNode price = prices.path(Rating.word(meter));
            if (price.isNumber()) {
                meters.put(meter, price.decimalValue());
            }
        }
        return meters;
    }

    /** The lines of a channel's file; equal models give equal lines. */
    public static byte[] write(String channel, String currency, List<ListedModel> models) {
        var text = new StringBuilder();
        text.append(
                "{\"channel\":\"%s\",\"currency\":\"%s\",\"models\":{\n"
                        .formatted(channel, currency));
        for (int i = 0; i < models.size(); i++) {
            text.append(Json.object().stringNode(models.get(i).name()))
                    .append(':')
                    .append(written(models.get(i)))
                    .append(i < models.size() - 1 ? ",\n" : "\n");
        }
        return text.append("}}\n").toString().getBytes(UTF_8);
    }

    /** One model as it stands in the file. */
    public static String written(ListedModel model) {
        ObjectNode json = Json.object();
        fill(json, "names", model.names());
        json.put("source", model.source());
        Abilities can = model.abilities();
        fill(json, "context", can.contextTokensMax());
        fill(json, "output", can.outputTokensMax());
        fill(json, "takes", can.takes());
        fill(json, "gives", can.gives());
        if (can.tools() != null) {
            json.put("tools", can.tools());
        }
        if (can.reasoning() != null) {
            json.put("reasoning", can.reasoning());
        }
        ArrayNode prices = json.putArray("prices");
        for (Rate rate : model.tariff().rates()) {
            fill(prices.addObject(), rate);
        }
        return new String(Json.write(json), UTF_8);
    }

    private static void fill(ObjectNode json, Rate rate) {
        if (!rate.tier().equals(Tiers.STANDARD)) {
            json.put("tier", rate.tier());
        }
        put(json, "region", rate.region());
        put(json, "from", rate.from());
        put(json, "until", rate.until());
        Rate.Hours hours = rate.hours();
        put(json, "hours", hours == null ? null : hours.from() + "-" + hours.until());
        fill(json, rate.perMillion(), Map.of());
        Map<Meter, BigDecimal> lower = rate.perMillion();
        for (Rate.Band band : rate.above()) {
            ArrayNode above = json.withArray("above");
            ObjectNode step = above.addObject().put("input_tokens", band.inputTokens());
            fill(step, band.perMillion(), lower);
            lower = band.perMillion();
        }
        if (rate.excess()) {
            json.put("excess", true);
        }
    }

    private static void fill(
            ObjectNode json, Map<Meter, BigDecimal> prices, Map<Meter, BigDecimal> but) {
        prices.forEach((meter, price) -> {
            BigDecimal other = but.get(meter);
            if (other == null || other.compareTo(price) != 0) {
                json.put(Rating.word(meter), price);
            }
        });
    }

    private static void fill(ObjectNode json, String name, List<String> words) {
        if (!words.isEmpty()) {
            words.forEach(json.putArray(name)::add);
        }
    }

    private static void fill(ObjectNode json, String name, @Nullable Long number) {
        if (number != null) {
            json.put(name, number);
        }
    }

    private static void put(ObjectNode json, String name, @Nullable Object value) {
        if (value != null) {
            json.put(name, value.toString());
        }
    }

    /** The index over files that are as written here. */
    public static byte[] write(PriceList.Index index) {
        ObjectNode json = Json.object().put("version", index.version());
        json.put("date", index.date().toString());
        ArrayNode sources = json.putArray("sources");
        for (PriceList.Origin source : index.sources()) {
            sources.addObject()
                    .put("name", source.name())
                    .put("address", source.address())
                    .put("licence", source.licence());
        }
        ArrayNode channels = json.putArray("channels");
        for (PriceList.Channel channel : index.channels()) {
            ObjectNode one = channels.addObject().put("id", channel.id());
            channel.hosts().forEach(one.putArray("hosts")::add);
            one.put("file", channel.file()).put("sha256", channel.sha256());
        }
        return (json.toPrettyString() + "\n").getBytes(UTF_8);
    }

    /** In hexadecimal. */
    public static String hash(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private static JsonNode json(String file, byte[] bytes) {
        try {
            return Json.read(bytes, Cause.INTERNAL);
        } catch (Failed malformed) {
            throw new PriceListInvalid(file + ": " + malformed.failure().message());
        }
    }

    private static String text(JsonNode json, String name) {
        String text = said(json, name);
        if (text == null) {
            throw new PriceListInvalid("'" + name + "' is missing");
        }
        return text;
    }

    private static @Nullable String said(JsonNode json, String name) {
        return json.path(name).isString() ? json.path(name).stringValue() : null;
    }

    private static @Nullable LocalDate day(JsonNode json, String name) {
        String text = said(json, name);
        return text == null ? null : LocalDate.parse(text);
    }

    private static List<String> texts(JsonNode list) {
        return list.valueStream().map(each -> each.asString("")).toList();
    }

    private static @Nullable Long number(JsonNode node) {
        return node.isNumber() ? node.longValue() : null;
    }

    private static @Nullable Boolean truth(JsonNode node) {
        return node.isBoolean() ? node.booleanValue() : null;
    }
}

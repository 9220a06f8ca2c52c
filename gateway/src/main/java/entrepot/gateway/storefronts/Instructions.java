package entrepot.gateway.storefronts;

import entrepot.conversation.Failure;
import entrepot.gateway.door.Call;
import entrepot.gateway.door.Fields;
import entrepot.gateway.door.Refusals;
import entrepot.market.Order;
import entrepot.market.Wishes;
import entrepot.protocols.json.Json;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * What a caller says to this gateway beside its request, in headers or in the member {@code
 * entrepot} of the body, which no supplier sees. A header wins over the body.
 *
 * <pre>
 *   x-entrepot-route:      {"order": ["azure"], "only": [], "ignore": [], "allow_fallbacks": true,
 *                          "require_parameters": false, "data_collection": "allow"|"deny",
 *                          "zdr": false, "max_price": {"prompt": "2.5", "completion": "10"},
 *                          "sort": "price"|"throughput"|"latency"}
 *   x-entrepot-project:    what it is booked on
 *   x-entrepot-data-class: such as personal
 *   x-entrepot-losses:     refuse|report
 *   body:                  "entrepot": {"route": {…}, "project": …, "data_class": …, "losses": …}
 * </pre>
 *
 * @param losses what may be lost in translation
 */
public record Instructions(Wishes wishes, Order.Purpose purpose, Order.Losses losses) {

    static final String ROUTE = "x-entrepot-route";
    static final String PROJECT = "x-entrepot-project";
    static final String DATA_CLASS = "x-entrepot-data-class";
    static final String LOSSES = "x-entrepot-losses";

    private static final int NAMES_MAX = 100;
    private static final int WORD_CHARS_MAX = 128;

    /** A caller that says nothing. */
    public static final Instructions NONE =
            new Instructions(Wishes.NONE, Order.Purpose.NONE, Order.Losses.REFUSE);

    /**
     * Reads them.
     *
     * @throws entrepot.conversation.Failed with the header or member that cannot be understood
     */
    public static Instructions of(Call call) {
        return of(call::header, call.extension());
    }

    /** Reads what a body's own member says, where there are no headers. */
    public static Instructions of(@Nullable JsonNode said) {
        return of(_ -> null, said);
    }

    /** As {@link #of(JsonNode)} reads it, for those that are followed later. */
    public ObjectNode json() {
        ObjectNode json = Json.object();
        if (!wishes.equals(Wishes.NONE)) {
            json.set("route", json(wishes));
        }
        if (purpose.project() != null) {
            json.put("project", purpose.project());
        }
        if (purpose.dataClass() != null) {
            json.put("data_class", purpose.dataClass());
        }
        if (losses == Order.Losses.REPORT) {
            json.put("losses", "report");
        }
        return json;
    }

    private static ObjectNode json(Wishes wishes) {
        ObjectNode json = Json.object();
        put(json, "order", wishes.order());
        put(json, "only", wishes.only());
        put(json, "ignore", wishes.ignore());
        json.put("allow_fallbacks", wishes.allowFallbacks())
                .put("require_parameters", wishes.requireParameters())
                .put("zdr", wishes.zeroRetention());
        if (wishes.denyDataCollection()) {
            json.put("data_collection", "deny");
        }
        Wishes.MaxPrice max = wishes.maxPrice();
        if (max != null) {
            ObjectNode most = json.putObject("max_price");
            if (max.input() != null) {
                most.put("prompt", max.input().toPlainString());
            }
            if (max.output() != null) {
                most.put("completion", max.output().toPlainString());
            }
        }
        Wishes.Sort sort = wishes.sort();
        if (sort != null) {
            json.put("sort", sort.name().toLowerCase(java.util.Locale.ROOT));
        }
        return json;
    }

    private static void put(ObjectNode json, String member, List<String> names) {
        if (!names.isEmpty()) {
            names.forEach(json.putArray(member)::add);
        }
    }

    private interface Headers {
        @Nullable String get(String name);
    }

    private static Instructions of(Headers headers, @Nullable JsonNode said) {
        String route = headers.get(ROUTE);
        String project = headers.get(PROJECT);
        String dataClass = headers.get(DATA_CLASS);
        String losses = headers.get(LOSSES);
        if (said == null
                && route == null
                && project == null
                && dataClass == null
                && losses == null) {
            return NONE;
        }
        Fields body = Fields.of("entrepot", said == null ? Json.object() : said);
        Fields wished = body.object("route");
        if (route != null) {
            wished = Fields.of(ROUTE, Json.read(route, Failure.Cause.INVALID_REQUEST));
        }
        String bodyProject = body.text("project");
        String bodyClass = body.text("data_class");
        String bodyLosses = body.text("losses");
        body.end();
        return new Instructions(
                wished == null ? Wishes.NONE : wishes(wished),
                new Order.Purpose(
                        word(PROJECT, project == null ? bodyProject : project),
                        word(DATA_CLASS, dataClass == null ? bodyClass : dataClass)),
                losses(losses == null ? bodyLosses : losses));
    }

    private static Wishes wishes(Fields fields) {
        List<String> order = names(fields, "order");
        List<String> only = names(fields, "only");
        List<String> ignore = names(fields, "ignore");
        Boolean fallbacks = fields.flag("allow_fallbacks");
        Boolean parameters = fields.flag("require_parameters");
        String collection = fields.oneOf("data_collection", "allow", "deny");
        Boolean zeroRetention = fields.flag("zdr");
        Wishes.MaxPrice max = maxPrice(fields.object("max_price"));
        String sort = fields.oneOf("sort", "price", "throughput", "latency");
        fields.end();
        return new Wishes(
                order,
                only,
                ignore,
                !Boolean.FALSE.equals(fallbacks),
                Boolean.TRUE.equals(parameters),
                "deny".equals(collection),
                Boolean.TRUE.equals(zeroRetention),
                max,
                sort == null ? null : Wishes.Sort.valueOf(sort.toUpperCase(java.util.Locale.ROOT)));
    }

    private static List<String> names(Fields fields, String member) {
        List<JsonNode> list = Objects.requireNonNullElse(fields.list(member), List.of());
        if (list.size() > NAMES_MAX) {
            throw Refusals.value(fields.at(member), "at most " + NAMES_MAX + " names.");
        }
        var names = new ArrayList<String>();
        for (int i = 0; i < list.size(); i++) {
            names.add(Fields.text(fields.at(member) + "[" + i + "]", list.get(i)));
        }
        return names;
    }

    private static Wishes.@Nullable MaxPrice maxPrice(@Nullable Fields fields) {
        if (fields == null) {
            return null;
        }
        var max = new Wishes.MaxPrice(amount(fields, "prompt"), amount(fields, "completion"));
        fields.end();
        return max;
    }

    /** An exact amount: text or a number, read by its digits. */
    private static @Nullable BigDecimal amount(Fields fields, String member) {
        JsonNode value = fields.get(member);
        if (value == null) {
            return null;
        }
        try {
            BigDecimal amount =
                    value.isNumber() ? value.decimalValue() : new BigDecimal(value.stringValue(""));
            if (amount.signum() >= 0) {
                return amount;
            }
        } catch (NumberFormatException notANumber) {
            // told below
        }
        throw Refusals.value(
                fields.at(member), "it must be an amount per million tokens, such as \"2.50\".");
    }

    private static @Nullable String word(String where, @Nullable String text) {
        if (text == null) {
            return null;
        }
        String word = text.strip();
        if (word.isEmpty() || word.length() > WORD_CHARS_MAX) {
            throw Refusals.value(where, "it must be 1 to " + WORD_CHARS_MAX + " characters.");
        }
        return word;
    }

    private static Order.Losses losses(@Nullable String wish) {
        if (wish == null || wish.strip().equalsIgnoreCase("refuse")) {
            return Order.Losses.REFUSE;
        }
        if (wish.strip().equalsIgnoreCase("report")) {
            return Order.Losses.REPORT;
        }
        throw Refusals.value(LOSSES, "it is neither 'refuse' nor 'report'.");
    }
}

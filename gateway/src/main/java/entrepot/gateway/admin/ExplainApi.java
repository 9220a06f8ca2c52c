package entrepot.gateway.admin;

import entrepot.conversation.Failure;
import entrepot.gateway.door.Call;
import entrepot.gateway.door.ErrorShape;
import entrepot.gateway.door.Fields;
import entrepot.gateway.door.OpenAiShape;
import entrepot.gateway.door.Refusals;
import entrepot.gateway.door.Route;
import entrepot.gateway.storefronts.Instructions;
import entrepot.gateway.storefronts.Storefronts;
import entrepot.identity.Caller;
import entrepot.identity.Caller.Scope;
import entrepot.market.Explanation;
import entrepot.market.Inquiry;
import entrepot.market.Order;
import entrepot.market.Receipt.Verdict;
import entrepot.market.yaml.Spelling;
import entrepot.protocols.json.Json;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/**
 * {@code POST /v1/explain}: what would become of a call, gate by gate and supplier by supplier, now
 * or at another time. Nothing is called, held or charged.
 *
 * <pre>
 *   {model, api?: stateless|stateful|platform, storefront?: "openai.chat", at?, known?,
 *    input_tokens?, output_tokens?, service_tier?, entrepot?: {route, project, data_class}}
 *   at, known: a date (midnight UTC) or an instant, such as 2026-03-01 or 2026-03-01T12:00:00Z
 *
 *   {object: "explanation", model, at, allowed, versions[], verdicts[verdict],
 *    ways[{supplier, channel, name, place, allowed, verdicts[verdict]}]}
 *   verdict: {gate, passed, reason, source|null, remedy|null}
 * </pre>
 */
public final class ExplainApi {

    private static final ErrorShape ERRORS = new OpenAiShape();
    private static final List<String> KINDS = List.of("stateless", "stateful", "platform");
    private static final long TOKENS_MAX = 1_000_000_000_000L;

    private final Function<Inquiry, Explanation> explain;

    /**
     * @param explain the market's own answer
     */
    public ExplainApi(Function<Inquiry, Explanation> explain) {
        this.explain = explain;
    }

    public List<Route> routes() {
        return List.of(
                new Route("POST", "/v1/explain", Scope.MODELS, ERRORS, this::explain)
                        .about(AdminShapes.EXPLAIN));
    }

    private void explain(Call call) {
        call.respond(
                200,
                json(
                        explain.apply(
                                read(
                                        call.caller(),
                                        Json.read(call.body(), Failure.Cause.INVALID_REQUEST),
                                        call.startedAt()))));
    }

    /**
     * Reads a question.
     *
     * @param now what counts where the question gives no time
     * @throws entrepot.conversation.Failed with the member that cannot be understood
     */
    public static Inquiry read(Caller caller, JsonNode asked, Instant now) {
        Fields body = Fields.of("", asked);
        Instructions said = Instructions.of(body.get("entrepot"));
        String model = body.requiredText("model");
        String api = word(body, "api", KINDS);
        String storefront = word(body, "storefront", Storefronts.NAMES);
        Instant at = instant("at", body.text("at"), now);
        // Whoever asks about the past may know what became known since.
        Instant known = instant("known", body.text("known"), now);
        var extent =
                new Inquiry.Extent(
                        tokens(body, "input_tokens"),
                        tokens(body, "output_tokens"),
                        body.text("service_tier"));
        body.end();
        return new Inquiry(
                caller,
                model,
                Order.ApiKind.valueOf(api.toUpperCase(Locale.ROOT)),
                storefront,
                said.purpose(),
                said.wishes(),
                at,
                known,
                extent);
    }

    /** One of some words; the first of them when nothing is said. */
    private static String word(Fields body, String member, List<String> words) {
        String said = body.text(member);
        if (said == null) {
            return words.getFirst();
        }
        if (!words.contains(said)) {
            throw Refusals.value(
                    member,
                    "it must be one of "
                            + String.join(", ", words)
                            + ", but is '"
                            + said
                            + "'"
                            + Spelling.nearest(said, words)
                                    .map(near -> "; did you mean '" + near + "'?")
                                    .orElse("."));
        }
        return said;
    }

    private static @Nullable Long tokens(Fields body, String member) {
        JsonNode value = body.get(member);
        if (value == null) {
            return null;
        }
        long count = value.isIntegralNumber() && value.canConvertToLong() ? value.longValue() : -1;
        if (count < 0 || count > TOKENS_MAX) {
            throw Refusals.value(member, "it must be a whole number, 0 to " + TOKENS_MAX + ".");
        }
        return count;
    }

    private static Instant instant(String member, @Nullable String text, Instant otherwise) {
        if (text == null) {
            return otherwise;
        }
        try {
            return text.indexOf('T') < 0
                    ? LocalDate.parse(text).atStartOfDay().toInstant(ZoneOffset.UTC)
                    : Instant.parse(text);
        } catch (DateTimeParseException e) {
            throw Refusals.value(
                    member, "it must be a date or an instant, such as 2026-03-01T12:00:00Z.");
        }
    }

    /** As it is answered. */
    public static ObjectNode json(Explanation explained) {
        ObjectNode json =
                Json.object()
                        .put("object", "explanation")
                        .put("model", explained.model())
                        .put("at", explained.at().toString())
                        .put("allowed", explained.allowed());
        ArrayNode versions = json.putArray("versions");
        explained.versions().forEach(versions::add);
        verdicts(json.putArray("verdicts"), explained.verdicts());
        ArrayNode ways = json.putArray("ways");
        for (Explanation.Way way : explained.ways()) {
            ObjectNode told =
                    ways.addObject()
                            .put("supplier", way.supplier())
                            .put("channel", way.channel())
                            .put("name", way.name())
                            .put("place", way.place())
                            .put("allowed", way.allowed());
            verdicts(told.putArray("verdicts"), way.verdicts());
        }
        return json;
    }

    private static void verdicts(ArrayNode array, List<Verdict> verdicts) {
        for (Verdict verdict : verdicts) {
            array.addObject()
                    .put("gate", verdict.gate())
                    .put("passed", verdict.passed())
                    .put("reason", verdict.reason())
                    .put("source", verdict.source())
                    .put("remedy", verdict.remedy());
        }
    }
}

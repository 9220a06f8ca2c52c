package entrepot.gateway.history;

import entrepot.gateway.agents.Lists;
import entrepot.protocols.json.Json;
import entrepot.store.Page;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * Traces as lists show them: one <a
 * href="https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding">OTLP/JSON</a> export
 * request for each turn that has ended. Ids are hashes of what they are of, so that a trace is the
 * same whenever it is asked for.
 */
final class Traces {

    /** Of one answer; a page that would be longer ends before. */
    static final int PAGE_BYTES_MAX = 16 << 20;

    private static final int TRACE_ID_BYTES = 16;
    private static final int SPAN_ID_BYTES = 8;
    private static final int KIND_INTERNAL = 1;
    private static final int KIND_CLIENT = 3;
    private static final int STATUS_ERROR = 2;

    private Traces() {}

    static ObjectNode page(List<Trace> oldestFirst, Page.Query query) {
        return page(oldestFirst, query, PAGE_BYTES_MAX);
    }

    static ObjectNode page(List<Trace> oldestFirst, Page.Query query, int bytesMax) {
        Page<Trace> page = Lists.of(oldestFirst, query, Trace::turnId);
        List<ObjectNode> fitting = new ArrayList<>();
        long bytes = 0;
        for (Trace trace : page.data()) {
            ObjectNode json = json(trace);
            bytes += Json.write(json).length + 1L;
            if (!fitting.isEmpty() && bytes > bytesMax) {
                break;
            }
            fitting.add(json);
        }
        boolean more = page.hasMore() || fitting.size() < page.data().size();
        return Lists.json(new Page<>(fitting, more), each -> each);
    }

    static ObjectNode json(Trace trace) {
        ObjectNode json =
                Json.object()
                        .put("id", trace.turnId())
                        .put("object", "agent.session.trace")
                        .put("session_id", trace.sessionId())
                        .put("created_at", trace.createdSeconds());
        ObjectNode resource = json.putObject("otlp").putArray("resourceSpans").addObject();
        attribute(
                resource.putObject("resource").putArray("attributes"),
                "service.name",
                Json.object().put("stringValue", "entrepot"));
        ObjectNode scope = resource.putArray("scopeSpans").addObject();
        scope.putObject("scope").put("name", "entrepot.agents");
        ArrayNode spans = scope.putArray("spans");
        trace.spans().forEach(span -> spans.add(span(trace, span)));
        return json;
    }

    private static ObjectNode span(Trace trace, Trace.Span span) {
        String turn = trace.sessionId() + "/" + trace.turnId();
        ObjectNode json =
                Json.object()
                        .put("traceId", hash("trace/" + turn, TRACE_ID_BYTES))
                        .put("spanId", spanId(turn, span.place()));
        if (!span.place().isEmpty()) {
            json.put("parentSpanId", spanId(turn, ""));
        }
        json.put("name", span.name())
                .put("kind", span.client() ? KIND_CLIENT : KIND_INTERNAL)
                .put("startTimeUnixNano", nanos(span.startMillis()))
                .put("endTimeUnixNano", nanos(Math.max(span.startMillis(), span.endMillis())));
        ArrayNode attributes = json.putArray("attributes");
        span.attributes()
                .properties()
                .forEach(each -> attribute(attributes, each.getKey(), value(each.getValue())));
        ObjectNode status = json.putObject("status");
        if (!span.error().isEmpty()) {
            attribute(attributes, "error.type", Json.object().put("stringValue", span.error()));
            status.put("code", STATUS_ERROR);
        }
        return json;
    }

    private static void attribute(ArrayNode attributes, String key, ObjectNode value) {
        attributes.addObject().put("key", key).set("value", value);
    }

    /** As proto3's JSON has it: 64-bit integers are strings. */
    private static ObjectNode value(JsonNode value) {
        ObjectNode json = Json.object();
        if (value.isBoolean()) {
            return json.put("boolValue", value.booleanValue());
        }
        if (value.isIntegralNumber()) {
            return json.put("intValue", value.asString());
        }
        if (value.isArray()) {
            ArrayNode values = json.putObject("arrayValue").putArray("values");
            value.forEach(each -> values.add(value(each)));
            return json;
        }
        return json.put("stringValue", value.asString());
    }

    private static String nanos(long millis) {
        return millis + "000000";
    }

    private static String spanId(String turn, String place) {
        return hash("span/" + turn + "/" + place, SPAN_ID_BYTES);
    }

    private static String hash(String name, int bytes) {
        try {
            byte[] hash =
                    MessageDigest.getInstance("SHA-256")
                            .digest(name.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("This Java has no SHA-256.", e);
        }
    }
}

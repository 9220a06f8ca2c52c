package entrepot.protocols.google.wire;

import entrepot.protocols.json.Json;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A call whose arguments come piece by piece, each at the path where it belongs (tool.proto,
 * FunctionCall.partial_args and PartialArg).
 */
public final class GeminiPartialCall {

    /** An array is filled up to its index: a stray one must not fill the memory. */
    private static final int INDEX_MAX = 10_000;

    private static final int DEPTH_MAX = 64;

    /** A step of a path: {@code .name}, {@code ['name']} or {@code [0]} (RFC 9535, §2.3). */
    private static final Pattern STEP =
            Pattern.compile("\\.([^.\\[]+)|\\['((?:[^'\\\\]|\\\\.)*)']|\\[([0-9]{1,5})]");

    private final int index;
    private final String id;
    private final String name;
    private ObjectNode args = Json.object();

    public GeminiPartialCall(int index, String id, String name) {
        this.index = index;
        this.id = id;
        this.name = name;
    }

    public static boolean isPartial(JsonNode call) {
        return call.path("willContinue").booleanValue(false) || call.path("partialArgs").isArray();
    }

    public int index() {
        return index;
    }

    public String id() {
        return id;
    }

    public String name() {
        return name;
    }

    public String arguments() {
        return args.toString();
    }

    public void add(JsonNode call) {
        if (call.path("args") instanceof ObjectNode whole && !whole.isEmpty()) {
            args = whole.deepCopy();
        }
        for (JsonNode piece : call.path("partialArgs")) {
            List<String> path = path(piece.path("jsonPath").asString(""));
            if (!path.isEmpty() && path.size() <= DEPTH_MAX) {
                put(path, value(piece));
            }
        }
    }

    private static JsonNode value(JsonNode piece) {
        for (String kind : List.of("stringValue", "numberValue", "boolValue")) {
            if (piece.has(kind)) {
                return piece.path(kind);
            }
        }
        return Json.object().nullNode();
    }

    /** The steps of a path; those of an array are digits in brackets. */
    private static List<String> path(String text) {
        var steps = new ArrayList<String>();
        Matcher step = STEP.matcher(text);
        int at = text.startsWith("$") ? 1 : 0;
        while (step.find(at) && step.start() == at) {
            if (step.group(3) != null) {
                steps.add("[" + step.group(3));
            } else {
                String name = step.group(1) == null ? step.group(2) : step.group(1);
                steps.add("." + name.replace("\\'", "'").replace("\\\\", "\\"));
            }
            at = step.end();
            if (at == text.length()) {
                return steps;
            }
        }
        return List.of();
    }

    private void put(List<String> path, JsonNode value) {
        JsonNode at = args;
        for (int i = 0; i < path.size(); i++) {
            boolean last = i == path.size() - 1;
            boolean list = !last && path.get(i + 1).startsWith("[");
            JsonNode there = get(at, path.get(i));
            if (last) {
                // Pieces of one text are told one after the other.
                boolean goesOn = there.isString() && value.isString();
                set(
                        at,
                        path.get(i),
                        goesOn
                                ? StringNode.valueOf(there.stringValue() + value.stringValue())
                                : value);
            } else if (list ? !there.isArray() : !there.isObject()) {
                there = list ? Json.object().arrayNode() : Json.object();
                set(at, path.get(i), there);
            }
            at = there;
        }
    }

    private static JsonNode get(JsonNode at, String step) {
        return step.startsWith("[")
                ? at.path(Integer.parseInt(step.substring(1)))
                : at.path(step.substring(1));
    }

    private static void set(JsonNode at, String step, JsonNode value) {
        if (at instanceof ObjectNode object) {
            object.set(step.substring(1), value);
        } else if (at instanceof ArrayNode list) {
            int index = Math.min(Integer.parseInt(step.substring(1)), INDEX_MAX);
            while (list.size() <= index) {
                list.addNull();
            }
            list.set(index, value);
        }
    }
}

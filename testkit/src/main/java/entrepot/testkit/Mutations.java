package entrepot.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Bodies that went wrong, made of good ones and a seed: values of another type, members that are
 * missing, null, unknown or there twice, huge numbers, half letters, deep nests, flipped bits, and
 * bodies that break off.
 */
public final class Mutations {

    /** Deeper than any reader should follow. */
    private static final int NEST_DEPTH = 2_000;

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final JsonMapper MAPPER = JsonMapper.shared();

    /** What stands for itself until the body is text. */
    private static final String MARK = "@raw:%d@";

    /** What a JSON library would not write: numbers out of all ranges, half letters, nests. */
    private static final List<String> RAW =
            List.of(
                    "1e999999999",
                    "-1E-999999999",
                    "9".repeat(400),
                    "0.1".concat("0".repeat(300)).concat("1"),
                    "-9223372036854775809",
                    "1.0",
                    "\"\\ud800\"",
                    "\"\\udc00 x\"",
                    "\"\\u0000\"",
                    "[".repeat(NEST_DEPTH) + "]".repeat(NEST_DEPTH),
                    "{\"a\":".repeat(NEST_DEPTH) + "1" + "}".repeat(NEST_DEPTH),
                    "NaN",
                    "tru",
                    "{\"type\":\"text\",\"type\":7,\"text\":\"twice\",\"text\":null}");

    private Mutations() {}

    /** A body with one to three things wrong in it, or with some of its bytes. */
    public static byte[] of(byte[] body, Seeds seeds) {
        if (seeds.oneIn(5)) {
            return bytes(body, seeds);
        }
        JsonNode json;
        try {
            json = MAPPER.readTree(body);
        } catch (JacksonException notJson) {
            return bytes(body, seeds);
        }
        for (int left = 1 + seeds.upTo(2); left > 0; left--) {
            json = change(json, seeds);
        }
        return text(json).getBytes(UTF_8);
    }

    /** Payloads of a stream of which some are wrong, missing, there twice or in another order. */
    public static List<byte[]> of(List<byte[]> payloads, Seeds seeds) {
        var changed = new ArrayList<>(payloads);
        for (int left = 1 + seeds.upTo(2); left > 0 && !changed.isEmpty(); left--) {
            int at = seeds.upTo(changed.size() - 1);
            int other = seeds.upTo(changed.size() - 1);
            switch (seeds.upTo(7)) {
                case 0 -> changed.remove(at);
                case 1 -> changed.add(other, changed.get(at));
                case 2 -> changed.set(at, changed.set(other, changed.get(at)));
                case 3 -> changed.subList(at, changed.size()).clear();
                default -> changed.set(at, of(changed.get(at), seeds));
            }
        }
        return changed;
    }

    private static byte[] bytes(byte[] body, Seeds seeds) {
        return switch (seeds.upTo(3)) {
            case 0 -> Arrays.copyOf(body, seeds.upTo(body.length));
            case 1 -> seeds.bytes(seeds.upTo(64));
            default -> flipped(body, seeds);
        };
    }

    private static byte[] flipped(byte[] body, Seeds seeds) {
        byte[] flipped = body.clone();
        for (int left = 1 + seeds.upTo(3); left > 0 && body.length > 0; left--) {
            flipped[seeds.upTo(body.length - 1)] ^= (byte) (1 << seeds.upTo(7));
        }
        return flipped;
    }

    private static JsonNode change(JsonNode root, Seeds seeds) {
        var containers = new ArrayList<JsonNode>();
        collect(root, containers);
        if (containers.isEmpty()) {
            return wrong(root, seeds);
        }
        JsonNode within = seeds.pick(containers);
        if (within instanceof ObjectNode object) {
            change(object, seeds);
        } else if (within instanceof ArrayNode array) {
            change(array, seeds);
        }
        return root;
    }

    private static void change(ObjectNode object, Seeds seeds) {
        if (object.isEmpty() || seeds.oneIn(8)) {
            object.set(seeds.oneIn(4) ? "" : seeds.word(), seeds.json(2));
            return;
        }
        String name = seeds.pick(List.copyOf(object.propertyNames()));
        switch (seeds.upTo(5)) {
            case 0 -> object.remove(name);
            case 1 -> object.putNull(name);
            default -> object.set(name, wrong(object.get(name), seeds));
        }
    }

    private static void change(ArrayNode array, Seeds seeds) {
        if (array.isEmpty()) {
            array.add(seeds.json(1));
            return;
        }
        int at = seeds.upTo(array.size() - 1);
        switch (seeds.upTo(4)) {
            case 0 -> array.remove(at);
            case 1 -> array.removeAll();
            case 2 -> array.insert(at, array.get(at).deepCopy());
            case 3 -> array.insert(at, seeds.json(2));
            default -> array.set(at, wrong(array.get(at), seeds));
        }
    }

    /** Another value, near to what was there: of another type, or unknown. */
    private static JsonNode wrong(JsonNode value, Seeds seeds) {
        return switch (seeds.upTo(8)) {
            case 0 -> JSON.nullNode();
            case 1 -> JSON.arrayNode();
            case 2 -> JSON.objectNode();
            case 3 -> JSON.arrayNode().add(value.deepCopy());
            case 4 -> JSON.stringNode(value.isString() ? "" : value.toString());
            case 5 -> JSON.stringNode(seeds.text(6));
            case 6 -> JSON.stringNode(MARK.formatted(seeds.upTo(RAW.size() - 1)));
            case 7 -> JSON.numberNode(-seeds.upTo(1000));
            default -> seeds.json(2);
        };
    }

    private static String text(JsonNode json) {
        String text = json.toString();
        for (int at = 0; at < RAW.size(); at++) {
            text = text.replace('"' + MARK.formatted(at) + '"', RAW.get(at));
        }
        return text;
    }

    private static void collect(JsonNode node, List<JsonNode> containers) {
        if (node.isContainer()) {
            containers.add(node);
            node.forEach(each -> collect(each, containers));
        }
    }
}

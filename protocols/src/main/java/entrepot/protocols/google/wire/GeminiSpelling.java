package entrepot.protocols.google.wire;

import entrepot.protocols.json.Json;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * The freedoms of ProtoJSON: a name in camelCase or in snake_case, one object where a list belongs.
 * They are put in order before reading, and back into what came after writing.
 *
 * <p>What came stands in marks, members whose name begins with {@code ~}; like all marks they are
 * forms and never leave the house.
 */
public final class GeminiSpelling {

    /** Names that came in snake_case. */
    public static final String SPELLED = "~spelled";

    /** Lists that came as their only element. */
    public static final String SINGLE = "~single";

    /** Members whose insides belong to the caller or to a schema. */
    private static final Set<String> OPAQUE =
            Set.of(
                    "args",
                    "response",
                    "parameters",
                    "parametersJsonSchema",
                    "responseSchema",
                    "responseJsonSchema",
                    "_responseJsonSchema",
                    "labels",
                    "partMetadata",
                    "partialArgs");

    private static final Set<String> LISTS =
            Set.of("contents", "parts", "tools", "functionDeclarations", "candidates");

    private GeminiSpelling() {}

    /** The tree with one spelling of each name. */
    public static JsonNode normal(JsonNode node) {
        if (node instanceof ArrayNode list) {
            ArrayNode normal = Json.object().arrayNode(list.size());
            list.forEach(element -> normal.add(normal(element)));
            return normal;
        }
        if (!(node instanceof ObjectNode object)) {
            return node;
        }
        ObjectNode normal = Json.object();
        for (Map.Entry<String, JsonNode> member : object.properties()) {
            String name = member.getKey();
            String camel = camel(name);
            if (!camel.equals(name)) {
                if (object.has(camel) || normal.has(camel)) {
                    camel = name;
                } else {
                    normal.withArray(SPELLED).add(name);
                }
            }
            JsonNode value = OPAQUE.contains(camel) ? member.getValue() : normal(member.getValue());
            if (value.isObject() && LISTS.contains(camel)) {
                normal.withArray(SINGLE).add(camel);
                normal.set(camel, Json.object().arrayNode().add(value));
            } else {
                normal.set(camel, value);
            }
        }
        return normal;
    }

    /** The tree as its names came, without marks. */
    public static JsonNode restored(JsonNode node) {
        if (node instanceof ArrayNode list) {
            ArrayNode restored = Json.object().arrayNode(list.size());
            list.forEach(element -> restored.add(restored(element)));
            return restored;
        }
        return node instanceof ObjectNode object ? restored(object) : node;
    }

    public static ObjectNode restored(ObjectNode object) {
        var names = new HashMap<String, String>();
        object.path(SPELLED).forEach(name -> names.put(camel(name.asString()), name.asString()));
        var single = new HashSet<String>();
        object.path(SINGLE).forEach(name -> single.add(name.asString()));
        ObjectNode restored = Json.object();
        for (Map.Entry<String, JsonNode> member : object.properties()) {
            String name = member.getKey();
            if (isMark(name)) {
                continue;
            }
            JsonNode value =
                    OPAQUE.contains(name) ? member.getValue() : restored(member.getValue());
            if (value.isEmpty() && value.isObject() && !member.getValue().isEmpty()) {
                // Only marks stood in it: what they marked is gone.
                continue;
            }
            if (single.contains(name) && value.isArray() && value.size() == 1) {
                value = value.get(0);
            }
            restored.set(names.getOrDefault(name, name), value);
        }
        return restored;
    }

    public static boolean isMark(String name) {
        return name.startsWith("~");
    }

    private static String camel(String name) {
        if (name.indexOf('_') <= 0) {
            return name;
        }
        var camel = new StringBuilder(name.length());
        for (int i = 0; i < name.length(); i++) {
            char letter = name.charAt(i);
            if (letter == '_' && i + 1 < name.length()) {
                camel.append(Character.toUpperCase(name.charAt(++i)));
            } else {
                camel.append(letter);
            }
        }
        return camel.toString();
    }
}

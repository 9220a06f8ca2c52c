package entrepot.gateway.door;

import entrepot.conversation.Failed;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * Reads one JSON object member by member and knows which members nobody asked for. Every refusal
 * names the member by its path, such as {@code agent.tools[0].name}.
 */
public final class Fields {

    private final String path;
    private final JsonNode object;
    private final TreeSet<String> asked = new TreeSet<>();

    private Fields(String path, JsonNode object) {
        this.path = path;
        this.object = object;
    }

    /**
     * @param path of the object itself, empty for a whole body
     * @throws Failed when it is not an object
     */
    public static Fields of(String path, JsonNode value) {
        if (!value.isObject()) {
            throw Refusals.wrongType(path.isEmpty() ? "body" : path, "an object", kind(value));
        }
        return new Fields(path, value);
    }

    /** Whether the member is there, be it null. */
    public boolean has(String name) {
        asked.add(name);
        return object.has(name);
    }

    /** A member's value; null when it is absent or JSON's null. */
    public @Nullable JsonNode get(String name) {
        asked.add(name);
        JsonNode value = object.get(name);
        return value == null || value.isNull() ? null : value;
    }

    public JsonNode required(String name) {
        asked.add(name);
        JsonNode value = object.get(name);
        if (value == null) {
            throw Refusals.missing(at(name));
        }
        return value;
    }

    public @Nullable String text(String name) {
        JsonNode value = get(name);
        return value == null ? null : text(at(name), value);
    }

    public String requiredText(String name) {
        return text(at(name), required(name));
    }

    public static String text(String path, JsonNode value) {
        if (!value.isString()) {
            throw Refusals.wrongType(path, "a string", kind(value));
        }
        return value.stringValue();
    }

    /** A string of a closed set. */
    public @Nullable String oneOf(String name, String... words) {
        String value = text(name);
        if (value != null && !List.of(words).contains(value)) {
            throw Refusals.value(at(name), "it must be one of " + String.join(", ", words) + ".");
        }
        return value;
    }

    public @Nullable Boolean flag(String name) {
        JsonNode value = get(name);
        return value == null ? null : flag(at(name), value);
    }

    public boolean requiredFlag(String name) {
        return flag(at(name), required(name));
    }

    private static boolean flag(String path, JsonNode value) {
        if (!value.isBoolean()) {
            throw Refusals.wrongType(path, "a boolean", kind(value));
        }
        return value.booleanValue();
    }

    public @Nullable Fields object(String name) {
        JsonNode value = get(name);
        return value == null ? null : of(at(name), value);
    }

    public Fields requiredObject(String name) {
        return of(at(name), required(name));
    }

    /** The elements of a member; null when it is absent or JSON's null. */
    public @Nullable List<JsonNode> list(String name) {
        JsonNode value = get(name);
        return value == null ? null : list(at(name), value);
    }

    public List<JsonNode> requiredList(String name) {
        return list(at(name), required(name));
    }

    public static List<JsonNode> list(String path, JsonNode value) {
        if (!value.isArray()) {
            throw Refusals.wrongType(path, "an array", kind(value));
        }
        var elements = new ArrayList<JsonNode>(value.size());
        value.forEach(elements::add);
        return elements;
    }

    /** A map of strings; empty when absent or null. */
    public Map<String, String> texts(String name) {
        Fields map = object(name);
        if (map == null) {
            return Map.of();
        }
        var texts = new LinkedHashMap<String, String>();
        for (String key : map.object.propertyNames()) {
            texts.put(key, map.requiredText(key));
        }
        return Collections.unmodifiableMap(texts);
    }

    /** The object itself, as it came. */
    public JsonNode json() {
        return object;
    }

    /** The path of a member. */
    public String at(String name) {
        return path.isEmpty() ? name : path + "." + name;
    }

    /**
     * Ends the reading.
     *
     * @throws Failed when there is a member that was never asked for
     */
    public void end() {
        for (String name : object.propertyNames()) {
            if (!asked.contains(name)) {
                throw Refusals.unknown(at(name), String.join(", ", asked));
            }
        }
    }

    /** A value's kind, in words for people. */
    public static String kind(JsonNode value) {
        return switch (value.getNodeType()) {
            case OBJECT, POJO -> "an object";
            case ARRAY -> "an array";
            case STRING, BINARY -> "a string";
            case NUMBER -> value.isIntegralNumber() ? "an integer" : "a number";
            case BOOLEAN -> "a boolean";
            case NULL -> "null";
            case MISSING -> "nothing";
        };
    }
}

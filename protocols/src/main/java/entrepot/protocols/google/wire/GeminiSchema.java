package entrepot.protocols.google.wire;

import entrepot.protocols.json.Json;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Google's schema dialect, told as JSON Schema (content.proto, Schema): types in capitals or by
 * number, {@code nullable}, counts as texts, names in snake_case.
 */
public final class GeminiSchema {

    /** By the numbers of content.proto, Type. */
    private static final List<String> TYPES =
            List.of("", "string", "number", "integer", "boolean", "array", "object", "null");

    private static final Map<String, String> SNAKE =
            Map.of(
                    "any_of", "anyOf",
                    "max_items", "maxItems",
                    "min_items", "minItems",
                    "min_properties", "minProperties",
                    "max_properties", "maxProperties",
                    "min_length", "minLength",
                    "max_length", "maxLength",
                    "property_ordering", "propertyOrdering");

    private GeminiSchema() {}

    public static JsonNode toJsonSchema(JsonNode schema) {
        if (!(schema instanceof ObjectNode object)) {
            return schema;
        }
        ObjectNode told = Json.object();
        for (Map.Entry<String, JsonNode> member : object.properties()) {
            String name = SNAKE.getOrDefault(member.getKey(), member.getKey());
            JsonNode value = member.getValue();
            switch (name) {
                case "type" -> type(value, told);
                case "nullable", "propertyOrdering" -> {}
                case "example" -> told.putArray("examples").add(value);
                case "items" -> told.set(name, toJsonSchema(value));
                case "anyOf" -> {
                    ArrayNode any = told.putArray(name);
                    value.forEach(option -> any.add(toJsonSchema(option)));
                }
                case "properties" -> {
                    ObjectNode properties = told.putObject(name);
                    value.properties()
                            .forEach(property ->
                                    properties.set(
                                            property.getKey(), toJsonSchema(property.getValue())));
                }
                default -> told.set(name, counted(name, value));
            }
        }
        if (object.path("nullable").booleanValue(false)) {
            nullable(told);
        }
        return told;
    }

    private static void type(JsonNode value, ObjectNode told) {
        if (value.isIntegralNumber()) {
            int number = value.asInt(0);
            if (number > 0 && number < TYPES.size()) {
                told.put("type", TYPES.get(number));
            }
        } else if (value.isString()) {
            String word = value.stringValue().toLowerCase(Locale.ROOT);
            if (!word.equals("type_unspecified")) {
                told.put("type", word);
            }
        } else {
            told.set("type", value);
        }
    }

    private static void nullable(ObjectNode told) {
        JsonNode type = told.path("type");
        if (type.isString()) {
            told.putArray("type").add(type).add("null");
        } else if (told.path("anyOf").isArray()) {
            ((ArrayNode) told.path("anyOf")).add(Json.object().put("type", "null"));
        }
        if (told.path("enum") instanceof ArrayNode values
                && values.valueStream().noneMatch(JsonNode::isNull)) {
            told.set("enum", values.deepCopy().addNull());
        }
    }

    /** Counts are int64, which ProtoJSON writes as texts. */
    private static JsonNode counted(String name, JsonNode value) {
        boolean count = name.startsWith("max") || name.startsWith("min");
        return count && value instanceof StringNode && value.stringValue().matches("[0-9]{1,9}")
                ? Json.object().numberNode(Integer.parseInt(value.stringValue()))
                : value;
    }
}

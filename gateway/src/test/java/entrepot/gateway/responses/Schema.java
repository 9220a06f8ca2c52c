package entrepot.gateway.responses;

import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Holds JSON to the schemas of an OpenAPI document: the keywords that the Open Responses
 * specification uses. Where one of several must hold, it is enough that at least one does.
 */
final class Schema {

    private static final List<String> TELL_NOTHING =
            List.of(
                    "default",
                    "deprecated",
                    "description",
                    "discriminator",
                    "example",
                    "format",
                    "title");

    private final JsonNode document;

    Schema(Path file) throws IOException {
        document = Shop.json(Files.readString(file));
    }

    JsonNode named(String name) {
        JsonNode schema = document.path("components").path("schemas").path(name);
        if (schema.isMissingNode()) {
            throw new AssertionError("no schema " + name);
        }
        return schema;
    }

    /** What an answer of this type must be. */
    JsonNode answer(String contentType) {
        return document.path("paths")
                .path("/responses")
                .path("post")
                .path("responses")
                .path("200")
                .path("content")
                .path(contentType)
                .path("schema");
    }

    /** What is wrong with a value; empty when nothing is. */
    List<String> problems(JsonNode value, JsonNode schema) {
        var problems = new ArrayList<String>();
        check(value, schema, "$", problems);
        return problems;
    }

    private void check(JsonNode value, JsonNode schema, String path, List<String> problems) {
        for (var keyword : schema.properties()) {
            JsonNode rule = keyword.getValue();
            switch (keyword.getKey()) {
                case "$ref" -> check(value, referred(rule.stringValue()), path, problems);
                case "allOf" -> rule.forEach(each -> check(value, each, path, problems));
                case "anyOf", "oneOf" -> any(value, rule, path, problems);
                case "type" -> type(value, rule.stringValue(), path, problems);
                case "enum" -> {
                    if (rule.valueStream().noneMatch(value::equals)) {
                        problems.add(path + " is none of " + rule + " but " + value);
                    }
                }
                case "required" ->
                        rule.forEach(name -> {
                            if (value.isObject() && !value.has(name.stringValue())) {
                                problems.add(path + " lacks " + name.stringValue());
                            }
                        });
                case "properties" ->
                        rule.properties()
                                .forEach(member -> {
                                    JsonNode part = value.get(member.getKey());
                                    if (part != null) {
                                        check(
                                                part,
                                                member.getValue(),
                                                path + "." + member.getKey(),
                                                problems);
                                    }
                                });
                case "items" -> {
                    for (int i = 0; value.isArray() && i < value.size(); i++) {
                        check(value.get(i), rule, path + "[" + i + "]", problems);
                    }
                }
                case "minimum", "maximum", "maxLength" ->
                        size(value, keyword.getKey(), rule, path, problems);
                case "additionalProperties", "minLength", "maxProperties", "pattern" -> {}
                default -> {
                    boolean silent =
                            TELL_NOTHING.contains(keyword.getKey())
                                    || keyword.getKey().startsWith("x-");
                    if (!silent) {
                        throw new AssertionError("unknown keyword " + keyword.getKey());
                    }
                }
            }
        }
    }

    private static void size(
            JsonNode value, String keyword, JsonNode rule, String path, List<String> problems) {
        boolean bad =
                switch (keyword) {
                    case "minimum" ->
                            value.isNumber()
                                    && value.decimalValue().compareTo(rule.decimalValue()) < 0;
                    case "maximum" ->
                            value.isNumber()
                                    && value.decimalValue().compareTo(rule.decimalValue()) > 0;
                    default -> value.isString() && value.stringValue().length() > rule.intValue();
                };
        if (bad) {
            problems.add(path + " breaks " + keyword + " " + rule);
        }
    }

    private void any(JsonNode value, JsonNode choices, String path, List<String> problems) {
        List<String> fewest = null;
        for (JsonNode choice : choices) {
            var found = new ArrayList<String>();
            check(value, choice, path, found);
            if (found.isEmpty()) {
                return;
            }
            if (fewest == null || found.size() < fewest.size()) {
                fewest = found;
            }
        }
        if (fewest != null) {
            problems.addAll(fewest);
        }
    }

    private static void type(JsonNode value, String type, String path, List<String> problems) {
        boolean good =
                switch (type) {
                    case "object" -> value.isObject();
                    case "array" -> value.isArray();
                    case "string" -> value.isString();
                    case "integer" -> value.isIntegralNumber();
                    case "number" -> value.isNumber();
                    case "boolean" -> value.isBoolean();
                    case "null" -> value.isNull();
                    default -> throw new AssertionError("unknown type " + type);
                };
        if (!good) {
            problems.add(path + " is not of type " + type + ": " + value.getNodeType());
        }
    }

    private JsonNode referred(String pointer) {
        return document.at(pointer.substring(1));
    }
}

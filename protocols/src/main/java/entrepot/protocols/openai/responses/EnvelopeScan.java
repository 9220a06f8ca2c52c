package entrepot.protocols.openai.responses;

import entrepot.conversation.Failed;
import entrepot.conversation.Failure;
import entrepot.conversation.Failure.Cause;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** One pass over the body of a request. */
final class EnvelopeScan {

    /** Members that are read here, and may stand once only. */
    private static final Set<String> READ =
            Set.of(
                    "model",
                    "input",
                    "stream",
                    "store",
                    "background",
                    "generate",
                    "previous_response_id",
                    "conversation",
                    "prompt",
                    "max_output_tokens");

    final List<Span> members = new ArrayList<>();
    final Map<String, Boolean> flags = new HashMap<>();
    String model = "";
    @Nullable String previousResponseId;
    @Nullable String conversation;
    @Nullable Long maxOutputTokens;
    int open;

    private final JsonParser parser;
    private final Set<String> seen = new HashSet<>();
    private boolean input;

    EnvelopeScan(JsonParser parser) {
        this.parser = parser;
    }

    /** Where a member stands: from its name's quotation mark to behind its value. */
    record Span(String name, int start, int valueStart, int end) {}

    Span memberOf(String name) {
        return members.stream().filter(m -> m.name().equals(name)).findFirst().orElseThrow();
    }

    void read() {
        if (parser.nextToken() != JsonToken.START_OBJECT) {
            throw invalid("The body must be a JSON object.", null, null);
        }
        open = start();
        for (String name = parser.nextName(); name != null; name = parser.nextName()) {
            int nameStart = start();
            if (READ.contains(name) && !seen.add(name)) {
                throw twice(name);
            }
            JsonToken token = parser.nextToken();
            int valueStart = start();
            member(name, token);
            parser.finishToken();
            members.add(new Span(name, nameStart, valueStart, end()));
        }
        if (parser.nextToken() != null) {
            throw invalid(
                    "There is more behind the JSON object, from line %d, column %d."
                            .formatted(
                                    parser.currentTokenLocation().getLineNr(),
                                    parser.currentTokenLocation().getColumnNr()),
                    null,
                    "invalid_json");
        }
        if (model.isEmpty()) {
            throw missing("model");
        }
        if (!input
                && previousResponseId == null
                && conversation == null
                && !seen.contains("prompt")) {
            throw missing("input");
        }
    }

    private void member(String name, JsonToken token) {
        switch (name) {
            case "model" -> model(token);
            case "input" -> {
                if (token != JsonToken.VALUE_STRING
                        && token != JsonToken.START_ARRAY
                        && token != JsonToken.VALUE_NULL) {
                    throw type(name, "a string or an array of items");
                }
                input = token != JsonToken.VALUE_NULL;
                parser.skipChildren();
            }
            case "stream", "store", "background", "generate" -> flag(name, token);
            case "previous_response_id" -> previousResponseId = text(name, token);
            case "conversation" -> conversation = conversation(token);
            case "max_output_tokens" -> maxOutputTokens = tokens(name, token);
            default -> parser.skipChildren();
        }
    }

    private void model(JsonToken token) {
        if (token != JsonToken.VALUE_STRING) {
            throw type("model", "a string");
        }
        model = parser.getString();
        if (model.isEmpty()) {
            throw invalid(
                    "Invalid 'model': empty string. Name a model; GET /v1/models lists them.",
                    "model",
                    "empty_string");
        }
    }

    private void flag(String name, JsonToken token) {
        switch (token) {
            case VALUE_TRUE -> flags.put(name, true);
            case VALUE_FALSE -> flags.put(name, false);
            case VALUE_NULL -> {}
            default -> throw type(name, "a boolean");
        }
    }

    private @Nullable String text(String name, JsonToken token) {
        return switch (token) {
            case VALUE_STRING -> parser.getString();
            case VALUE_NULL -> null;
            default -> throw type(name, "a string");
        };
    }

    /** The id of a conversation, alone or in an object. */
    private @Nullable String conversation(JsonToken token) {
        if (token != JsonToken.START_OBJECT) {
            return text("conversation", token);
        }
        String id = null;
        for (String name = parser.nextName(); name != null; name = parser.nextName()) {
            JsonToken value = parser.nextToken();
            if (name.equals("id")) {
                id = text("conversation.id", value);
            } else {
                parser.skipChildren();
            }
        }
        if (id == null) {
            throw missing("conversation.id");
        }
        return id;
    }

    private @Nullable Long tokens(String path, JsonToken token) {
        if (token == JsonToken.VALUE_NULL) {
            return null;
        }
        if (token != JsonToken.VALUE_NUMBER_INT) {
            throw type(path, "an integer");
        }
        if (parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER
                || parser.getLongValue() < 0) {
            throw invalid("Invalid '" + path + "': out of range.", path, "invalid_value");
        }
        return parser.getLongValue();
    }

    private int start() {
        return (int) parser.currentTokenLocation().getByteOffset();
    }

    private int end() {
        return (int) parser.currentLocation().getByteOffset();
    }

    private static Failed missing(String path) {
        return invalid(
                "Missing required parameter: '" + path + "'.", path, "missing_required_parameter");
    }

    private Failed twice(String path) {
        return invalid(
                "'%s' stands twice, again at line %d, column %d; send it once."
                        .formatted(
                                path,
                                parser.currentLocation().getLineNr(),
                                parser.currentLocation().getColumnNr()),
                path,
                "duplicate_parameter");
    }

    private Failed type(String path, String expected) {
        var at = parser.currentTokenLocation();
        return invalid(
                "Invalid type for '%s' at line %d, column %d: expected %s."
                        .formatted(path, at.getLineNr(), at.getColumnNr(), expected),
                path,
                "invalid_type");
    }

    private static Failed invalid(String message, @Nullable String path, @Nullable String code) {
        return new Failed(
                new Failure(Cause.INVALID_REQUEST, message, path, code, null, null, null));
    }
}

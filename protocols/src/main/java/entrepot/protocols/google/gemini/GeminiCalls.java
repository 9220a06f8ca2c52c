package entrepot.protocols.google.gemini;

import static entrepot.protocols.google.gemini.GeminiRequests.DIALECT;

import entrepot.conversation.Extras;
import entrepot.conversation.Failed;
import entrepot.conversation.Failure.Cause;
import entrepot.conversation.Part;
import entrepot.protocols.google.wire.GeminiCallIds;
import entrepot.protocols.json.Json;
import entrepot.protocols.json.Members;
import entrepot.protocols.json.Residue;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.BooleanNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** {@code functionCall} and {@code functionResponse} (content.proto). */
final class GeminiCalls {

    private static final String NO_ID = "~noId";
    private static final String NO_ARGS = "~noArgs";
    private static final String NO_RESPONSE = "~noResponse";

    /** Marks a result that came as an object of its own, and not as a text in one. */
    private static final String OBJECT = "~object";

    /** Marks under which name the text of a result came. */
    private static final String KEY = "~key";

    /** Names that hold a result's text and say nothing besides. */
    private static final Set<String> KEYS =
            Set.of("output", "result", "content", "response", "return_value", "error");

    private GeminiCalls() {}

    /** The caller fills the extras in. */
    static Part call(Members part, GeminiCallIds ids) {
        Members call = part.requiredObject("functionCall");
        String name = call.requiredText("name");
        String given = id(call, part);
        JsonNode args = call.peek("args");
        if (args.isObject()) {
            call.take("args");
        } else if (call.isStrict() && !args.isMissingNode() && !args.isNull()) {
            throw Members.wrongType(call.path("args"), "an object", args);
        } else {
            part.keep(NO_ARGS, BooleanNode.TRUE);
        }
        String arguments = args.isObject() ? args.toString() : "{}";
        return new Part.ToolCall(ids.call(given, name), name, arguments, Extras.NONE);
    }

    private static String id(Members members, Members part) {
        boolean given = !members.peek("id").asString("").isEmpty();
        String id = given ? members.text("id") : null;
        if (id == null) {
            part.keep(NO_ID, BooleanNode.TRUE);
        }
        return id == null ? "" : id;
    }

    /** The caller fills the extras in. */
    static Part result(Members part, GeminiCallIds ids) {
        Members result = part.requiredObject("functionResponse");
        String name = result.requiredText("name");
        String callId = ids.result(id(result, part), name);
        String called = ids.nameOf(callId);
        if (!name.equals(called == null ? callId : called)) {
            result.keep("name", StringNode.valueOf(name));
        }
        var content = new ArrayList<Part>();
        boolean failed = response(result, part, content);
        ArrayNode more = result.list("parts");
        if (more != null && more.isEmpty()) {
            result.keep("parts", more);
        } else if (more != null) {
            content.addAll(GeminiParts.read(more, result, ids));
        }
        return new Part.ToolResult(callId, content, failed, Extras.NONE);
    }

    /** Reads what a tool said; returns whether it says that it failed. */
    private static boolean response(Members result, Members part, List<Part> content) {
        ObjectNode response = result.tree("response");
        if (response == null) {
            part.keep(NO_RESPONSE, BooleanNode.TRUE);
            return false;
        }
        if (response.isEmpty()) {
            return false;
        }
        String key = response.propertyNames().iterator().next();
        boolean failed = response.size() == 1 && key.equals("error");
        if (response.size() == 1 && KEYS.contains(key) && response.path(key).isString()) {
            content.add(new Part.Text(response.path(key).stringValue(), Extras.NONE));
            if (!key.equals("output") && !failed) {
                part.keep(KEY, StringNode.valueOf(key));
            }
            return failed;
        }
        part.keep(OBJECT, BooleanNode.TRUE);
        content.add(new Part.Text(response.toString(), Extras.NONE));
        return failed;
    }

    static ObjectNode write(Part.ToolCall call, ObjectNode node, GeminiCallIds ids) {
        ids.written(call.callId(), call.name());
        ObjectNode body = node.putObject("functionCall");
        if (!call.callId().isEmpty() && Residue.of(call.extras(), DIALECT, NO_ID) == null) {
            body.put("id", call.callId());
        }
        if (!call.name().isEmpty()) {
            body.put("name", call.name());
        }
        boolean unsaid = Residue.of(call.extras(), DIALECT, NO_ARGS) != null;
        if (!unsaid || !call.arguments().equals("{}")) {
            body.set("args", arguments(call.arguments()));
        }
        return Residue.fill(node, call.extras(), DIALECT);
    }

    /** Arguments are an object here; whatever else a model wrote stands in one. */
    static ObjectNode arguments(String text) {
        if (text.isBlank()) {
            return Json.object();
        }
        ObjectNode object = object(text);
        return object == null ? Json.object().put("arguments", text) : object;
    }

    static @Nullable ObjectNode object(String text) {
        try {
            return Json.read(text, Cause.INTERNAL) instanceof ObjectNode object ? object : null;
        } catch (Failed notJson) {
            return null;
        }
    }

    static ObjectNode write(Part.ToolResult result, ObjectNode node, GeminiCallIds ids) {
        ObjectNode body = node.putObject("functionResponse");
        Extras extras = result.extras();
        if (!result.callId().isEmpty() && Residue.of(extras, DIALECT, NO_ID) == null) {
            body.put("id", result.callId());
        }
        JsonNode form = Residue.of(extras, DIALECT, "functionResponse");
        if (form == null || !form.has("name")) {
            String name = ids.nameOf(result.callId());
            body.put("name", name == null ? result.callId() : name);
        }
        var texts = new ArrayList<String>();
        var media = new ArrayList<Part>();
        for (Part part : result.content()) {
            switch (part) {
                case Part.Text text -> texts.add(text.text());
                case Part.Refusal refusal -> texts.add(refusal.text());
                case Part.Image _, Part.File _, Part.Audio _, Part.Unknown _ -> media.add(part);
                case Part.Reasoning _, Part.ToolCall _, Part.ToolResult _, Part.CachePoint _ -> {
                    // Gemini has no place for these in a result: see GeminiLosses.
                }
            }
        }
        if (!texts.isEmpty()
                || result.failed()
                || Residue.of(extras, DIALECT, NO_RESPONSE) == null) {
            body.set("response", response(result, texts));
        }
        if (!media.isEmpty()) {
            ArrayNode list = Json.object().arrayNode();
            GeminiParts.write(media, list, ids, false);
            if (!list.isEmpty()) {
                body.set("parts", list);
            }
        }
        return Residue.fill(node, extras, DIALECT);
    }

    private static ObjectNode response(Part.ToolResult result, List<String> texts) {
        if (texts.size() == 1 && Residue.of(result.extras(), DIALECT, OBJECT) != null) {
            ObjectNode object = object(texts.getFirst());
            if (object != null) {
                return object;
            }
        }
        if (texts.isEmpty() && !result.failed()) {
            return Json.object();
        }
        JsonNode key = Residue.of(result.extras(), DIALECT, KEY);
        String name = result.failed() ? "error" : key == null ? "output" : key.asString("output");
        return Json.object().put(name, String.join("\n", texts));
    }
}

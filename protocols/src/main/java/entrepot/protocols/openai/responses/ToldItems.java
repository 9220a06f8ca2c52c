package entrepot.protocols.openai.responses;

import static entrepot.protocols.openai.responses.ResponsesRequests.DIALECT;

import entrepot.conversation.Extras;
import entrepot.conversation.Logprob;
import entrepot.conversation.Part;
import entrepot.protocols.json.Json;
import entrepot.protocols.openai.responses.ResponsesStreamWriter.Emitter;
import entrepot.protocols.openai.responses.items.Form;
import entrepot.protocols.openai.responses.items.ItemIds;
import entrepot.protocols.openai.responses.items.ToolNames;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The items that a caller was told, and their events in order. Texts that follow each other are
 * contents of one message; everything else is an item of its own. An item that a supplier of this
 * dialect announced keeps the supplier's id.
 */
final class ToldItems {

    private final Emitter emitter;
    private final ToolNames names;
    private final ItemIds ids;

    /** The items in their last form; null while one is open. */
    private final List<@Nullable ObjectNode> output = new ArrayList<>();

    private final List<ObjectNode> announced = new ArrayList<>();
    private final Map<Integer, Integer> positions = new HashMap<>();

    /** Where the items stand that the supplier works on by itself. */
    private final Map<String, Integer> hosted = new HashMap<>();

    private final Map<Integer, ToldCall> calls = new HashMap<>();
    private @Nullable ToldMessage message;
    private @Nullable ToldThought thought;
    private boolean thinkingAloud;

    ToldItems(Emitter emitter, ToolNames names, ItemIds ids) {
        this.emitter = emitter;
        this.names = names;
        this.ids = ids;
    }

    ArrayNode output() {
        ArrayNode list = Json.object().arrayNode();
        for (ObjectNode item : output) {
            if (item != null) {
                list.add(item.deepCopy());
            }
        }
        return list;
    }

    void text(int index, String piece, List<Logprob> logprobs) {
        message().delta(index, ToldMessage.Kind.TEXT, piece, logprobs);
    }

    void refusal(int index, String piece) {
        message().delta(index, ToldMessage.Kind.REFUSAL, piece, List.of());
    }

    void reasoning(int index, String piece) {
        thought(index).delta(piece);
    }

    void call(int index, String callId, String name) {
        close();
        ObjectNode announcement = announcement("function_call", callId);
        if (announcement.isEmpty()) {
            announcement = announcement("custom_tool_call", callId);
        }
        ToolNames.Tool tool = announcement.isEmpty() ? names.tool(name) : tool(announcement);
        int position = begin(announcement);
        String id = id(announcement, tool.custom() ? "ctc" : "fc");
        var call = new ToldCall(emitter, position, id, callId, tool);
        calls.put(index, call);
        call.begin();
    }

    private static ToolNames.Tool tool(ObjectNode announcement) {
        JsonNode item = announcement.path("item");
        JsonNode namespace = item.path("namespace");
        return new ToolNames.Tool(
                item.path("name").asString(""),
                namespace.isString() ? namespace.stringValue() : null,
                item.path("type").asString("").equals("custom_tool_call"));
    }

    void arguments(int index, String fragment) {
        ToldCall call = calls.get(index);
        if (call != null) {
            call.delta(fragment);
        }
    }

    void finish(int index, Part part) {
        switch (part) {
            case Part.Text text -> {
                if (isNewItem(text.extras(), index)) {
                    close();
                }
                message().finish(index, ToldMessage.Kind.TEXT, text);
            }
            case Part.Refusal refusal -> {
                if (isNewItem(refusal.extras(), index)) {
                    close();
                }
                message()
                        .finish(
                                index,
                                ToldMessage.Kind.REFUSAL,
                                new Part.Text(refusal.text(), refusal.extras()));
            }
            case Part.Reasoning reasoning -> {
                ToldThought told = thought(index);
                output.set(told.position(), told.finish(reasoning));
                thought = null;
            }
            case Part.ToolCall call -> finish(index, call);
            case Part.Unknown unknown -> {
                if (unknown.dialect().equals(DIALECT) && unknown.raw() instanceof ObjectNode raw) {
                    whole(raw);
                }
            }
            case Part.Image _, Part.File _, Part.Audio _, Part.ToolResult _, Part.CachePoint _ -> {
                // Responses has no place for these in an answer: see ResponsesLosses.
            }
        }
    }

    /** A whole text that came without pieces, and begins an item by itself. */
    private boolean isNewItem(Extras extras, int index) {
        return Form.begins(extras) && message != null && !message.has(index);
    }

    private void finish(int index, Part.ToolCall part) {
        if (!calls.containsKey(index)) {
            call(index, part.callId(), part.name());
        }
        ToldCall call = calls.remove(index);
        if (call != null) {
            output.set(call.position(), call.finish(part));
        }
    }

    /** Closes the message or the thought that is open. */
    void close() {
        if (message != null) {
            output.set(message.position(), message.close());
            message = null;
        }
        if (thought != null) {
            output.set(thought.position(), thought.close());
            thought = null;
        }
    }

    private ToldMessage message() {
        boolean another = announced.stream().anyMatch(ToldItems::isMessage);
        if (message == null || another) {
            close();
            ObjectNode announcement = announcement("message", "");
            int position = begin(announcement);
            message = new ToldMessage(emitter, position, id(announcement, "msg"), announcement);
            message.begin();
        }
        return message;
    }

    private static boolean isMessage(ObjectNode announcement) {
        return announcement.path("item").path("type").asString("").equals("message");
    }

    private ToldThought thought(int index) {
        ToldThought open = thought;
        if (open == null || open.index() != index) {
            close();
            ObjectNode announcement = announcement("reasoning", "");
            int position = begin(announcement);
            String id = id(announcement, "rs");
            open = new ToldThought(emitter, index, position, id, thinkingAloud);
            thinkingAloud = false;
            open.begin();
            thought = open;
        }
        return open;
    }

    /** What the supplier announced of an item that begins now; empty when it announced nothing. */
    private ObjectNode announcement(String type, String callId) {
        for (ObjectNode candidate : announced) {
            JsonNode item = candidate.path("item");
            if (item.path("type").asString("").equals(type)
                    && (callId.isEmpty() || item.path("call_id").asString("").equals(callId))) {
                announced.remove(candidate);
                return candidate;
            }
        }
        return Json.object();
    }

    private int begin(ObjectNode announcement) {
        int position = output.size();
        output.add(null);
        if (announcement.path("output_index").isInt()) {
            positions.put(announcement.path("output_index").intValue(), position);
        }
        return position;
    }

    private String id(ObjectNode announcement, String prefix) {
        String id = announcement.path("item").path("id").asString("");
        return id.isEmpty() ? ids.next(prefix) : id;
    }

    /** What a reader of this dialect had no event for. */
    void unknown(ObjectNode event) {
        String type = event.path("type").asString("");
        switch (type) {
            case "response.output_item.added" -> announce(event);
            case "response.content_part.added" -> thinkingAloud = true;
            default -> {
                if (type.startsWith("response.")) {
                    emitter.emit(type, placed(event));
                }
            }
        }
    }

    private void announce(ObjectNode event) {
        if (!(event.path("item") instanceof ObjectNode item)) {
            return;
        }
        switch (item.path("type").asString("")) {
            case "message", "reasoning", "function_call", "custom_tool_call" ->
                    announced.add(event);
            default -> {
                String id = item.path("id").asString("");
                if (!id.isEmpty()) {
                    close();
                    int position = begin(event);
                    hosted.put(id, position);
                    added(position, item);
                }
            }
        }
    }

    /** Items stand here where we count them. */
    private ObjectNode placed(ObjectNode event) {
        Integer position = positions.get(event.path("output_index").asInt(-1));
        return position == null ? event : event.deepCopy().put("output_index", position.intValue());
    }

    private void whole(ObjectNode item) {
        Integer begun = hosted.remove(item.path("id").asString(""));
        int position;
        if (begun == null) {
            close();
            position = begin(Json.object());
            added(position, item);
        } else {
            position = begun;
        }
        output.set(position, item);
        emitter.emit("response.output_item.done", event(position, item));
    }

    private void added(int position, ObjectNode item) {
        emitter.emit("response.output_item.added", event(position, item));
    }

    private static ObjectNode event(int position, ObjectNode item) {
        ObjectNode event = Json.object().put("output_index", position);
        return event.set("item", item);
    }
}

package entrepot.protocols.openai.responses;

import entrepot.conversation.Event;
import entrepot.conversation.EventSink;
import entrepot.conversation.Logprob;
import entrepot.conversation.Part;
import entrepot.protocols.openai.OpenAiLogprobs;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Makes parts from the events of items, and keeps items apart: by their id, or else by {@code
 * output_index} (R19). Some servers give an item another id in each event; others number all items
 * alike.
 */
final class StreamedItems {

    private final EventSink sink;
    private final List<StreamedItem> items = new ArrayList<>();
    private final Map<String, StreamedItem> byId = new HashMap<>();
    private final Map<Integer, StreamedItem> byIndex = new HashMap<>();
    private final List<Part> finished = new ArrayList<>();
    private @Nullable StreamedItem speaking;
    private int next;

    StreamedItems(EventSink sink) {
        this.sink = sink;
    }

    boolean any() {
        return !items.isEmpty();
    }

    boolean calls() {
        return Endings.calls(finished);
    }

    List<Part> finished() {
        return finished;
    }

    /** Reads an event that is about an item. */
    void event(String type, ObjectNode event) throws InterruptedException {
        switch (type) {
            case "response.output_item.added" -> added(event);
            case "response.output_item.done" -> {
                if (event.path("item") instanceof ObjectNode item) {
                    done(item, event.path("output_index").asInt(-1));
                }
            }
            case "response.output_text.delta" -> say(event, Slot.Kind.TEXT, "delta", false);
            case "response.output_text.done" -> say(event, Slot.Kind.TEXT, "text", true);
            case "response.refusal.delta" -> say(event, Slot.Kind.REFUSAL, "delta", false);
            case "response.refusal.done" -> say(event, Slot.Kind.REFUSAL, "refusal", true);
            case "response.reasoning_text.delta" -> think(event, "content_index", "delta");
            case "response.reasoning_text.done" -> think(event, "content_index", "text");
            case "response.reasoning_summary_text.delta", "response.reasoning_summary.delta" ->
                    think(event, "summary_index", "delta");
            case "response.reasoning_summary_text.done" -> think(event, "summary_index", "text");
            case "response.function_call_arguments.delta" -> call(event, "delta", false, false);
            case "response.function_call_arguments.done" -> call(event, "arguments", true, false);
            case "response.custom_tool_call_input.delta" -> call(event, "delta", false, true);
            case "response.custom_tool_call_input.done" -> call(event, "input", true, true);
            case "response.content_part.added",
                    "response.content_part.done",
                    "response.reasoning_summary_part.added",
                    "response.reasoning_summary_part.done" -> {
                // The texts tell it all, and the item in its end what is left.
            }
            default -> sink.accept(ResponsesStreamReader.unknown(event));
        }
    }

    private void added(ObjectNode event) throws InterruptedException {
        if (!(event.path("item") instanceof ObjectNode item)) {
            return;
        }
        StreamedItem begun = begin(item.path("id").asString(""), index(event));
        begun.announce(item);
        sink.accept(ResponsesStreamReader.unknown(event));
        if (begun.isCall()) {
            begun.call(this);
        }
    }

    private StreamedItem begin(String id, int index) {
        var item = new StreamedItem(sink);
        items.add(item);
        if (!id.isEmpty()) {
            byId.put(id, item);
        }
        byIndex.put(index, item);
        return item;
    }

    private StreamedItem find(ObjectNode event) {
        StreamedItem item = byId.get(event.path("item_id").asString(""));
        if (item == null) {
            item = byIndex.get(index(event));
        }
        return item == null ? begin(event.path("item_id").asString(""), index(event)) : item;
    }

    private static int index(ObjectNode event) {
        return event.path("output_index").asInt(-1);
    }

    private void say(ObjectNode event, Slot.Kind kind, String name, boolean whole)
            throws InterruptedException {
        StreamedItem item = find(event);
        if (item.isDone()) {
            return;
        }
        Slot slot = item.slot(event.path("content_index").asInt(0), kind);
        List<Logprob> logprobs = whole ? List.of() : OpenAiLogprobs.read(event.path("logprobs"));
        tell(item, slot, event.path(name).asString(""), logprobs, whole);
    }

    private void think(ObjectNode event, String indexName, String name)
            throws InterruptedException {
        StreamedItem item = find(event);
        Slot slot = item.isDone() ? null : item.thought(indexName);
        if (slot == null) {
            // The other telling of the same thought, or one too late: the item holds it all.
            return;
        }
        if (slot.isNew() && indexName.equals("content_index")) {
            sink.accept(ResponsesStreamReader.unknown(StreamedItem.thinkingAloud()));
        }
        boolean whole = name.equals("text");
        item.thoughtTold(slot, event.path(indexName).asInt(0), this, whole, text(event, name));
    }

    private static String text(ObjectNode event, String name) {
        return event.path(name).asString("");
    }

    private void call(ObjectNode event, String name, boolean whole, boolean custom)
            throws InterruptedException {
        StreamedItem item = find(event);
        if (!item.isDone()) {
            item.arguments(this, event.path(name).asString(""), whole, custom);
        }
    }

    /** Tells a piece, or what is left of a whole. */
    void tell(StreamedItem item, Slot slot, String text, boolean whole)
            throws InterruptedException {
        tell(item, slot, text, List.of(), whole);
    }

    private void tell(
            StreamedItem item, Slot slot, String text, List<Logprob> logprobs, boolean whole)
            throws InterruptedException {
        String piece = whole ? slot.untold(text) : text;
        if (piece.isEmpty()) {
            return;
        }
        open(item, slot);
        slot.tell(piece, logprobs, sink);
    }

    /** Opens a part; whatever else was speaking is closed. */
    private void open(StreamedItem item, Slot slot) throws InterruptedException {
        if (speaking != null && (speaking != item || !slot.isOpen())) {
            speaking.closeOpen(finished);
        }
        if (!slot.isOpen()) {
            slot.open(next++);
        }
        speaking = item;
    }

    int openCall() throws InterruptedException {
        if (speaking != null) {
            speaking.closeOpen(finished);
            speaking = null;
        }
        return next++;
    }

    private void done(ObjectNode raw, int index) throws InterruptedException {
        StreamedItem item = byId.get(raw.path("id").asString(""));
        if (item == null) {
            item = byIndex.get(index);
        }
        if (item == null || item.isDone()) {
            item = begin(raw.path("id").asString(""), index);
        }
        finish(item, raw);
    }

    private void finish(StreamedItem item, ObjectNode raw) throws InterruptedException {
        item.finish(raw, this, finished);
        if (speaking == item) {
            speaking = null;
        }
    }

    /** A part that came whole. */
    void whole(Part part) throws InterruptedException {
        if (speaking != null) {
            speaking.closeOpen(finished);
            speaking = null;
        }
        finished.add(part);
        sink.accept(new Event.PartFinished(next++, part));
    }

    /**
     * Ends all items: those that are open with what came of them, and those that only the last
     * response holds with what stands there.
     */
    void close(ArrayNode output) throws InterruptedException {
        for (int i = 0; i < output.size(); i++) {
            JsonNode raw = output.get(i);
            if (!(raw instanceof ObjectNode object)) {
                continue;
            }
            StreamedItem item = byId.get(object.path("id").asString(""));
            item = item == null ? byIndex.get(i) : item;
            if (item == null) {
                // Numbered otherwise than it stands: it came, if as many came.
                item = i < items.size() ? items.get(i) : begin("", i);
            }
            if (!item.isDone()) {
                finish(item, object);
            }
        }
        for (StreamedItem item : items) {
            if (!item.isDone()) {
                item.abandon(this, finished);
            }
        }
    }
}

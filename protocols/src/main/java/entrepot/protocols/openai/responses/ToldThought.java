package entrepot.protocols.openai.responses;

import entrepot.conversation.Extras;
import entrepot.conversation.Part;
import entrepot.protocols.Seals;
import entrepot.protocols.json.Json;
import entrepot.protocols.openai.responses.ResponsesStreamWriter.Emitter;
import entrepot.protocols.openai.responses.items.Form;

import tools.jackson.databind.node.ObjectNode;

/**
 * A piece of reasoning on its way to a caller. It is told as a summary, which every client shows,
 * unless a supplier of this dialect told it as the thought itself.
 */
final class ToldThought {

    private final Emitter emitter;
    private final int index;
    private final int position;
    private final String id;
    private final boolean aloud;
    private final StringBuilder told = new StringBuilder();
    private boolean open;

    ToldThought(Emitter emitter, int index, int position, String id, boolean aloud) {
        this.emitter = emitter;
        this.index = index;
        this.position = position;
        this.id = id;
        this.aloud = aloud;
    }

    int index() {
        return index;
    }

    int position() {
        return position;
    }

    void begin() {
        ObjectNode item = Json.object().put("id", id).put("type", "reasoning");
        item.putArray("summary");
        ObjectNode event = Json.object().put("output_index", position);
        emitter.emit("response.output_item.added", event.set("item", item));
    }

    void delta(String piece) {
        if (piece.isEmpty()) {
            return;
        }
        if (!open) {
            open = true;
            emitter.emit(partEvent("added"), place().set("part", part("")));
        }
        told.append(piece);
        emitter.emit(textEvent("delta"), place().put("delta", piece));
    }

    /** Ends the reasoning; returns the item's last form. */
    ObjectNode finish(Part.Reasoning reasoning) {
        if (reasoning.text().length() > told.length()) {
            delta(reasoning.text().substring(told.length()));
        }
        if (open) {
            emitter.emit(textEvent("done"), place().put("text", told.toString()));
            emitter.emit(partEvent("done"), place().set("part", part(told.toString())));
        }
        ObjectNode item = Json.object().put("id", id).put("type", "reasoning");
        item.putArray("summary");
        if (open) {
            item.withArray(aloud ? "content" : "summary").add(part(told.toString()));
        }
        if (reasoning.signature() != null) {
            item.put("encrypted_content", Seals.written(Seals.OPENAI, reasoning.signature()));
        }
        Form.fill(item, reasoning.extras());
        ObjectNode event = Json.object().put("output_index", position);
        emitter.emit("response.output_item.done", event.set("item", item));
        return item;
    }

    ObjectNode close() {
        return finish(new Part.Reasoning(told.toString(), null, Extras.NONE));
    }

    private ObjectNode part(String text) {
        return Json.object()
                .put("type", aloud ? "reasoning_text" : "summary_text")
                .put("text", text);
    }

    private String partEvent(String what) {
        return aloud ? "response.content_part." + what : "response.reasoning_summary_part." + what;
    }

    private String textEvent(String what) {
        return aloud
                ? "response.reasoning_text." + what
                : "response.reasoning_summary_text." + what;
    }

    private ObjectNode place() {
        return Json.object()
                .put("item_id", id)
                .put("output_index", position)
                .put(aloud ? "content_index" : "summary_index", 0);
    }
}

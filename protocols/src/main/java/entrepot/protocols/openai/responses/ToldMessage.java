package entrepot.protocols.openai.responses;

import entrepot.conversation.Extras;
import entrepot.conversation.Logprob;
import entrepot.conversation.Message.Role;
import entrepot.conversation.Part;
import entrepot.protocols.json.Json;
import entrepot.protocols.openai.OpenAiLogprobs;
import entrepot.protocols.openai.responses.ResponsesStreamWriter.Emitter;
import entrepot.protocols.openai.responses.items.Contents;
import entrepot.protocols.openai.responses.items.Form;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.List;

/** A message on its way to a caller: its contents one after the other. */
final class ToldMessage {

    private final Emitter emitter;
    private final int position;
    private final String id;
    private final ArrayNode contents = Json.object().arrayNode();
    private final StringBuilder told = new StringBuilder();
    private final JsonNode announced;
    private Extras item = Extras.NONE;
    private Kind kind = Kind.TEXT;
    private int index = -1;
    private int tokens;

    ToldMessage(Emitter emitter, int position, String id, ObjectNode announcement) {
        this.emitter = emitter;
        this.position = position;
        this.id = id;
        this.announced = announcement.path("item");
    }

    int position() {
        return position;
    }

    boolean has(int partIndex) {
        return index == partIndex;
    }

    void begin() {
        ObjectNode item = item("in_progress");
        item.putArray("content");
        ObjectNode event = Json.object().put("output_index", position);
        emitter.emit("response.output_item.added", event.set("item", item));
    }

    private ObjectNode item(String status) {
        ObjectNode node =
                Json.object()
                        .put("id", id)
                        .put("type", "message")
                        .put("status", status)
                        .put("role", "assistant");
        if (announced.path("phase").isString()) {
            node.set("phase", announced.path("phase"));
        }
        return node;
    }

    void delta(int partIndex, Kind what, String piece, List<Logprob> logprobs) {
        open(partIndex, what);
        if (piece.isEmpty()) {
            return;
        }
        told.append(piece);
        ObjectNode event = place().put("delta", piece);
        if (kind == Kind.TEXT) {
            event.set("logprobs", OpenAiLogprobs.write(logprobs));
            tokens += logprobs.size();
        }
        emitter.emit(kind.event + ".delta", event);
    }

    private void open(int partIndex, Kind what) {
        if (index == partIndex) {
            return;
        }
        index = partIndex;
        kind = what;
        told.setLength(0);
        tokens = 0;
        var nothing = new Part.Text("", Extras.NONE);
        emitter.emit("response.content_part.added", place().set("part", part(nothing)));
    }

    /**
     * Ends a content; a stream cannot take back what it told, only add to it.
     *
     * @param last its last form, also that of a refusal
     */
    void finish(int partIndex, Kind what, Part.Text last) {
        open(partIndex, what);
        String whole = last.text();
        Extras extras = last.extras();
        if (whole.length() > told.length()) {
            List<Logprob> rest = last.logprobs().stream().skip(tokens).toList();
            delta(partIndex, what, whole.substring(told.length()), rest);
        }
        if (Form.begins(extras)) {
            item = Form.ofItem(extras);
        }
        ObjectNode part = part(last);
        ObjectNode done = place().put(kind.member, whole);
        if (kind == Kind.TEXT) {
            done.set("logprobs", part.path("logprobs"));
        }
        emitter.emit(kind.event + ".done", done);
        emitter.emit("response.content_part.done", place().set("part", part));
        contents.add(part);
        index = -1;
    }

    private ObjectNode part(Part.Text said) {
        Part content = kind == Kind.TEXT ? said : new Part.Refusal(said.text(), said.extras());
        ObjectNode part = Contents.write(content, Role.ASSISTANT);
        ObjectNode node = part == null ? Json.object() : part;
        if (kind == Kind.TEXT) {
            Contents.complete(node, "annotations", Json.object().arrayNode());
            Contents.complete(node, "logprobs", OpenAiLogprobs.write(said.logprobs()));
        }
        return node;
    }

    private ObjectNode place() {
        return Json.object()
                .put("item_id", id)
                .put("output_index", position)
                .put("content_index", contents.size());
    }

    /** Ends the message; returns its last form. */
    ObjectNode close() {
        ObjectNode whole = item("completed");
        whole.set("content", contents);
        Form.fill(whole, item);
        ObjectNode event = Json.object().put("output_index", position);
        emitter.emit("response.output_item.done", event.set("item", whole));
        return whole;
    }

    enum Kind {
        TEXT("response.output_text", "text"),
        REFUSAL("response.refusal", "refusal");

        private final String event;
        private final String member;

        Kind(String event, String member) {
            this.event = event;
            this.member = member;
        }
    }
}

package entrepot.protocols.anthropic.messages;

import static entrepot.protocols.anthropic.messages.MessagesRequests.DIALECT;

import entrepot.conversation.Event;
import entrepot.conversation.EventSink;
import entrepot.conversation.Part;
import entrepot.protocols.json.Json;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The blocks of one streamed answer.
 *
 * <p>Anthropic sends one after the other. Servers that speak like it send deltas of a block that
 * was never opened, of another kind than it was opened with, or open the next before the last is
 * closed: then the block is closed, and another opened for what comes.
 */
final class MessagesStreamBlocks {

    private final EventSink sink;
    private final Map<Integer, Block> open = new LinkedHashMap<>();
    private String answerId = "";
    private int next;
    private int calls;

    MessagesStreamBlocks(EventSink sink) {
        this.sink = sink;
    }

    void answerId(String id) {
        answerId = id;
    }

    boolean hasCalls() {
        return calls > 0;
    }

    boolean isAnythingTold() {
        return next > 0;
    }

    void start(int wire, JsonNode content) throws InterruptedException {
        stop(wire);
        if (content instanceof ObjectNode raw) {
            open(wire, kind(raw.path("type").asString("")), raw);
        }
    }

    void delta(int wire, ObjectNode event) throws InterruptedException {
        JsonNode delta = event.path("delta");
        String type = delta.path("type").asString("");
        switch (type) {
            case "text_delta" -> say(wire, Kind.TEXT, delta.path("text").asString(""));
            case "thinking_delta" -> say(wire, Kind.REASONING, delta.path("thinking").asString(""));
            case "signature_delta" ->
                    of(wire, Kind.REASONING).signature = delta.path("signature").asString("");
            case "citations_delta" -> of(wire, Kind.TEXT).citations.add(delta.path("citation"));
            case "input_json_delta" -> input(wire, delta.path("partial_json").asString(""), event);
            default -> other(wire, delta, event);
        }
    }

    /** A piece of text of a block. */
    void say(int wire, String piece) throws InterruptedException {
        say(wire, Kind.TEXT, piece);
    }

    private void say(int wire, Kind kind, String piece) throws InterruptedException {
        if (piece.isEmpty()) {
            return;
        }
        of(wire, kind).say(piece);
    }

    private void input(int wire, String piece, ObjectNode event) throws InterruptedException {
        Block block = open.get(wire);
        if (block == null || block.kind == Kind.TEXT || block.kind == Kind.REASONING) {
            sink.accept(new Event.Unknown(DIALECT, event));
            return;
        }
        block.text.append(piece);
        if (block.kind == Kind.CALL && !piece.isEmpty()) {
            sink.accept(new Event.ToolCallDelta(block.index, piece));
        }
    }

    /** A delta of a kind that is not known here: texts grow, anything else is replaced. */
    private void other(int wire, JsonNode delta, ObjectNode event) throws InterruptedException {
        Block block = open.get(wire);
        if (block == null || block.kind != Kind.WHOLE || !(delta instanceof ObjectNode members)) {
            sink.accept(new Event.Unknown(DIALECT, event));
            return;
        }
        for (Map.Entry<String, JsonNode> member : members.properties()) {
            String name = member.getKey();
            JsonNode there = block.raw.path(name);
            if (name.equals("type")) {
                continue;
            }
            if (there.isString() && member.getValue().isString()) {
                block.raw.put(name, there.stringValue() + member.getValue().stringValue());
            } else {
                block.raw.set(name, member.getValue());
            }
        }
    }

    /** The block that is open at an index, or another if there is none of this kind. */
    private Block of(int wire, Kind kind) throws InterruptedException {
        Block block = open.get(wire);
        if (block != null && block.kind == kind) {
            return block;
        }
        stop(wire);
        ObjectNode raw = Json.object();
        if (kind == Kind.TEXT) {
            raw.put("type", "text").put("text", "");
        } else {
            raw.put("type", "thinking").put("thinking", "").put("signature", "");
        }
        return open(wire, kind, raw);
    }

    private Block open(int wire, Kind kind, ObjectNode raw) throws InterruptedException {
        // Calls may stay open beside others; nothing else may.
        for (Map.Entry<Integer, Block> other : new ArrayList<>(open.entrySet())) {
            if (other.getValue().kind != Kind.CALL) {
                stop(other.getKey());
            }
        }
        var block = new Block(kind, raw.deepCopy());
        open.put(wire, block);
        block.begin();
        return block;
    }

    void stop(int wire) throws InterruptedException {
        Block block = open.remove(wire);
        if (block != null) {
            block.finish();
        }
    }

    /** Closes whatever is open. */
    void close() throws InterruptedException {
        for (Integer wire : new ArrayList<>(open.keySet())) {
            stop(wire);
        }
    }

    private static Kind kind(String type) {
        return switch (type) {
            case "text" -> Kind.TEXT;
            case "thinking" -> Kind.REASONING;
            case "tool_use" -> Kind.CALL;
            default -> Kind.WHOLE;
        };
    }

    private enum Kind {
        TEXT,
        REASONING,
        CALL,
        /** Told only when it is whole. */
        WHOLE
    }

    private final class Block {

        private final Kind kind;
        private final ObjectNode raw;
        private final StringBuilder text = new StringBuilder();
        private final List<JsonNode> citations = new ArrayList<>();
        private @Nullable String signature;
        private int index = -1;

        Block(Kind kind, ObjectNode raw) {
            this.kind = kind;
            this.raw = raw;
        }

        void begin() throws InterruptedException {
            switch (kind) {
                case TEXT -> say(raw.path("text").asString(""));
                case REASONING -> say(raw.path("thinking").asString(""));
                case CALL -> {
                    index = next++;
                    String id = raw.path("id").asString("");
                    if (id.isEmpty()) {
                        // Results must name their call: the same id whenever this is read.
                        id = "toolu_" + answerId + "_" + calls;
                        raw.put("id", id);
                    }
                    calls++;
                    String name = raw.path("name").asString("");
                    sink.accept(new Event.ToolCallStarted(index, id, name));
                }
                case WHOLE -> {}
            }
        }

        void say(String piece) throws InterruptedException {
            if (piece.isEmpty()) {
                return;
            }
            if (index < 0) {
                index = next++;
            }
            text.append(piece);
            sink.accept(
                    kind == Kind.TEXT
                            ? new Event.TextDelta(index, piece)
                            : new Event.ReasoningDelta(index, piece));
        }

        void finish() throws InterruptedException {
            Part part =
                    switch (kind) {
                        case TEXT -> text();
                        case REASONING -> reasoning();
                        case CALL -> call();
                        case WHOLE -> whole();
                    };
            if (part != null) {
                index = index < 0 ? next++ : index;
                sink.accept(new Event.PartFinished(index, part));
            }
        }

        private @Nullable Part text() {
            if (text.isEmpty() && citations.isEmpty()) {
                return null;
            }
            ArrayNode all = Json.object().arrayNode();
            raw.path("citations").forEach(all::add);
            citations.forEach(all::add);
            raw.put("text", text.toString()).remove("citations");
            if (!all.isEmpty()) {
                raw.set("citations", all);
            }
            return MessagesBlocks.block(raw);
        }

        /** R31: what is signed is kept, though it says nothing. */
        private @Nullable Part reasoning() {
            String signed = signature == null ? raw.path("signature").asString("") : signature;
            if (text.isEmpty() && signed.isEmpty()) {
                return null;
            }
            raw.put("thinking", text.toString());
            if (signature != null) {
                raw.put("signature", signature);
            }
            return MessagesBlocks.block(raw);
        }

        /** R18: arguments in deltas, in the beginning, or not at all. */
        private Part call() throws InterruptedException {
            if (text.isEmpty()) {
                text.append(raw.path("input").isObject() ? raw.path("input").toString() : "{}");
                sink.accept(new Event.ToolCallDelta(index, text.toString()));
            }
            raw.putObject("input");
            return MessagesBlocks.block(raw) instanceof Part.ToolCall read
                    ? new Part.ToolCall(read.callId(), read.name(), text.toString(), read.extras())
                    : new Part.Unknown(DIALECT, raw);
        }

        private Part whole() {
            if (!text.isEmpty()) {
                raw.set("input", MessagesBlocks.input(text.toString()));
            }
            return MessagesBlocks.block(raw);
        }
    }
}

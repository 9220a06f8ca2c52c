package entrepot.protocols.bedrock.converse;

import static entrepot.protocols.bedrock.converse.ConverseRequests.DIALECT;

import entrepot.conversation.Event;
import entrepot.conversation.EventSink;
import entrepot.conversation.Part;
import entrepot.protocols.json.Json;
import entrepot.protocols.json.Members;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Makes parts from the blocks of a stream. What is not text, reasoning or a call of the caller's
 * own tool is put together as it came, and is one part in the end.
 */
final class ConverseStreamBlocks {

    /** No stream has more blocks open at once; one that seems to is broken. */
    private static final int OPEN_MAX = 1024;

    private final EventSink sink;
    private final Map<Integer, Block> open = new LinkedHashMap<>();
    private int next;
    private boolean calls;

    ConverseStreamBlocks(EventSink sink) {
        this.sink = sink;
    }

    boolean hasCalls() {
        return calls;
    }

    void start(int wireIndex, ObjectNode start) throws InterruptedException {
        close(wireIndex);
        JsonNode use = start.path("toolUse");
        if (use.isObject() && !use.path("type").asString("").equals("server_tool_use")) {
            Block block = begin(wireIndex, Kind.CALL);
            block.raw.setAll(start);
            calls = true;
            sink.accept(
                    new Event.ToolCallStarted(
                            block.index,
                            use.path("toolUseId").asString(""),
                            use.path("name").asString("")));
            return;
        }
        if (!start.isEmpty()) {
            begin(wireIndex, Kind.WHOLE).raw.setAll(start);
        }
    }

    void delta(int wireIndex, ObjectNode delta) throws InterruptedException {
        JsonNode text = delta.path("text");
        if (text.isString()) {
            text(wireIndex, text.stringValue());
            return;
        }
        if (delta.path("reasoningContent").isObject()) {
            reasoning(wireIndex, delta.path("reasoningContent"));
            return;
        }
        JsonNode input = delta.path("toolUse").path("input");
        Block block = open.get(wireIndex);
        if (input.isString() && block != null && block.kind == Kind.CALL) {
            block.text.append(input.stringValue());
            if (!input.stringValue().isEmpty()) {
                sink.accept(new Event.ToolCallDelta(block.index, input.stringValue()));
            }
            return;
        }
        if (delta.path("citation").isObject()) {
            of(wireIndex, Kind.TEXT).raw.withArray("citations").add(delta.path("citation"));
            return;
        }
        whole(wireIndex, delta);
    }

    void text(int wireIndex, String piece) throws InterruptedException {
        if (piece.isEmpty() && !open.containsKey(wireIndex)) {
            // Some models say nothing first, and then think under the same number.
            return;
        }
        Block block = of(wireIndex, Kind.TEXT);
        if (!piece.isEmpty()) {
            block.text.append(piece);
            sink.accept(new Event.TextDelta(block.index, piece));
        }
    }

    private void reasoning(int wireIndex, JsonNode content) throws InterruptedException {
        Block block = of(wireIndex, Kind.REASONING);
        JsonNode text = content.path("text");
        if (text.isString() && !text.stringValue().isEmpty()) {
            block.text.append(text.stringValue());
            sink.accept(new Event.ReasoningDelta(block.index, text.stringValue()));
        }
        for (String name : List.of("signature", "redactedContent")) {
            if (content.path(name).isString()) {
                String before = block.raw.path(name).asString("");
                block.raw.put(name, before + content.path(name).stringValue());
            }
        }
    }

    /** What has no events of its own: of each member, texts are joined and lists grow. */
    private void whole(int wireIndex, ObjectNode delta) throws InterruptedException {
        ObjectNode raw = of(wireIndex, Kind.WHOLE).raw;
        for (Map.Entry<String, JsonNode> member : delta.properties()) {
            JsonNode there = raw.get(member.getKey());
            switch (member.getValue()) {
                case ArrayNode list when there instanceof ObjectNode body ->
                        list.forEach(body.withArray("content")::add);
                case ObjectNode more when there instanceof ObjectNode body -> merge(body, more);
                case JsonNode other -> raw.set(member.getKey(), other);
            }
        }
    }

    private static void merge(ObjectNode body, ObjectNode more) {
        for (Map.Entry<String, JsonNode> member : more.properties()) {
            JsonNode there = body.get(member.getKey());
            if (there != null && there.isString() && member.getValue().isString()) {
                body.put(member.getKey(), there.stringValue() + member.getValue().stringValue());
            } else {
                body.set(member.getKey(), member.getValue());
            }
        }
    }

    /** The open block of a kind; one of another kind under the same number ends there. */
    private Block of(int wireIndex, Kind kind) throws InterruptedException {
        Block block = open.get(wireIndex);
        if (block != null && block.kind == kind) {
            return block;
        }
        if (block != null && block.kind == Kind.TEXT && kind == Kind.WHOLE) {
            return block;
        }
        close(wireIndex);
        return begin(wireIndex, kind);
    }

    private Block begin(int wireIndex, Kind kind) throws InterruptedException {
        // Only calls may stay open beside another part.
        for (Map.Entry<Integer, Block> other : List.copyOf(open.entrySet())) {
            if (other.getValue().kind != Kind.CALL || open.size() >= OPEN_MAX) {
                close(other.getKey());
            }
        }
        var block = new Block(kind, next++);
        open.put(wireIndex, block);
        return block;
    }

    /** Ends a block; one that is not open has said nothing. */
    void close(int wireIndex) throws InterruptedException {
        Block block = open.remove(wireIndex);
        if (block != null) {
            sink.accept(new Event.PartFinished(block.index, part(block)));
        }
    }

    /** Ends everything that is open. */
    void close() throws InterruptedException {
        for (Integer wireIndex : List.copyOf(open.keySet())) {
            close(wireIndex);
        }
    }

    private static Part part(Block block) {
        String text = block.text.toString();
        return switch (block.kind) {
            case TEXT -> text(text, block.raw);
            case REASONING -> reasoning(text, block.raw);
            case CALL -> call(text, block.raw);
            case WHOLE -> new Part.Unknown(DIALECT, block.raw);
        };
    }

    private static Part text(String text, ObjectNode raw) {
        ObjectNode node = Json.object();
        if (!raw.path("citations").isArray()) {
            return read(node.put("text", text));
        }
        ObjectNode cited = node.putObject("citationsContent");
        cited.putArray("content").addObject().put("text", text);
        cited.set("citations", raw.path("citations"));
        return read(node);
    }

    private static Part reasoning(String text, ObjectNode raw) {
        ObjectNode node = Json.object();
        ObjectNode content = node.putObject("reasoningContent");
        if (raw.has("redactedContent") && text.isEmpty()) {
            content.set("redactedContent", raw.path("redactedContent"));
        } else {
            ObjectNode said = content.putObject("reasoningText").put("text", text);
            if (raw.has("signature")) {
                said.set("signature", raw.path("signature"));
            }
        }
        return read(node);
    }

    private static Part call(String arguments, ObjectNode start) {
        Members block = Members.lenient(start);
        Members use = block.requiredObject("toolUse");
        if (use.peek("type").asString("").equals("tool_use")) {
            // An ordinary call, said once more.
            use.take("type");
        }
        return new Part.ToolCall(
                use.requiredText("toolUseId"),
                use.requiredText("name"),
                arguments.isBlank() ? "{}" : arguments,
                block.extras(DIALECT));
    }

    private static Part read(ObjectNode block) {
        return ConverseBlocks.read(block, Members.lenient(block), "content", 0);
    }

    private enum Kind {
        TEXT,
        REASONING,
        CALL,
        WHOLE
    }

    /** One block under way. */
    private static final class Block {

        private final Kind kind;
        private final int index;
        private final StringBuilder text = new StringBuilder();
        private final ObjectNode raw = Json.object();

        Block(Kind kind, int index) {
            this.kind = kind;
            this.index = index;
        }
    }
}

package entrepot.protocols.bedrock.converse;

import static entrepot.protocols.bedrock.converse.ConverseRequests.DIALECT;

import entrepot.conversation.Event;
import entrepot.conversation.EventGrammar;
import entrepot.conversation.Part;
import entrepot.conversation.Usage;
import entrepot.protocols.Frame;
import entrepot.protocols.Seals;
import entrepot.protocols.StreamWriter;
import entrepot.protocols.bedrock.BedrockErrors;
import entrepot.protocols.json.Json;
import entrepot.protocols.json.Residue;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Writes events as a caller's ConverseStream. Blocks come one after the other: what a parallel call
 * says while another block is open waits for its turn. One thread at a time.
 */
public final class ConverseStreamWriter implements StreamWriter {

    private final EventGrammar grammar = new EventGrammar();

    /** Parts under way or waiting, in the order they began; the first has the wire. */
    private final Map<Integer, Block> open = new LinkedHashMap<>();

    private final LongSupplier latencyMillis;
    private int wireIndex;
    private Usage usage = Usage.NONE;
    private ObjectNode metadata = Json.object();
    private boolean failed;

    /**
     * @param latencyMillis how long the answer has taken, asked for at its end
     */
    public ConverseStreamWriter(LongSupplier latencyMillis) {
        this.latencyMillis = latencyMillis;
    }

    @Override
    public List<Frame> write(Event event) {
        grammar.accept(event);
        var frames = new ArrayList<Frame>();
        switch (event) {
            case Event.Started _ ->
                    frames.add(frame("messageStart", Json.object().put("role", "assistant")));
            case Event.TextDelta delta -> piece(delta.index(), text(delta.text()), delta.text());
            case Event.RefusalDelta delta -> piece(delta.index(), text(delta.text()), delta.text());
            case Event.ReasoningDelta delta ->
                    piece(delta.index(), reasoning("text", delta.text()), delta.text());
            case Event.ToolCallStarted call -> {
                Block block = open.computeIfAbsent(call.index(), _ -> new Block());
                block.begin(start(call.callId(), call.name()));
            }
            case Event.ToolCallDelta delta ->
                    piece(delta.index(), input(delta.fragment()), delta.fragment());
            case Event.PartFinished finished -> finish(finished.index(), finished.part());
            case Event.UsageReported reported -> usage = reported.usage();
            case Event.Finished finished -> {
                flush(frames);
                ObjectNode stop = Json.object();
                stop.put("stopReason", ConverseStops.word(finished.reason()));
                frames.add(frame("messageStop", stop));
            }
            case Event.Failed failure -> {
                failed = true;
                frames.add(BedrockErrors.frame(failure.failure()));
            }
            case Event.Unknown unknown -> unknown(unknown);
        }
        flush(frames);
        return frames;
    }

    /** The metadata, which ends a stream that ended well. */
    @Override
    public List<Frame> end() {
        if (failed) {
            return List.of();
        }
        if (!grammar.ended()) {
            throw new IllegalStateException("the answer has not finished");
        }
        ObjectNode last = Json.object();
        last.set("usage", ConverseUsage.write(usage));
        last.putObject("metrics").put("latencyMs", Math.max(0, latencyMillis.getAsLong()));
        last.setAll(metadata);
        return List.of(frame("metadata", last));
    }

    private void piece(int index, ObjectNode delta, String text) {
        Block block = open.computeIfAbsent(index, _ -> new Block());
        if (!text.isEmpty()) {
            block.chars += text.length();
            block.deltas.add(delta);
        }
    }

    /** Adds what no delta has told of a part yet; a stream cannot take back what it told. */
    private void finish(int index, Part part) {
        Block block = open.computeIfAbsent(index, _ -> new Block());
        block.finished = true;
        switch (part) {
            case Part.Text text -> {
                remainder(index, block, text.text(), Kind.TEXT);
                citations(block, text);
            }
            case Part.Refusal text -> remainder(index, block, text.text(), Kind.TEXT);
            case Part.Reasoning thought -> reasoning(index, block, thought);
            case Part.ToolCall call -> {
                block.begin(start(call.callId(), call.name()));
                remainder(index, block, call.arguments(), Kind.CALL);
            }
            case Part.Unknown unknown -> {
                if (unknown.dialect().equals(DIALECT) && unknown.raw() instanceof ObjectNode raw) {
                    whole(block, raw);
                }
            }
            case Part.Image _, Part.File _, Part.Audio _, Part.ToolResult _, Part.CachePoint _ -> {
                // A stream has no place for these in an answer: see ConverseLosses.
            }
        }
    }

    private void remainder(int index, Block block, String whole, Kind kind) {
        if (block.chars < whole.length()) {
            String rest = whole.substring(block.chars);
            ObjectNode delta =
                    switch (kind) {
                        case TEXT -> text(rest);
                        case REASONING -> reasoning("text", rest);
                        case CALL -> input(rest);
                    };
            piece(index, delta, rest);
        }
    }

    private void reasoning(int index, Block block, Part.Reasoning thought) {
        remainder(index, block, thought.text(), Kind.REASONING);
        if (thought.signature() == null) {
            return;
        }
        String written = Seals.written(Seals.ANTHROPIC, thought.signature());
        boolean shown = Residue.of(thought.extras(), DIALECT, "form") != null;
        block.deltas.add(
                block.chars == 0 && !shown
                        ? reasoning("redactedContent", ConverseBlocks.blob(written))
                        : reasoning("signature", written));
    }

    private static void citations(Block block, Part.Text text) {
        JsonNode cited = Residue.of(text.extras(), DIALECT, "citationsContent");
        if (cited != null) {
            for (JsonNode citation : cited.path("citations")) {
                block.deltas.add(Json.object().set("citation", citation));
            }
        }
    }

    /** A block that this dialect's own reader put together, taken apart again. */
    private static void whole(Block block, ObjectNode raw) {
        for (String kind : List.of("toolUse", "toolResult", "image")) {
            if (!(raw.path(kind) instanceof ObjectNode body)) {
                continue;
            }
            ObjectNode start = Json.object();
            ObjectNode head = start.putObject(kind).setAll(body);
            block.begin(start);
            switch (kind) {
                case "toolUse" -> {
                    JsonNode input = head.remove("input");
                    if (input != null) {
                        String said =
                                input.isString() ? input.stringValue() : ConverseBlocks.text(input);
                        block.deltas.add(input(said));
                    }
                }
                case "toolResult" -> {
                    JsonNode content = head.remove("content");
                    if (content != null) {
                        block.deltas.add(Json.object().set("toolResult", content));
                    }
                }
                default -> {
                    JsonNode source = head.remove("source");
                    if (source != null) {
                        ObjectNode image = Json.object();
                        image.putObject("image").set("source", source);
                        block.deltas.add(image);
                    }
                }
            }
        }
    }

    private void unknown(Event.Unknown unknown) {
        if (unknown.dialect().equals(DIALECT)
                && unknown.raw().path("metadata") instanceof ObjectNode kept) {
            metadata = kept;
        }
    }

    /** Puts on the wire what its turn has come for. */
    private void flush(List<Frame> frames) {
        var blocks = open.values().iterator();
        while (blocks.hasNext()) {
            Block block = blocks.next();
            if (block.start != null) {
                ObjectNode start = Json.object();
                start.set("start", block.start);
                frames.add(frame("contentBlockStart", start.put("contentBlockIndex", wireIndex)));
                block.start = null;
                block.told = true;
            }
            for (ObjectNode piece : block.deltas) {
                ObjectNode delta = Json.object();
                delta.set("delta", piece);
                frames.add(frame("contentBlockDelta", delta.put("contentBlockIndex", wireIndex)));
                block.told = true;
            }
            block.deltas.clear();
            if (!block.finished) {
                return;
            }
            blocks.remove();
            if (block.told) {
                ObjectNode stop = Json.object().put("contentBlockIndex", wireIndex++);
                frames.add(frame("contentBlockStop", stop));
            }
        }
    }

    private static ObjectNode text(String text) {
        return Json.object().put("text", text);
    }

    private static ObjectNode reasoning(String name, String text) {
        ObjectNode delta = Json.object();
        delta.putObject("reasoningContent").put(name, text);
        return delta;
    }

    private static ObjectNode input(String fragment) {
        ObjectNode delta = Json.object();
        delta.putObject("toolUse").put("input", fragment);
        return delta;
    }

    private static ObjectNode start(String callId, String name) {
        ObjectNode start = Json.object();
        start.putObject("toolUse").put("toolUseId", callId).put("name", name);
        return start;
    }

    private static Frame frame(String name, ObjectNode payload) {
        return Frame.of(name, Json.write(payload));
    }

    private enum Kind {
        TEXT,
        REASONING,
        CALL
    }

    /** What one part has still to say, and how much it has said. */
    private static final class Block {

        private final List<ObjectNode> deltas = new ArrayList<>();
        private @Nullable ObjectNode start;
        private int chars;
        private boolean begun;
        private boolean finished;
        private boolean told;

        void begin(ObjectNode first) {
            if (!begun) {
                begun = true;
                start = first;
            }
        }
    }
}

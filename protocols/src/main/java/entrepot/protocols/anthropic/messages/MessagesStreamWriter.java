package entrepot.protocols.anthropic.messages;

import static entrepot.protocols.anthropic.messages.MessagesRequests.DIALECT;

import entrepot.conversation.Event;
import entrepot.conversation.EventGrammar;
import entrepot.conversation.Part;
import entrepot.conversation.StopReason;
import entrepot.conversation.Usage;
import entrepot.protocols.Frame;
import entrepot.protocols.StreamWriter;
import entrepot.protocols.anthropic.AnthropicErrors;
import entrepot.protocols.anthropic.messages.MessagesBlocks.Reader;
import entrepot.protocols.json.Json;
import entrepot.protocols.json.Residue;
import entrepot.protocols.json.TextForm;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * Writes events as a caller's stream of message events: named frames, to be sent in order. One
 * thread at a time.
 *
 * <p>Clients read how much was asked from {@code message_start}, which comes before any supplier
 * that reports its usage last has done so: it then tells an estimate, and {@code message_delta} the
 * truth (R25). The start is held until something follows it, and the end until all usage is known
 * (R88).
 */
public final class MessagesStreamWriter implements StreamWriter {

    private final EventGrammar grammar = new EventGrammar();
    private final LongSupplier inputTokensEstimate;
    private final String requestId;
    private final MessagesStreamQueue queue = new MessagesStreamQueue();
    private @Nullable ObjectNode start;
    private ObjectNode last = Json.object();
    private @Nullable TextForm textForm;
    private int formPosition;
    private @Nullable Usage usage;
    private @Nullable StopReason reason;
    private boolean failed;

    /**
     * @param inputTokensEstimate what is told at the start, unless the supplier has told it then
     * @param requestId ours, for errors
     */
    public MessagesStreamWriter(LongSupplier inputTokensEstimate, String requestId) {
        this.inputTokensEstimate = inputTokensEstimate;
        this.requestId = requestId;
    }

    @Override
    public List<Frame> write(Event event) {
        grammar.accept(event);
        switch (event) {
            case Event.Started started -> start = start(started);
            case Event.UsageReported reported -> usage = reported.usage();
            case Event.TextDelta delta -> {
                Frame frame = textFrame(delta.index(), delta.text());
                if (frame != null) {
                    return List.of(frame);
                }
                text(delta.index(), delta.text());
            }
            case Event.RefusalDelta delta -> text(delta.index(), delta.text());
            case Event.ReasoningDelta delta -> thought(delta.index(), delta.text());
            case Event.ToolCallStarted call -> queue.open(call.index(), call(call));
            case Event.ToolCallDelta delta -> input(delta.index(), delta.fragment());
            case Event.PartFinished finished -> finish(finished.index(), finished.part());
            case Event.Finished finished -> reason = finished.reason();
            case Event.Unknown unknown -> unknown(unknown);
            case Event.Failed failure -> {
                failed = true;
                ObjectNode error = AnthropicErrors.body(failure.failure(), requestId);
                return List.of(Frame.of("error", Json.write(error)));
            }
        }
        return frames();
    }

    @Override
    public List<Frame> end() {
        if (failed) {
            return List.of();
        }
        if (!grammar.ended() || reason == null) {
            throw new IllegalStateException("the answer has not finished");
        }
        var frames = new ArrayList<>(frames());
        ObjectNode delta = Json.object().put("type", "message_delta");
        String word = MessagesAnswers.word(reason);
        ObjectNode said = delta.putObject("delta");
        said.put("stop_reason", word.isEmpty() ? "end_turn" : word).putNull("stop_sequence");
        last.path("delta").properties().forEach(m -> said.set(m.getKey(), m.getValue()));
        last.remove("delta");
        delta.setAll(last);
        delta.set("usage", usage());
        frames.add(frame(delta));
        frames.add(frame(Json.object().put("type", "message_stop")));
        return frames;
    }

    private List<Frame> frames() {
        if (start != null && (queue.isWaiting() || grammar.ended())) {
            start.set("usage", usage());
            ObjectNode event = Json.object().put("type", "message_start");
            event.set("message", start);
            start = null;
            var frames = new ArrayList<Frame>();
            frames.add(frame(event));
            queue.take().forEach(each -> frames.add(frame(each)));
            return frames;
        }
        return start != null
                ? List.of()
                : queue.take().stream().map(MessagesStreamWriter::frame).toList();
    }

    private ObjectNode usage() {
        if (usage != null) {
            return MessagesUsage.write(usage);
        }
        return Json.object()
                .put("input_tokens", inputTokensEstimate.getAsLong())
                .put("cache_creation_input_tokens", 0)
                .put("cache_read_input_tokens", 0)
                .put("output_tokens", 0);
    }

    private static ObjectNode start(Event.Started started) {
        ObjectNode message =
                Json.object()
                        .put("id", started.answerId())
                        .put("type", "message")
                        .put("role", "assistant")
                        .put("model", started.model());
        message.putArray("content");
        return message.putNull("stop_reason").putNull("stop_sequence");
    }

    private static Frame frame(ObjectNode event) {
        return Frame.of(event.path("type").asString(""), Json.write(event));
    }

    /** Most events are this; null when something else is to be sent before it. */
    private @Nullable Frame textFrame(int index, String piece) {
        if (start != null || piece.isEmpty() || !TextForm.canHold(piece)) {
            return null;
        }
        int position = queue.tell(index, piece);
        if (position < 0) {
            return null;
        }
        TextForm form = textForm;
        if (form == null || position != formPosition) {
            ObjectNode event = MessagesStreamQueue.event("content_block_delta");
            event.put("index", position).set("delta", delta("text_delta", "text", TextForm.TEXT));
            form = TextForm.of(event);
            textForm = form;
            formPosition = position;
        }
        return Frame.of("content_block_delta", form.with(piece));
    }

    private void text(int index, String piece) {
        if (piece.isEmpty()) {
            return;
        }
        if (!queue.isOpen(index)) {
            queue.open(index, Json.object().put("type", "text").put("text", ""));
        }
        queue.delta(index, piece, delta("text_delta", "text", piece));
    }

    private void thought(int index, String piece) {
        if (piece.isEmpty()) {
            return;
        }
        if (!queue.isOpen(index)) {
            queue.open(
                    index,
                    Json.object().put("type", "thinking").put("thinking", "").put("signature", ""));
        }
        queue.delta(index, piece, delta("thinking_delta", "thinking", piece));
    }

    private static ObjectNode call(Event.ToolCallStarted call) {
        ObjectNode block =
                Json.object()
                        .put("type", "tool_use")
                        .put("id", MessagesBlocks.wireId(call.callId()))
                        .put("name", call.name());
        block.putObject("input");
        return block;
    }

    private void input(int index, String fragment) {
        if (!fragment.isEmpty()) {
            queue.delta(index, fragment, delta("input_json_delta", "partial_json", fragment));
        }
    }

    private static ObjectNode delta(String type, String name, String piece) {
        return Json.object().put("type", type).put(name, piece);
    }

    /** Writes what no delta has told of a part yet; a stream cannot take back what it told. */
    private void finish(int index, Part part) {
        switch (part) {
            case Part.Text text -> {
                text(index, queue.untold(index, text.text()));
                JsonNode citations = Residue.of(text.extras(), DIALECT, "citations");
                if (citations != null && citations.isArray() && queue.isOpen(index)) {
                    for (JsonNode citation : citations) {
                        ObjectNode delta = Json.object().put("type", "citations_delta");
                        queue.delta(index, "", delta.set("citation", citation));
                    }
                }
            }
            case Part.Refusal refusal -> text(index, queue.untold(index, refusal.text()));
            case Part.Reasoning reasoning -> reasoning(index, reasoning);
            case Part.ToolCall call -> {
                if (!queue.isOpen(index)) {
                    var opened = new Event.ToolCallStarted(index, call.callId(), call.name());
                    queue.open(index, call(opened));
                }
                input(index, queue.untold(index, call.arguments()));
            }
            case Part.Unknown _,
                    Part.Image _,
                    Part.File _,
                    Part.Audio _,
                    Part.ToolResult _,
                    Part.CachePoint _ ->
                    whole(index, part);
        }
        queue.close(index);
    }

    private void reasoning(int index, Part.Reasoning reasoning) {
        ObjectNode block = MessagesReasoning.write(reasoning, Reader.CALLER);
        if (block == null) {
            return;
        }
        if (block.path("type").asString("").equals("redacted_thinking")) {
            if (!queue.isOpen(index)) {
                queue.open(index, block);
            }
            return;
        }
        thought(index, queue.untold(index, reasoning.text()));
        if (!queue.isOpen(index)) {
            queue.open(
                    index,
                    Json.object().put("type", "thinking").put("thinking", "").put("signature", ""));
        }
        String signature = block.path("signature").asString("");
        if (!signature.isEmpty()) {
            queue.delta(index, "", delta("signature_delta", "signature", signature));
        }
    }

    /** A block of Anthropic's own: its input, as Anthropic sends it, after it. */
    private void whole(int index, Part part) {
        ObjectNode block =
                part instanceof Part.Unknown ? MessagesBlocks.write(part, Reader.CALLER) : null;
        if (block == null || queue.isOpen(index)) {
            // Nothing else has a place in an answer: see MessagesLosses.
            return;
        }
        JsonNode input = block.path("input");
        if (!input.isObject() || input.isEmpty()) {
            queue.open(index, block);
            return;
        }
        ObjectNode opened = Json.object();
        opened.setAll(block);
        opened.putObject("input");
        queue.open(index, opened);
        input(index, input.toString());
    }

    /** What this dialect's own reader had no event for goes back to where it stood. */
    private void unknown(Event.Unknown unknown) {
        if (!unknown.dialect().equals(DIALECT) || !(unknown.raw() instanceof ObjectNode raw)) {
            return;
        }
        if (raw.path("type").asString("").equals("message_delta")) {
            ObjectNode more = raw.deepCopy();
            more.remove("type");
            ObjectNode delta = Json.object();
            last.path("delta").properties().forEach(m -> delta.set(m.getKey(), m.getValue()));
            more.path("delta").properties().forEach(m -> delta.set(m.getKey(), m.getValue()));
            last.setAll(more);
            last.set("delta", delta);
        } else {
            queue.pass(raw);
        }
    }
}

package entrepot.protocols.openai.chat;

import static entrepot.protocols.openai.chat.ChatRequests.DIALECT;

import entrepot.conversation.Event;
import entrepot.conversation.EventGrammar;
import entrepot.conversation.Logprob;
import entrepot.conversation.Part;
import entrepot.conversation.StopReason;
import entrepot.conversation.Usage;
import entrepot.protocols.json.Json;
import entrepot.protocols.json.TextForm;
import entrepot.protocols.openai.OpenAiErrors;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes events as a caller's stream of {@code chat.completion.chunk}: the payloads of {@code data}
 * fields, to be framed and sent in order. One thread at a time.
 */
public final class ChatStreamWriter {

    private static final byte[] DONE = ChatStreamReader.DONE.getBytes(StandardCharsets.US_ASCII);

    private final EventGrammar grammar = new EventGrammar();
    private final Map<Integer, Written> open = new HashMap<>();
    private final long createdSeconds;
    private final boolean usageAsked;
    private final ChatForms forms;
    private final Map<Integer, ToldCall> told = new HashMap<>();
    private String answerId = "";
    private String model = "";
    private int calls;
    private @Nullable TextForm textForm;
    private @Nullable Usage usage;
    private boolean failed;

    /**
     * @param createdSeconds Unix time that every chunk carries
     * @param usageAsked whether the caller sent {@code stream_options.include_usage}
     */
    public ChatStreamWriter(long createdSeconds, boolean usageAsked) {
        this(createdSeconds, usageAsked, ChatForms.TOOLS);
    }

    ChatStreamWriter(long createdSeconds, boolean usageAsked, ChatForms forms) {
        this.createdSeconds = createdSeconds;
        this.usageAsked = usageAsked;
        this.forms = forms;
    }

    /**
     * The payloads for an event; often one, sometimes none.
     *
     * @throws IllegalStateException when the event breaks the grammar
     */
    public List<byte[]> write(Event event) {
        grammar.accept(event);
        return switch (event) {
            case Event.Started started -> start(started);
            case Event.TextDelta delta -> text(delta.index(), delta.text(), delta.logprobs());
            case Event.RefusalDelta delta -> piece(delta.index(), "refusal", delta.text());
            case Event.ReasoningDelta delta ->
                    piece(delta.index(), "reasoning_content", delta.text());
            case Event.ToolCallStarted call -> begin(call.index(), call.callId(), call.name());
            case Event.ToolCallDelta delta -> arguments(delta.index(), delta.fragment());
            case Event.PartFinished finished -> finish(finished);
            case Event.UsageReported reported -> {
                usage = reported.usage();
                yield List.of();
            }
            case Event.Finished finished -> List.of(chunk(Json.object(), word(finished.reason())));
            case Event.Failed failure -> {
                failed = true;
                yield List.of(Json.write(OpenAiErrors.body(failure.failure())));
            }
            case Event.Unknown unknown -> unknown(unknown);
        };
    }

    /**
     * The payloads after the last event: usage, if it was asked for, and the end mark. None after a
     * failure: a client must not take what came for a whole answer (R21).
     */
    public List<byte[]> end() {
        if (failed) {
            return List.of();
        }
        if (!grammar.ended()) {
            throw new IllegalStateException("the answer has not finished");
        }
        if (!usageAsked || usage == null) {
            return List.of(DONE);
        }
        ObjectNode last = skeleton();
        last.putArray("choices");
        last.set("usage", ChatUsage.write(usage));
        return List.of(Json.write(last), DONE);
    }

    private List<byte[]> start(Event.Started started) {
        answerId = started.answerId();
        model = started.model();
        textForm = null;
        ObjectNode delta = Json.object().put("role", "assistant").put("content", "");
        return List.of(chunk(delta.putNull("refusal"), null));
    }

    private List<byte[]> piece(int index, String field, String text) {
        open.computeIfAbsent(index, _ -> new Written()).chars += text.length();
        return List.of(chunk(Json.object().put(field, text), null));
    }

    private List<byte[]> text(int index, String text, List<Logprob> logprobs) {
        Written written = open.computeIfAbsent(index, _ -> new Written());
        written.chars += text.length();
        written.tokens += logprobs.size();
        if (logprobs.isEmpty() && TextForm.canHold(text)) {
            return List.of(textForm().with(text));
        }
        ObjectNode chunk = plain(Json.object().put("content", text), null);
        if (!logprobs.isEmpty()) {
            chunk.withArray("choices")
                    .get(0)
                    .asObject()
                    .set("logprobs", ChatAnswers.logprobs(logprobs));
        }
        return List.of(Json.write(chunk));
    }

    private TextForm textForm() {
        TextForm known = textForm;
        if (known == null) {
            known = TextForm.of(plain(Json.object().put("content", TextForm.TEXT), null));
            textForm = known;
        }
        return known;
    }

    private List<byte[]> begin(int index, String callId, String name) {
        var call = new ToldCall(calls++, name, forms);
        told.put(index, call);
        return delta(call.begin(callId, name));
    }

    private List<byte[]> arguments(int index, String fragment) {
        ToldCall call = told.get(index);
        return call == null ? List.of() : delta(call.piece(fragment));
    }

    private List<byte[]> delta(@Nullable ObjectNode delta) {
        return delta == null ? List.of() : List.of(chunk(delta, null));
    }

    private String word(StopReason reason) {
        boolean older = forms.functions() && reason.equals(StopReason.TOOL_CALLS);
        return older ? ChatForms.FUNCTION_CALL : ChatAnswers.word(reason);
    }

    /** Writes what no delta has told of a part yet; a stream cannot take back what it told. */
    private List<byte[]> finish(Event.PartFinished finished) {
        int index = finished.index();
        var payloads = new ArrayList<byte[]>();
        switch (finished.part()) {
            case Part.Text text -> {
                String rest = untold(index, text.text());
                if (!rest.isEmpty()) {
                    Written before = open.get(index);
                    int tokens = before == null ? 0 : before.tokens;
                    payloads.addAll(
                            text(index, rest, text.logprobs().stream().skip(tokens).toList()));
                }
            }
            case Part.Refusal text -> payloads.addAll(remainder(index, "refusal", text.text()));
            case Part.Reasoning text ->
                    payloads.addAll(remainder(index, "reasoning_content", text.text()));
            case Part.ToolCall call -> {
                if (!told.containsKey(index)) {
                    payloads.addAll(begin(index, call.callId(), call.name()));
                }
                ToldCall begun = told.remove(index);
                if (begun != null) {
                    payloads.addAll(delta(begun.rest(call.arguments())));
                }
            }
            case Part.Unknown unknown -> {
                if (unknown.dialect().equals(DIALECT)
                        && unknown.raw() instanceof ObjectNode raw
                        && ChatCalls.isCall(raw)) {
                    ObjectNode delta = Json.object();
                    ObjectNode call = delta.putArray("tool_calls").addObject();
                    call.put("index", calls++).setAll(raw);
                    payloads.add(chunk(delta, null));
                }
            }
            case Part.Image _, Part.File _, Part.Audio _, Part.ToolResult _, Part.CachePoint _ -> {
                // Chat has no place for these in an answer: see ChatLosses.
            }
        }
        open.remove(index);
        return payloads;
    }

    private List<byte[]> remainder(int index, String field, String whole) {
        String text = untold(index, whole);
        return text.isEmpty() ? List.of() : piece(index, field, text);
    }

    private String untold(int index, String whole) {
        Written written = open.get(index);
        int told = written == null ? 0 : written.chars;
        return told >= whole.length() ? "" : whole.substring(told);
    }

    /** What chat's own reader had no event for goes back into a chunk, where it stood. */
    private List<byte[]> unknown(Event.Unknown unknown) {
        if (!unknown.dialect().equals(DIALECT) || !(unknown.raw() instanceof ObjectNode raw)) {
            return List.of();
        }
        ObjectNode chunk = skeleton();
        chunk.setAll(raw);
        ArrayNode choices = Json.object().arrayNode();
        for (JsonNode node : raw.path("choices")) {
            if (!(node instanceof ObjectNode choice)) {
                continue;
            }
            ObjectNode whole = Json.object().put("index", 0);
            whole.putObject("delta");
            whole.putNull("finish_reason");
            choices.add(whole.setAll(choice));
        }
        chunk.set("choices", choices);
        return List.of(Json.write(nullUsage(chunk)));
    }

    private byte[] chunk(ObjectNode delta, @Nullable String reason) {
        return Json.write(plain(delta, reason));
    }

    private ObjectNode plain(ObjectNode delta, @Nullable String reason) {
        ObjectNode chunk = skeleton();
        ObjectNode choice = chunk.putArray("choices").addObject().put("index", 0);
        choice.set("delta", delta);
        choice.putNull("logprobs").put("finish_reason", reason);
        return nullUsage(chunk);
    }

    /** OpenAI sends a null usage in every chunk but the last, where usage was asked for. */
    private ObjectNode nullUsage(ObjectNode chunk) {
        return usageAsked ? chunk.putNull("usage") : chunk;
    }

    private ObjectNode skeleton() {
        return Json.object()
                .put("id", answerId)
                .put("object", "chat.completion.chunk")
                .put("created", createdSeconds)
                .put("model", model);
    }

    /** How much of an open part has been told. */
    private static final class Written {

        private int chars;
        private int tokens;
    }
}

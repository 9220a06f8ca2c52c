package entrepot.protocols.openai.responses;

import static entrepot.protocols.openai.responses.ResponsesRequests.DIALECT;

import entrepot.conversation.Event;
import entrepot.conversation.EventGrammar;
import entrepot.conversation.Failure;
import entrepot.conversation.StopReason;
import entrepot.conversation.Usage;
import entrepot.protocols.Frame;
import entrepot.protocols.StreamWriter;
import entrepot.protocols.json.Json;
import entrepot.protocols.openai.OpenAiErrors;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.List;

/**
 * Writes events as a caller's stream of response events, each with its {@code sequence_number}, in
 * the order that OpenAI documents. The last one holds the whole response, so that it is written
 * when usage is known: at the end.
 */
public final class ResponsesStreamWriter implements StreamWriter {

    private final EventGrammar grammar = new EventGrammar();
    private final ResponsesVoice voice;
    private final List<Frame> out = new ArrayList<>();
    private final ToldItems items;
    private String model = "";
    private Usage usage = Usage.NONE;
    private @Nullable StopReason reason;
    private @Nullable Failure failure;
    private int sequence;

    ResponsesStreamWriter(ResponsesVoice voice) {
        this.voice = voice;
        this.items = new ToldItems(this::emit, voice.names(), voice.ids());
    }

    @Override
    public List<Frame> write(Event event) {
        grammar.accept(event);
        switch (event) {
            case Event.Started started -> {
                model = started.model();
                lifecycle("response.created");
                lifecycle("response.in_progress");
            }
            case Event.TextDelta delta -> items.text(delta.index(), delta.text(), delta.logprobs());
            case Event.RefusalDelta delta -> items.refusal(delta.index(), delta.text());
            case Event.ReasoningDelta delta -> items.reasoning(delta.index(), delta.text());
            case Event.ToolCallStarted call -> items.call(call.index(), call.callId(), call.name());
            case Event.ToolCallDelta delta -> items.arguments(delta.index(), delta.fragment());
            case Event.PartFinished finished -> items.finish(finished.index(), finished.part());
            case Event.UsageReported reported -> usage = reported.usage();
            case Event.Finished finished -> {
                items.close();
                reason = finished.reason();
            }
            case Event.Failed failed -> fail(failed.failure());
            case Event.Unknown unknown -> {
                if (unknown.dialect().equals(DIALECT) && unknown.raw() instanceof ObjectNode raw) {
                    items.unknown(raw);
                }
            }
        }
        return taken();
    }

    @Override
    public List<Frame> end() {
        if (failure != null) {
            return List.of();
        }
        if (reason == null) {
            throw new IllegalStateException("the answer has not finished");
        }
        emit("response." + ending(), Json.object().set("response", response()));
        return taken();
    }

    /**
     * The response as it stands: in progress with the items that are whole, or as it ended. A copy.
     */
    public ObjectNode response() {
        ObjectNode response = voice.skeleton(model);
        response.set("output", items.output());
        if (failure != null) {
            response.put("status", "failed");
            JsonNode error = OpenAiErrors.body(failure).path("error");
            response.putObject("error")
                    .put("code", error.path("code").asString("server_error"))
                    .put("message", error.path("message").asString(""));
        } else if (reason != null) {
            Endings.write(reason, response);
        }
        ResponsesVoice.usage(usage, response);
        return response;
    }

    /** The last event's name; a status that is no end in itself is told as it stands. */
    private String ending() {
        String status = reason == null ? "in_progress" : Endings.status(reason);
        return status.equals("incomplete") ? "incomplete" : "completed";
    }

    private void fail(Failure why) {
        boolean begun = sequence > 0;
        failure = why;
        emit("error", error(why));
        if (begun) {
            emit("response.failed", Json.object().set("response", response()));
        }
    }

    /**
     * The error event, in both of its forms: flat, as it is specified, and within {@code error}, as
     * OpenAI sends it and as its clients look for it.
     */
    static ObjectNode error(Failure failure) {
        JsonNode error = OpenAiErrors.body(failure).path("error");
        ObjectNode event = Json.object();
        event.set("code", error.path("code"));
        event.set("message", error.path("message"));
        event.set("param", error.path("param"));
        event.set("error", error);
        return event;
    }

    private void lifecycle(String name) {
        emit(name, Json.object().set("response", voice.skeleton(model)));
    }

    private void emit(String type, JsonNode members) {
        ObjectNode event = Json.object().put("type", type).put("sequence_number", sequence++);
        members.properties()
                .forEach(member -> {
                    if (!event.has(member.getKey())) {
                        event.set(member.getKey(), member.getValue());
                    }
                });
        out.add(Frame.of(type, Json.write(event)));
    }

    private List<Frame> taken() {
        List<Frame> frames = List.copyOf(out);
        out.clear();
        return frames;
    }

    /** Takes an event to be sent. */
    interface Emitter {
        void emit(String type, JsonNode members);
    }
}

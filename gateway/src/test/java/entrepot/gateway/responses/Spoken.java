package entrepot.gateway.responses;

import entrepot.conversation.Answer;
import entrepot.conversation.Event;
import entrepot.conversation.Failure.Cause;
import entrepot.conversation.Part;
import entrepot.conversation.Usage;
import entrepot.gateway.storefronts.EventStreamFraming;
import entrepot.gateway.storefronts.Framing;
import entrepot.protocols.Frame;
import entrepot.protocols.StreamWriter;
import entrepot.protocols.Voice;
import entrepot.protocols.anthropic.messages.MessagesVoice;
import entrepot.protocols.bedrock.converse.ConverseVoice;
import entrepot.protocols.google.gemini.GeminiVoice;
import entrepot.protocols.json.Json;
import entrepot.protocols.openai.chat.ChatVoice;
import entrepot.protocols.openai.responses.ResponsesVoice;
import entrepot.testkit.Script;
import entrepot.testkit.ScriptedSupplier.Received;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/** The dialects that a supplier may speak behind the Responses API. */
enum Spoken {
    CHAT("kind: openai-compatible"),
    MESSAGES("kind: anthropic"),
    CONVERSE("kind: bedrock, region: us-east-1"),
    GEMINI("kind: gemini"),
    RESPONSES("kind: openai-compatible, apis: [responses]");

    private final String kind;

    Spoken(String kind) {
        this.kind = kind;
    }

    /** The members of such a supplier's entry in a catalogue. */
    String kind() {
        return kind;
    }

    private Voice voice() {
        return switch (this) {
            case CHAT -> new ChatVoice(1, true);
            case MESSAGES -> new MessagesVoice(() -> 1, "req_1");
            case CONVERSE -> new ConverseVoice(() -> 1);
            case GEMINI -> new GeminiVoice();
            case RESPONSES -> responses();
        };
    }

    private Framing framing() {
        return this == CONVERSE ? new EventStreamFraming() : Framing.SSE;
    }

    /** A double's standing answer, in this dialect and in the form that was asked for. */
    Function<Received, Script> saying(Function<Received, Answer> answers) {
        return request -> {
            boolean stream =
                    request.target().toLowerCase(Locale.ROOT).contains("stream")
                            || Json.read(request.body(), Cause.INTERNAL)
                                    .path("stream")
                                    .asBoolean(false);
            Answer answer = answers.apply(request);
            return stream ? stream(answer) : whole(answer);
        };
    }

    private Script whole(Answer answer) {
        return new Script(200, List.of("content-type: application/json"), false, List.of())
                .send(voice().whole(answer));
    }

    private Script stream(Answer answer) {
        StreamWriter writer = voice().stream();
        var script =
                new Script(
                        200, List.of("content-type: " + framing().contentType()), true, List.of());
        for (Event event : events(answer)) {
            script = send(script, writer.write(event));
        }
        return send(script, writer.end());
    }

    private Script send(Script script, List<Frame> frames) {
        return frames.isEmpty() ? script : script.send(framing().bytes(frames));
    }

    /** Every part in deltas of a few letters. */
    private static List<Event> events(Answer answer) {
        var events = new ArrayList<Event>();
        events.add(new Event.Started(answer.answerId(), answer.model()));
        for (int i = 0; i < answer.parts().size(); i++) {
            int index = i;
            Part part = answer.parts().get(i);
            switch (part) {
                case Part.Text text ->
                        pieces(text.text())
                                .forEach(each -> events.add(new Event.TextDelta(index, each)));
                case Part.Reasoning thought ->
                        pieces(thought.text())
                                .forEach(each -> events.add(new Event.ReasoningDelta(index, each)));
                case Part.ToolCall call -> {
                    events.add(new Event.ToolCallStarted(index, call.callId(), call.name()));
                    pieces(call.arguments())
                            .forEach(each -> events.add(new Event.ToolCallDelta(index, each)));
                }
                default -> throw new IllegalArgumentException("not told in deltas: " + part);
            }
            events.add(new Event.PartFinished(i, part));
        }
        events.add(new Event.Finished(answer.stopReason()));
        if (!answer.usage().equals(Usage.NONE)) {
            events.add(new Event.UsageReported(answer.usage()));
        }
        return events;
    }

    private static List<String> pieces(String text) {
        var pieces = new ArrayList<String>();
        for (int at = 0; at < text.length(); at += 5) {
            pieces.add(text.substring(at, Math.min(text.length(), at + 5)));
        }
        return pieces;
    }

    private static Voice responses() {
        var count = new AtomicInteger();
        return new ResponsesVoice(
                Json.object(), "resp_1", 1, kind -> kind + "_" + count.incrementAndGet());
    }
}

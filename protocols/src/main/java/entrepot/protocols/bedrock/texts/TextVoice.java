package entrepot.protocols.bedrock.texts;

import entrepot.conversation.Answer;
import entrepot.conversation.Event;
import entrepot.conversation.Part;
import entrepot.conversation.StopReason;
import entrepot.conversation.Usage;
import entrepot.protocols.Frame;
import entrepot.protocols.StreamWriter;
import entrepot.protocols.Voice;
import entrepot.protocols.bedrock.BedrockErrors;
import entrepot.protocols.json.Json;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.node.ObjectNode;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Answers a caller of InvokeModel in a maker's words: texts, and refusals as such. */
public record TextVoice(TextBody body) implements Voice {

    /** The name of the last event of a stream; the others have none. */
    public static final String LAST = "last";

    @Override
    public byte[] whole(Answer answer) {
        var text = new StringBuilder();
        answer.parts().forEach(part -> text.append(text(part)));
        return Json.write(body.answer(text.toString(), answer.stopReason(), answer.usage()));
    }

    private static String text(Part part) {
        return switch (part) {
            case Part.Text text -> text.text();
            case Part.Refusal refusal -> refusal.text();
            case Part.Image _,
                    Part.File _,
                    Part.Audio _,
                    Part.Reasoning _,
                    Part.ToolCall _,
                    Part.ToolResult _,
                    Part.CachePoint _,
                    Part.Unknown _ ->
                    "";
        };
    }

    @Override
    public StreamWriter stream() {
        return new Writer();
    }

    private final class Writer implements StreamWriter {

        /** Parts of which something was told as it came. */
        private final Set<Integer> told = new HashSet<>();

        private Usage usage = Usage.NONE;
        private @Nullable StopReason reason;
        private boolean failed;

        @Override
        public List<Frame> write(Event event) {
            return switch (event) {
                case Event.TextDelta delta -> chunk(delta.index(), delta.text());
                case Event.RefusalDelta delta -> chunk(delta.index(), delta.text());
                case Event.PartFinished part ->
                        told.contains(part.index())
                                ? List.of()
                                : chunk(part.index(), text(part.part()));
                case Event.UsageReported reported -> {
                    usage = reported.usage();
                    yield List.of();
                }
                case Event.Finished finished -> {
                    reason = finished.reason();
                    yield List.of();
                }
                case Event.Failed failure -> {
                    failed = true;
                    yield List.of(BedrockErrors.frame(failure.failure()));
                }
                case Event.Started _,
                        Event.ReasoningDelta _,
                        Event.ToolCallStarted _,
                        Event.ToolCallDelta _,
                        Event.Unknown _ ->
                        List.of();
            };
        }

        private List<Frame> chunk(int index, String text) {
            told.add(index);
            return text.isEmpty() ? List.of() : List.of(Frame.of(Json.write(body.chunk(text))));
        }

        /** Usage comes after the end: the last chunk waits for it. */
        @Override
        public List<Frame> end() {
            StopReason why = reason;
            if (failed || why == null) {
                return List.of();
            }
            ObjectNode last = body.last(why, usage);
            return List.of(Frame.of(LAST, Json.write(last)));
        }
    }
}

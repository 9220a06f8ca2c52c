package entrepot.protocols.openai.chat;

import entrepot.conversation.Answer;
import entrepot.conversation.Event;
import entrepot.protocols.Frame;
import entrepot.protocols.StreamWriter;
import entrepot.protocols.Voice;

import java.util.List;

/**
 * Answers a caller of Chat Completions.
 *
 * @param createdSeconds Unix time that the answer carries
 * @param usageAsked whether the caller sent {@code stream_options.include_usage}
 */
public record ChatVoice(long createdSeconds, boolean usageAsked) implements Voice {

    @Override
    public byte[] whole(Answer answer) {
        return ChatAnswers.write(answer, createdSeconds);
    }

    @Override
    public StreamWriter stream() {
        var writer = new ChatStreamWriter(createdSeconds, usageAsked);
        return new StreamWriter() {
            @Override
            public List<Frame> write(Event event) {
                return writer.write(event).stream().map(Frame::of).toList();
            }

            @Override
            public List<Frame> end() {
                return writer.end().stream().map(Frame::of).toList();
            }
        };
    }
}

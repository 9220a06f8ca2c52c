package entrepot.protocols.openai.chat;

import entrepot.conversation.Answer;
import entrepot.conversation.Event;
import entrepot.protocols.Frame;
import entrepot.protocols.StreamWriter;
import entrepot.protocols.Voice;

import java.util.List;
import java.util.function.Supplier;

/**
 * Answers a caller of Chat Completions.
 *
 * @param createdSeconds Unix time that the answer carries
 * @param usageAsked whether the caller sent {@code stream_options.include_usage}
 * @param forms in which its tools were named; asked for only when there is something to say
 */
public record ChatVoice(long createdSeconds, boolean usageAsked, Supplier<ChatForms> forms)
        implements Voice {

    /** For a caller whose tools are functions. */
    public ChatVoice(long createdSeconds, boolean usageAsked) {
        this(createdSeconds, usageAsked, () -> ChatForms.TOOLS);
    }

    @Override
    public byte[] whole(Answer answer) {
        return ChatAnswers.write(forms.get().told(answer), createdSeconds);
    }

    @Override
    public StreamWriter stream() {
        var writer = new ChatStreamWriter(createdSeconds, usageAsked, forms.get());
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

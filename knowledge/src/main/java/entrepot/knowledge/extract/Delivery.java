package entrepot.knowledge.extract;

import entrepot.conversation.Event;
import entrepot.conversation.EventSink;
import entrepot.conversation.Extras;
import entrepot.conversation.Part;
import entrepot.conversation.StopReason;
import entrepot.conversation.Usage;

import org.jspecify.annotations.Nullable;

import java.util.Map;
import java.util.function.ToIntFunction;

/** Puts an answer on the sink in the grammar of {@link Event}, up to the caller's limit. */
final class Delivery {

    private final EventSink sink;
    private final ToIntFunction<String> tokens;
    private final @Nullable Integer tokensMax;
    private final StringBuilder written = new StringBuilder();
    private long count;
    private boolean full;

    Delivery(EventSink sink, ToIntFunction<String> tokens, @Nullable Integer tokensMax) {
        this.sink = sink;
        this.tokens = tokens;
        this.tokensMax = tokensMax;
    }

    void call(int index, Part.ToolCall call) throws InterruptedException {
        count += tokens.applyAsInt(call.name() + " " + call.arguments());
        sink.accept(new Event.ToolCallStarted(index, call.callId(), call.name()));
        sink.accept(new Event.ToolCallDelta(index, call.arguments()));
        sink.accept(new Event.PartFinished(index, call));
    }

    /** Text for the one part of an answer; what goes over the limit is dropped. */
    void write(String text) throws InterruptedException {
        if (text.isEmpty() || full) {
            return;
        }
        String fitting = fitting(text);
        full = fitting.length() < text.length();
        if (!fitting.isEmpty()) {
            count += tokens.applyAsInt(fitting);
            written.append(fitting);
            sink.accept(new Event.TextDelta(0, fitting));
        }
    }

    private String fitting(String text) {
        if (tokensMax == null || count + tokens.applyAsInt(text) <= tokensMax) {
            return text;
        }
        int end = text.length();
        while (end > 0 && count + tokens.applyAsInt(text.substring(0, end)) > tokensMax) {
            end = Math.max(0, text.lastIndexOf(' ', end - 1));
        }
        return text.substring(0, end);
    }

    StopReason end() throws InterruptedException {
        if (!written.isEmpty()) {
            sink.accept(new Event.PartFinished(0, new Part.Text(written.toString(), Extras.NONE)));
        }
        return full ? StopReason.LENGTH : StopReason.END;
    }

    Usage usage(long inputTokens) {
        return new Usage(
                Map.of(Usage.Meter.FRESH_INPUT, inputTokens, Usage.Meter.OUTPUT, count), false);
    }
}

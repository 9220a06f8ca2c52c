package entrepot.runtime.testing;

import entrepot.conversation.Event;
import entrepot.conversation.Extras;
import entrepot.conversation.Failure;
import entrepot.conversation.Part;
import entrepot.conversation.StopReason;
import entrepot.conversation.Usage;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What a scripted model does with one request. */
public sealed interface Scripted {

    /** Sends these events, one by one. */
    record Events(List<Event> events) implements Scripted {
        public Events {
            events = List.copyOf(events);
        }
    }

    /** Refuses before the first event. */
    record Refuses(Failure failure) implements Scripted {}

    /** Sends these events, then nothing, until the caller leaves. */
    record Hangs(List<Event> events) implements Scripted {
        public Hangs {
            events = List.copyOf(events);
        }
    }

    /** The use that every scripted answer reports: 10 tokens in, 5 out. */
    Usage USAGE = new Usage(Map.of(Usage.Meter.FRESH_INPUT, 10L, Usage.Meter.OUTPUT, 5L), false);

    /** An answer of one text, in pieces. */
    static Scripted says(String... pieces) {
        List<Event> events = new ArrayList<>();
        events.add(new Event.Started("ans_scripted", "scripted"));
        for (String piece : pieces) {
            events.add(new Event.TextDelta(0, piece));
        }
        events.add(new Event.PartFinished(0, new Part.Text(String.join("", pieces), Extras.NONE)));
        events.add(new Event.Finished(StopReason.END));
        events.add(new Event.UsageReported(USAGE));
        return new Events(events);
    }

    /** Begins to speak and never ends. */
    static Scripted hangsAfter(String... pieces) {
        List<Event> events = new ArrayList<>();
        events.add(new Event.Started("ans_scripted", "scripted"));
        for (String piece : pieces) {
            events.add(new Event.TextDelta(0, piece));
        }
        return new Hangs(events);
    }

    /** Begins to speak and breaks off. */
    static Scripted breaksAfter(String piece, Failure failure) {
        return new Events(
                List.of(
                        new Event.Started("ans_scripted", "scripted"),
                        new Event.TextDelta(0, piece),
                        new Event.Failed(failure)));
    }

    /** Asks for tools. */
    static Scripted calls(Part.ToolCall... calls) {
        List<Event> events = new ArrayList<>();
        events.add(new Event.Started("ans_scripted", "scripted"));
        for (int i = 0; i < calls.length; i++) {
            events.add(new Event.ToolCallStarted(i, calls[i].callId(), calls[i].name()));
            events.add(new Event.ToolCallDelta(i, calls[i].arguments()));
            events.add(new Event.PartFinished(i, calls[i]));
        }
        events.add(new Event.Finished(StopReason.TOOL_CALLS));
        events.add(new Event.UsageReported(USAGE));
        return new Events(events);
    }

    static Part.ToolCall call(String callId, String name, String arguments) {
        return new Part.ToolCall(callId, name, arguments, Extras.NONE);
    }
}

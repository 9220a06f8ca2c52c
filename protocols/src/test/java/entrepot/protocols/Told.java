package entrepot.protocols;

import entrepot.conversation.Answer;
import entrepot.conversation.Event;
import entrepot.conversation.Part;
import entrepot.conversation.Usage;
import entrepot.testkit.Seeds;

import java.util.ArrayList;
import java.util.List;

/** An answer as a stream of events, as a seed has it. */
public final class Told {

    private final Seeds seeds;
    private final List<Event> events = new ArrayList<>();

    private Told(Seeds seeds) {
        this.seeds = seeds;
    }

    /** A stream for an answer: its parts in pieces, calls interleaved. */
    public static List<Event> events(Answer answer, Seeds seeds) {
        return new Told(seeds).tell(answer);
    }

    private List<Event> tell(Answer answer) {
        var open = new ArrayList<Event>();
        events.add(new Event.Started(answer.answerId(), answer.model()));
        for (int i = 0; i < answer.parts().size(); i++) {
            Part part = answer.parts().get(i);
            deltas(i, part);
            var finished = new Event.PartFinished(i, part);
            (part instanceof Part.ToolCall && seeds.oneIn(2) ? open : events).add(finished);
        }
        events.addAll(open);
        events.add(new Event.Finished(answer.stopReason()));
        if (!answer.usage().equals(Usage.NONE)) {
            events.add(new Event.UsageReported(answer.usage()));
        }
        return events;
    }

    private void deltas(int index, Part part) {
        switch (part) {
            case Part.Text text -> deltas(index, text.text(), Event.TextDelta::new);
            case Part.Refusal text -> deltas(index, text.text(), Event.RefusalDelta::new);
            case Part.Reasoning text -> deltas(index, text.text(), Event.ReasoningDelta::new);
            case Part.ToolCall call -> {
                events.add(new Event.ToolCallStarted(index, call.callId(), call.name()));
                deltas(index, call.arguments(), Event.ToolCallDelta::new);
            }
            case Part.Image _,
                    Part.File _,
                    Part.Audio _,
                    Part.CachePoint _,
                    Part.ToolResult _,
                    Part.Unknown _ -> {}
        }
    }

    private interface Delta {
        Event of(int index, String piece);
    }

    private void deltas(int index, String text, Delta delta) {
        for (String piece : pieces(text)) {
            events.add(delta.of(index, piece));
        }
    }

    private List<String> pieces(String text) {
        if (seeds.oneIn(5)) {
            return List.of();
        }
        var pieces = new ArrayList<String>();
        int from = 0;
        for (int cut : seeds.splitPositions(text.length(), 4)) {
            // A piece is whole characters: the wire is UTF-8.
            if (!Character.isLowSurrogate(text.charAt(cut))) {
                pieces.add(text.substring(from, cut));
                from = cut;
            }
        }
        pieces.add(text.substring(from));
        pieces.removeIf(String::isEmpty);
        return pieces;
    }
}

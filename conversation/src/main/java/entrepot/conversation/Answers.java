package entrepot.conversation;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** From events to a whole answer, and back. */
public final class Answers {

    private Answers() {}

    /**
     * What a whole stream adds up to.
     *
     * @throws Failed when the stream failed or broke off
     * @throws IllegalStateException when it breaks the grammar of {@link Event}
     */
    public static Answer fold(Iterable<Event> events) {
        var collector = new Collector();
        events.forEach(collector::accept);
        return collector.answer();
    }

    /** The shortest stream that adds up to an answer; extras belong to whole answers only. */
    public static List<Event> events(Answer answer) {
        var events = new ArrayList<Event>();
        events.add(new Event.Started(answer.answerId(), answer.model()));
        for (int i = 0; i < answer.parts().size(); i++) {
            events.add(new Event.PartFinished(i, answer.parts().get(i)));
        }
        events.add(new Event.Finished(answer.stopReason()));
        if (!answer.usage().equals(Usage.NONE)) {
            events.add(new Event.UsageReported(answer.usage()));
        }
        return events;
    }

    /**
     * Adds events up as they come. Only finished parts count: their last form is the true one. What
     * is {@link Event.Unknown} belongs to the stream and does not add up.
     */
    public static final class Collector implements EventSink {

        private final EventGrammar grammar = new EventGrammar();
        private final TreeMap<Integer, Part> parts = new TreeMap<>();
        private Event.@Nullable Started started;
        private @Nullable StopReason reason;
        private @Nullable Failure failure;
        private Usage usage = Usage.NONE;

        @Override
        public void accept(Event event) {
            grammar.accept(event);
            switch (event) {
                case Event.Started first -> started = first;
                case Event.PartFinished finished -> parts.put(finished.index(), finished.part());
                case Event.UsageReported reported -> usage = reported.usage();
                case Event.Finished finished -> reason = finished.reason();
                case Event.Failed failed -> failure = failed.failure();
                case Event.TextDelta _,
                        Event.RefusalDelta _,
                        Event.ReasoningDelta _,
                        Event.ToolCallStarted _,
                        Event.ToolCallDelta _,
                        Event.Unknown _ -> {}
            }
        }

        /** The last usage that was reported so far. */
        public Usage usage() {
            return usage;
        }

        /**
         * The answer, once it is whole.
         *
         * @throws Failed with the stream's own failure, or because it broke off
         */
        public Answer answer() {
            if (failure != null) {
                throw new Failed(failure);
            }
            if (started == null || reason == null) {
                throw new Failed(
                        Failure.of(
                                Failure.Cause.UNREACHABLE, "The answer broke off before its end."));
            }
            return new Answer(
                    started.answerId(),
                    started.model(),
                    List.copyOf(parts.values()),
                    reason,
                    usage,
                    Extras.NONE);
        }
    }
}

package entrepot.gateway.responses;

import entrepot.conversation.Event;
import entrepot.conversation.EventGrammar;
import entrepot.conversation.Failure;
import entrepot.identity.Ids;
import entrepot.protocols.Frame;
import entrepot.protocols.StreamWriter;
import entrepot.protocols.json.Json;
import entrepot.protocols.openai.responses.ResponsesVoice;
import entrepot.runtime.responses.StoredEvent;
import entrepot.runtime.responses.StoredResponse.Status;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes one response as the events that its caller sees and that are stored, numbered from where
 * an earlier scribe left off. The response itself is kept whole; what the caller did not ask to see
 * is left out of what it is told.
 */
final class Scribe {

    private final Asked asked;
    private final InstantSource clock;
    private final EventGrammar grammar = new EventGrammar();
    private final ResponsesVoice voice;
    private final StreamWriter writer;
    private long next;
    private boolean told;
    private @Nullable ObjectNode whole;
    private @Nullable Failure failure;

    Scribe(Asked asked, String responseId, long createdSeconds, Ids ids, InstantSource clock) {
        this.asked = asked;
        this.clock = clock;
        this.voice =
                new ResponsesVoice(
                        asked.body(), responseId, createdSeconds, kind -> ids.next(kind + "_"));
        this.writer = voice.stream();
    }

    /**
     * A response that has ended.
     *
     * @param shown as its caller may see it
     * @param output all of it
     */
    record Result(Status status, ObjectNode shown, JsonNode output) {}

    /** What is told of a response that waits for its turn. */
    List<StoredEvent> queue() {
        return List.of(
                event("response.created", opening(Status.QUEUED)),
                event("response.queued", opening(Status.QUEUED)));
    }

    /** What is told when the turn of a response has come that was told to be queued. */
    List<StoredEvent> begin() {
        next = 2;
        told = true;
        return List.of(event("response.in_progress", opening(Status.IN_PROGRESS)));
    }

    /** The response before anything has come of it. */
    ObjectNode opening(Status status) {
        Frame first = voice.stream().write(new Event.Started("", asked.model())).getFirst();
        if (!(read(first).path("response") instanceof ObjectNode response)) {
            throw new IllegalStateException("a stream begins with its response");
        }
        response.put("status", status.word());
        response.putNull("completed_at");
        return response;
    }

    /** One event of a response as a whole. */
    static String event(String type, long number, JsonNode response) {
        ObjectNode event = Json.object().put("type", type).put("sequence_number", number);
        event.set("response", response);
        return Items.text(event);
    }

    private StoredEvent event(String type, JsonNode response) {
        return new StoredEvent(next, event(type, next++, response));
    }

    private static ObjectNode read(Frame frame) {
        if (Json.read(frame.data(), Failure.Cause.INTERNAL) instanceof ObjectNode event) {
            return event;
        }
        throw new IllegalStateException("an event is an object");
    }

    List<StoredEvent> write(Event event) {
        grammar.accept(event);
        if (event instanceof Event.Failed failed) {
            failure = failed.failure();
        }
        boolean again = told && event instanceof Event.Started;
        List<StoredEvent> events = events(writer.write(event), again);
        told = true;
        return events;
    }

    /** The last events, once the market has delivered. */
    List<StoredEvent> end() {
        return events(writer.end(), false);
    }

    /** The end of an answer that the market could not deliver. */
    List<StoredEvent> fail(Failure why) {
        if (grammar.ended()) {
            return List.of();
        }
        var events = new ArrayList<StoredEvent>();
        if (!grammar.started()) {
            events.addAll(write(new Event.Started("", asked.model())));
        }
        events.addAll(write(new Event.Failed(why)));
        return events;
    }

    /** How it ended; null while it has not. */
    @Nullable Result result() {
        ObjectNode ended = whole;
        if (ended == null) {
            return null;
        }
        ObjectNode shown = ended.deepCopy();
        shown.path("output").forEach(item -> Items.show(item, asked.encrypted()));
        return new Result(
                Status.of(ended.path("status").asString("completed")), shown, ended.path("output"));
    }

    /** Why it failed; null when it did not. */
    @Nullable Failure failure() {
        return failure;
    }

    private List<StoredEvent> events(List<Frame> frames, boolean beginningAgain) {
        var events = new ArrayList<StoredEvent>(frames.size());
        for (Frame frame : frames) {
            if (beginningAgain) {
                continue;
            }
            events.add(event(frame));
        }
        return events;
    }

    private StoredEvent event(Frame frame) {
        ObjectNode event = read(frame);
        event.put("sequence_number", next);
        if (event.path("response") instanceof ObjectNode response) {
            lifecycle(frame.name(), response);
        }
        if (event.has("item")) {
            Items.show(event.path("item"), asked.encrypted());
        }
        return new StoredEvent(next++, Items.text(event));
    }

    private void lifecycle(String type, ObjectNode response) {
        boolean completed = type.equals("response.completed");
        if (completed) {
            response.put("completed_at", clock.instant().getEpochSecond());
        } else {
            response.putNull("completed_at");
        }
        if (completed || type.equals("response.incomplete") || type.equals("response.failed")) {
            whole = response.deepCopy();
        }
        response.path("output").forEach(item -> Items.show(item, asked.encrypted()));
    }
}

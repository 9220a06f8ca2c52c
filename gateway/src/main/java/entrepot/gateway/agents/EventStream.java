package entrepot.gateway.agents;

import entrepot.conversation.Failed;
import entrepot.conversation.Failure;
import entrepot.gateway.door.Call;
import entrepot.gateway.door.Refusals;
import entrepot.http.BodyWriter;
import entrepot.http.Headers;
import entrepot.protocols.json.Json;
import entrepot.runtime.session.Cursor;
import entrepot.runtime.session.Entry;
import entrepot.runtime.session.Feed;
import entrepot.runtime.session.Sessions;
import entrepot.runtime.session.View;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import tools.jackson.databind.node.ObjectNode;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Serves a session's events as they come. The subscription stands before the head of the answer is
 * sent, so a client that then posts input misses nothing of it. A stream stays open across turns
 * until its reader leaves, the session is deleted or the node stops; a reader that was cut off goes
 * on exactly where it was with the id of the last event it saw.
 */
final class EventStream {

    private static final Logger LOG = LoggerFactory.getLogger(EventStream.class);
    private static final int ENTRIES_MAX = 500;

    /** How often a silent stream looks whether its node is stopping. */
    private static final Duration LOOK = Duration.ofSeconds(1);

    private static final byte[] COMMENT = ": keep-alive\n\n".getBytes(StandardCharsets.UTF_8);

    private final Sessions sessions;
    private final Duration keepAlive;

    /**
     * @param keepAlive how long a stream may be silent before a comment is sent
     */
    EventStream(Sessions sessions, Duration keepAlive) {
        this.sessions = sessions;
        this.keepAlive = keepAlive;
    }

    /**
     * Serves a session the caller may see.
     *
     * @param after null to begin live, with what is under way told first
     * @throws Failed when the session has no such place
     */
    void serve(Call call, int status, String sessionId, @Nullable Position after)
            throws InterruptedException {
        var projector = new EventProjector(sessionId);
        List<StreamEvent> backlog =
                after == null
                        ? foldAll(call, sessionId, projector)
                        : foldTo(call, sessionId, projector, after);
        Cursor from = projector.position().cursor();
        try (Feed feed = sessions.follow(call.caller(), sessionId, from);
                BodyWriter body = call.open(status, headers(projector))) {
            body.write(opening(projector));
            write(body, backlog);
            follow(call, sessionId, projector, feed, body);
        }
    }

    private void follow(
            Call call, String sessionId, EventProjector projector, Feed feed, BodyWriter body)
            throws InterruptedException {
        try {
            Duration silence = Duration.ZERO;
            Duration look = keepAlive.compareTo(LOOK) < 0 ? keepAlive : LOOK;
            while (!atRest(call, projector)) {
                List<Entry> entries = feed.next(look);
                silence = entries.isEmpty() ? silence.plus(look) : Duration.ZERO;
                if (silence.compareTo(keepAlive) >= 0) {
                    silence = Duration.ZERO;
                    if (sessions.find(call.caller(), sessionId).isEmpty()) {
                        return;
                    }
                    body.write(COMMENT);
                }
                var events = new ArrayList<StreamEvent>();
                entries.forEach(entry -> events.addAll(projector.project(entry)));
                write(body, events);
            }
        } catch (Failed failed) {
            fail(projector, sessionId, body, failed.failure());
        } catch (RuntimeException broken) {
            LOG.error("{} broke while it streamed {}", call.requestId(), sessionId, broken);
            fail(
                    projector,
                    sessionId,
                    body,
                    Failure.of(
                            Failure.Cause.INTERNAL,
                            "The stream broke; go on from the last event's id. The server's log"
                                    + " has it under request id "
                                    + call.requestId()
                                    + "."));
        }
    }

    /**
     * Whether the node is stopping and no turn is under way that a reader would miss the end of.
     */
    private static boolean atRest(Call call, EventProjector projector) {
        return call.ending() && projector.status() != View.Status.IN_PROGRESS;
    }

    private List<StreamEvent> foldAll(Call call, String sessionId, EventProjector projector) {
        List<Entry> entries;
        do {
            entries =
                    sessions.recorded(
                            call.caller(), sessionId, projector.position().cursor(), ENTRIES_MAX);
            entries.forEach(projector::project);
        } while (!entries.isEmpty());
        return projector.snapshot();
    }

    /** Returns what the reader has not seen of the entry that its last event came from. */
    private List<StreamEvent> foldTo(
            Call call, String sessionId, EventProjector projector, Position after) {
        if (after.cursor().equals(Cursor.START)) {
            return List.of();
        }
        while (true) {
            Cursor cursor = projector.position().cursor();
            List<Entry> entries = sessions.recorded(call.caller(), sessionId, cursor, ENTRIES_MAX);
            for (Entry entry : entries) {
                int order = entry.cursor().compareTo(after.cursor());
                if (order > 0) {
                    throw noSuchPlace(after);
                }
                List<StreamEvent> events = projector.project(entry);
                if (order == 0) {
                    if (after.count() > events.size()) {
                        throw noSuchPlace(after);
                    }
                    return events.subList(after.count(), events.size());
                }
            }
            if (entries.isEmpty()) {
                throw noSuchPlace(after);
            }
        }
    }

    private static Failed noSuchPlace(Position after) {
        return Refusals.value(
                "after", "this session has no event '" + after + "'. Leave it out to begin live.");
    }

    private static Headers headers(EventProjector projector) {
        return Headers.of(
                "content-type",
                "text/event-stream; charset=utf-8",
                "cache-control",
                "no-cache, no-transform",
                "x-accel-buffering",
                "no",
                "x-entrepot-session-status",
                SessionJson.word(projector.status()));
    }

    /** Says where the stream begins: whoever joins an idle session learns that it is idle. */
    private static byte[] opening(EventProjector projector) {
        String text =
                ": session is "
                        + SessionJson.word(projector.status())
                        + " at "
                        + projector.position()
                        + "\n\n";
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static void write(BodyWriter body, List<StreamEvent> events)
            throws InterruptedException {
        if (events.isEmpty()) {
            return;
        }
        var frames = new ByteArrayOutputStream();
        events.forEach(event -> frames.writeBytes(event.frame()));
        body.write(frames.toByteArray());
    }

    /** Ends the stream with an error event, whose id is that of the last good event. */
    private static void fail(
            EventProjector projector, String sessionId, BodyWriter body, Failure failure)
            throws InterruptedException {
        Position last = projector.position();
        ObjectNode payload =
                Json.object()
                        .put("type", "error")
                        .put("event_id", last + "-error")
                        .put("session_id", sessionId);
        payload.set("error", AgentErrors.error(failure));
        body.write(new StreamEvent(last, payload).frame());
    }
}

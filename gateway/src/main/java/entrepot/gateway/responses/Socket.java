package entrepot.gateway.responses;

import entrepot.conversation.Failed;
import entrepot.conversation.Failure;
import entrepot.gateway.door.Call;
import entrepot.gateway.door.Fields;
import entrepot.gateway.door.Refusals;
import entrepot.gateway.responses.Scribe.Result;
import entrepot.gateway.storefronts.Instructions;
import entrepot.http.WebSocket;
import entrepot.identity.Caller;
import entrepot.protocols.json.Json;
import entrepot.runtime.responses.StoredEvent;
import entrepot.runtime.responses.StoredItem;
import entrepot.runtime.responses.StoredResponse.Status;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.TimeoutException;

/**
 * One WebSocket of a caller: each {@code response.create} is answered with the events of one
 * response, one after the other. What is not stored is remembered while the connection lasts, and
 * as long as no turn fails to continue it (developers.openai.com/api/docs/guides/websocket-mode).
 */
final class Socket {

    private static final Logger LOG = LoggerFactory.getLogger(Socket.class);
    private static final int NORMAL = 1000;
    private static final int GOING_AWAY = 1001;

    private final Call call;
    private final Jobs jobs;
    private final Foreground foreground;
    private final ResponsesSettings settings;
    private final InstantSource clock;
    private final Memory memory = new Memory();

    Socket(
            Call call,
            Jobs jobs,
            Foreground foreground,
            ResponsesSettings settings,
            InstantSource clock) {
        this.call = call;
        this.jobs = jobs;
        this.foreground = foreground;
        this.settings = settings;
        this.clock = clock;
    }

    /** Makes a job of what was asked. */
    interface Jobs {
        Job job(
                Caller caller,
                Asked asked,
                Instructions said,
                @Nullable List<StoredItem> remembered);
    }

    void serve() throws InterruptedException {
        Instructions said = Instructions.of(call);
        Instant until = clock.instant().plus(settings.socketLife());
        try (WebSocket socket = call.webSocket()) {
            while (true) {
                Duration left = Duration.between(clock.instant(), until);
                if (left.isNegative() || left.isZero()) {
                    tooOld(socket);
                    return;
                }
                Duration wait =
                        left.compareTo(settings.socketIdle()) < 0 ? left : settings.socketIdle();
                String message;
                try {
                    message = socket.receive(wait);
                } catch (TimeoutException silent) {
                    if (wait.equals(left)) {
                        tooOld(socket);
                    } else {
                        socket.close(NORMAL, "nothing was said for too long");
                    }
                    return;
                }
                if (message == null) {
                    return;
                }
                answer(socket, message, said);
                if (call.ending()) {
                    socket.close(GOING_AWAY, "the server is stopping");
                    return;
                }
            }
        }
    }

    private void tooOld(WebSocket socket) throws InterruptedException {
        socket.send(
                error(
                        new Failure(
                                Failure.Cause.INVALID_REQUEST,
                                "This connection has lasted "
                                        + settings.socketLife().toMinutes()
                                        + " minutes, as long as one may. Open another and go on.",
                                null,
                                "websocket_connection_limit_reached",
                                null,
                                null,
                                null),
                        null));
        socket.close(NORMAL, "the connection has lasted as long as one may");
    }

    private void answer(WebSocket socket, String message, Instructions said)
            throws InterruptedException {
        String lane = null;
        try {
            Fields fields = Fields.of("", Json.read(message, Failure.Cause.INVALID_REQUEST));
            lane = fields.text("stream_id");
            create(socket, fields, said, lane);
        } catch (Failed failed) {
            socket.send(error(failed.failure(), lane));
        } catch (RuntimeException broken) {
            LOG.error("{} broke on its WebSocket", call.requestId(), broken);
            socket.send(
                    error(
                            Failure.of(
                                    Failure.Cause.INTERNAL,
                                    "The server made a mistake. Its log has it under request id "
                                            + call.requestId()
                                            + "."),
                            lane));
        }
    }

    private void create(WebSocket socket, Fields fields, Instructions said, @Nullable String lane)
            throws InterruptedException {
        String type = fields.requiredText("type");
        if (!type.equals("response.create")) {
            throw Refusals.value("type", "the only message known here is response.create.");
        }
        Boolean generate = fields.flag("generate");
        ObjectNode body = (ObjectNode) fields.json();
        List.of("type", "stream_id", "generate").forEach(body::remove);
        JsonNode own = body.remove("entrepot");
        body.put("stream", true);
        Asked asked = Asked.read(body);
        if (asked.background()) {
            throw Refusals.value(
                    "background", "a WebSocket is no place for it; use POST /v1/responses.");
        }
        try {
            make(socket, asked, generate, own == null ? said : Instructions.of(own), lane);
        } catch (Failed failed) {
            memory.forget(asked.previous());
            throw failed;
        }
    }

    private void make(
            WebSocket socket,
            Asked asked,
            @Nullable Boolean generate,
            Instructions said,
            @Nullable String lane)
            throws InterruptedException {
        Job job = jobs.job(call.caller(), asked, said, memory.of(asked.previous()));
        Telling telling =
                (_, events) -> {
                    for (StoredEvent event : events) {
                        socket.send(lane == null ? event.json() : inLane(event, lane));
                    }
                };
        Result result =
                Boolean.FALSE.equals(generate)
                        ? foreground.warmUp(job, telling)
                        : foreground.stream(job, telling);
        if (result.status() == Status.FAILED) {
            memory.forget(asked.previous());
        } else if (!asked.store()) {
            memory.keep(job, result);
        }
    }

    private static String inLane(StoredEvent event, String lane) {
        return Items.text(Items.object(event.json()).put("stream_id", lane));
    }

    private static String error(Failure failure, @Nullable String lane) {
        ObjectNode event =
                Json.object()
                        .put("type", "error")
                        .put("status", ResponsesApi.ERRORS.status(failure));
        JsonNode error =
                Json.read(ResponsesApi.ERRORS.body(failure), Failure.Cause.INTERNAL).path("error");
        event.set("error", error);
        if (lane != null) {
            event.put("stream_id", lane);
        }
        return Items.text(event);
    }
}

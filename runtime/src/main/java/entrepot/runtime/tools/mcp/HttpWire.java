package entrepot.runtime.tools.mcp;

import entrepot.conversation.Failed;
import entrepot.conversation.Failure.Cause;
import entrepot.http.CallFailed;
import entrepot.http.Clocks;
import entrepot.http.Headers;
import entrepot.http.HttpClient;
import entrepot.http.Incoming;
import entrepot.http.Outgoing;
import entrepot.http.sse.EventTooLarge;
import entrepot.http.sse.SseEvent;
import entrepot.http.sse.SseParser;
import entrepot.identity.Secret;
import entrepot.protocols.mcp.McpMessage;
import entrepot.runtime.tools.ToolServerUnavailable;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Streamable HTTP: each message is a POST, and the answer comes as JSON or at the end of a stream
 * of events. A stream that breaks off before the answer is taken up again where its events have
 * ids.
 */
final class HttpWire implements Wire {

    private static final String SESSION = "mcp-session-id";
    private static final int RESUMES_MAX = 5;
    private static final long RETRY_MILLIS = 1_000;
    private static final long RETRY_MILLIS_MAX = 30_000;
    private static final long END_MILLIS_MAX = 2_000;
    private static final Duration CONNECT_MAX = Duration.ofSeconds(10);

    private final HttpClient client;
    private final URI uri;
    private final Map<String, String> own;
    private final Bearers bearers;
    private final int answerBytesMax;

    /**
     * @param own headers of every message, with secrets among them
     */
    HttpWire(
            HttpClient client,
            URI uri,
            Map<String, String> own,
            Bearers bearers,
            int answerBytesMax) {
        this.client = client;
        this.uri = uri;
        this.own = Map.copyOf(own);
        this.bearers = bearers;
        this.answerBytesMax = answerBytesMax;
    }

    @Override
    public Reply ask(
            McpMessage.Request request,
            Map<String, String> headers,
            Listener listener,
            long millisMax)
            throws WireFailed, InterruptedException {
        long endNanos = System.nanoTime() + millisMax * 1_000_000;
        try (Incoming answer = post(request, headers, millisMax)) {
            String type = String.valueOf(answer.headers().get("content-type"));
            String session = answer.headers().get(SESSION);
            if (answer.status() == 200 && type.startsWith("text/event-stream")) {
                var stream = new Stream(request, headers, listener, endNanos);
                return new Reply(200, stream.read(answer), session);
            }
            byte[] body = answer.all(answerBytesMax);
            return new Reply(answer.status(), message(answer.status(), type, body), session);
        } catch (CallFailed e) {
            throw failed(e, true);
        }
    }

    private static @Nullable McpMessage message(int status, String type, byte[] body)
            throws WireFailed {
        if (body.length == 0 || (status != 200 && !type.startsWith("application/json"))) {
            return null;
        }
        try {
            return McpMessage.read(body, Cause.SUPPLIER_FAILED);
        } catch (Failed e) {
            if (status != 200) {
                return null;
            }
            throw new WireFailed(true, "It answered with something else than MCP.");
        }
    }

    @Override
    public void tell(McpMessage message, Map<String, String> headers, long millisMax)
            throws WireFailed, InterruptedException {
        try (Incoming answer = post(message, headers, millisMax)) {
            if (answer.status() >= 400) {
                throw new WireFailed(false, "It answered " + answer.status() + ".");
            }
        }
    }

    @Override
    public void end(Map<String, String> headers) {
        try (Incoming answer = send("DELETE", headers, new byte[0], END_MILLIS_MAX)) {
            answer.status();
        } catch (WireFailed e) {
            // It may keep it, then, until it forgets it by itself.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        // The client is shared.
    }

    private Incoming post(McpMessage message, Map<String, String> headers, long millisMax)
            throws WireFailed, InterruptedException {
        return send("POST", headers, message.write(), millisMax);
    }

    /** With the credential, and once more with a newer one when it is refused. */
    private Incoming send(String method, Map<String, String> headers, byte[] body, long millisMax)
            throws WireFailed, InterruptedException {
        Secret token = token();
        Incoming answer = sendOnce(method, headers, body, token, millisMax);
        if (answer.status() == 401 && token != null && bearers.renew(token)) {
            answer.close();
            return sendOnce(method, headers, body, token(), millisMax);
        }
        return answer;
    }

    private @Nullable Secret token() throws WireFailed, InterruptedException {
        try {
            return bearers.current();
        } catch (ToolServerUnavailable e) {
            throw new WireFailed(false, e.getMessage());
        }
    }

    private Incoming sendOnce(
            String method,
            Map<String, String> headers,
            byte[] body,
            @Nullable Secret token,
            long millisMax)
            throws WireFailed, InterruptedException {
        Duration max = Duration.ofMillis(Math.max(1, millisMax));
        Duration connect = max.compareTo(CONNECT_MAX) < 0 ? max : CONNECT_MAX;
        try {
            return client.send(
                    new Outgoing(
                            method,
                            uri,
                            headers(headers, token),
                            body,
                            new Clocks(connect, max, max, max)));
        } catch (CallFailed e) {
            throw failed(e, false);
        }
    }

    private Headers headers(Map<String, String> headers, @Nullable Secret token) {
        List<Headers.Field> fields = new ArrayList<>();
        own.forEach((name, value) -> fields.add(new Headers.Field(name, value)));
        Headers all =
                Headers.of(fields)
                        .with("content-type", "application/json")
                        .with("accept", "application/json, text/event-stream");
        for (Map.Entry<String, String> header : headers.entrySet()) {
            all = all.with(header.getKey(), header.getValue());
        }
        return token == null ? all : all.with("authorization", "Bearer " + token.reveal());
    }

    private WireFailed failed(CallFailed e, boolean answering) {
        boolean taken =
                answering
                        || switch (e.reason()) {
                            case NOT_CONNECTED, CONNECT_TIMEOUT -> false;
                            case FIRST_BYTE_TIMEOUT,
                                    IDLE_TIMEOUT,
                                    TOTAL_TIMEOUT,
                                    BROKEN,
                                    TOO_LARGE,
                                    MALFORMED ->
                                    true;
                        };
        String why =
                switch (e.reason()) {
                    case NOT_CONNECTED -> "It cannot be reached at " + uri.getHost() + ".";
                    case CONNECT_TIMEOUT -> "It did not take the connection in time.";
                    case FIRST_BYTE_TIMEOUT, IDLE_TIMEOUT, TOTAL_TIMEOUT ->
                            "It did not answer in time.";
                    case BROKEN -> "The connection broke before its answer was whole.";
                    case TOO_LARGE -> tooLarge();
                    case MALFORMED -> "It does not speak HTTP as it should.";
                };
        return new WireFailed(taken, why);
    }

    private String tooLarge() {
        return "Its answer has more than " + answerBytesMax + " bytes.";
    }

    /** The stream of events that ends with the answer to one request. */
    private final class Stream {

        private final McpMessage.Request request;
        private final Map<String, String> headers;
        private final Listener listener;
        private final long endNanos;
        private String lastId = "";
        private long retryMillis = RETRY_MILLIS;
        private long bytes;
        private @Nullable McpMessage answer;

        Stream(
                McpMessage.Request request,
                Map<String, String> headers,
                Listener listener,
                long endNanos) {
            this.request = request;
            this.headers = headers;
            this.listener = listener;
            this.endNanos = endNanos;
        }

        McpMessage read(Incoming first) throws WireFailed, InterruptedException {
            drain(first);
            for (int n = 0; n < RESUMES_MAX && answer == null && !lastId.isEmpty(); n++) {
                pause(Math.min(retryMillis, Math.max(0, leftMillis())));
                resume();
            }
            McpMessage found = answer;
            if (found == null) {
                throw new WireFailed(true, "Its stream ended before the answer came.");
            }
            return found;
        }

        /** The time that the server asks for; nothing can come sooner. */
        private static void pause(long millis) throws InterruptedException {
            new CountDownLatch(1).await(millis, TimeUnit.MILLISECONDS);
        }

        private boolean isOurs(JsonNode id) {
            return McpMessage.key(id).equals(McpMessage.key(request.id()));
        }

        private long leftMillis() {
            return (endNanos - System.nanoTime()) / 1_000_000;
        }

        private void resume() throws WireFailed, InterruptedException {
            Map<String, String> with = new HashMap<>(headers);
            with.put("last-event-id", lastId);
            try (Incoming more = send("GET", with, new byte[0], leftMillis())) {
                if (more.status() != 200) {
                    throw new WireFailed(true, "Its stream ended before the answer came.");
                }
                drain(more);
            }
        }

        private void drain(Incoming incoming) throws WireFailed, InterruptedException {
            SseParser parser = new SseParser(answerBytesMax);
            List<SseEvent> events = new ArrayList<>();
            try {
                byte[] chunk = incoming.next();
                while (chunk != null && answer == null) {
                    bytes += chunk.length;
                    if (bytes > answerBytesMax) {
                        throw new WireFailed(true, tooLarge());
                    }
                    parser.push(chunk, events::add);
                    take(events, parser);
                    chunk = answer == null ? incoming.next() : null;
                }
                parser.end(events::add);
                take(events, parser);
            } catch (EventTooLarge e) {
                throw new WireFailed(true, tooLarge());
            } catch (CallFailed e) {
                if (lastId.isEmpty() || e.reason() != CallFailed.Reason.BROKEN) {
                    throw failed(e, true);
                }
            }
        }

        private void take(List<SseEvent> events, SseParser parser)
                throws WireFailed, InterruptedException {
            for (SseEvent event : events) {
                lastId = event.id();
                if (event.data().length > 0 && answer == null) {
                    take(event);
                }
            }
            events.clear();
            retryMillis = Math.min(RETRY_MILLIS_MAX, parser.retryMillis().orElse(retryMillis));
        }

        private void take(SseEvent event) throws WireFailed, InterruptedException {
            McpMessage message;
            try {
                message = McpMessage.read(event.data(), Cause.SUPPLIER_FAILED);
            } catch (Failed e) {
                throw new WireFailed(true, "It sent something else than MCP.");
            }
            switch (message) {
                case McpMessage.Result result -> {
                    if (isOurs(result.id())) {
                        answer = result;
                    }
                }
                case McpMessage.Problem problem -> {
                    if (problem.id() == null || isOurs(problem.id())) {
                        answer = problem;
                    }
                }
                case McpMessage.Notification told -> listener.told(told);
                case McpMessage.Request asked -> {
                    Optional<McpMessage> reply = listener.asked(asked);
                    if (reply.isPresent()) {
                        tell(reply.get(), headers, Math.max(1, leftMillis()));
                    }
                }
            }
        }
    }
}

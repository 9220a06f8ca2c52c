package entrepot.market.testing;

import entrepot.http.CallFailed;
import entrepot.http.Headers;
import entrepot.http.HttpClient;
import entrepot.http.Incoming;
import entrepot.http.Outgoing;

import org.jspecify.annotations.Nullable;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;

/** A client without a network: answers by script, per host, and keeps every call. */
public final class ScriptedHttp implements HttpClient {

    private final Map<String, Deque<Reply>> replies = new HashMap<>();
    private final List<Outgoing> calls = new ArrayList<>();
    private final List<Open> opened = new ArrayList<>();
    private @Nullable Function<Outgoing, Reply> standing;

    /** What a call brings. */
    public sealed interface Reply {

        /**
         * An answer in pieces.
         *
         * @param failure how its body breaks off; null when it ends well
         * @param hang whether it says nothing more after its last piece
         */
        record Answer(
                int status,
                Headers headers,
                List<byte[]> chunks,
                CallFailed.@Nullable Reason failure,
                boolean hang)
                implements Reply {
            public Answer {
                chunks = List.copyOf(chunks);
            }

            public Answer header(String name, String value) {
                return new Answer(status, headers.plus(name, value), chunks, failure, hang);
            }

            /** The same head with another body. */
            public Answer inPieces(List<byte[]> pieces) {
                return new Answer(status, headers, pieces, failure, hang);
            }

            public Answer breaking(CallFailed.Reason how) {
                return new Answer(status, headers, chunks, how, hang);
            }

            public Answer hanging() {
                return new Answer(status, headers, chunks, failure, true);
            }
        }

        record Failing(CallFailed.Reason reason) implements Reply {}

        /** Waits until the caller is interrupted. */
        record Silent() implements Reply {}
    }

    public static Reply.Answer json(int status, String body) {
        return new Reply.Answer(
                status,
                Headers.of("content-type", "application/json"),
                List.of(body.getBytes(StandardCharsets.UTF_8)),
                null,
                false);
    }

    /** A stream whose every piece comes as one chunk. */
    public static Reply.Answer stream(String... chunks) {
        return new Reply.Answer(
                200,
                Headers.of("content-type", "text/event-stream"),
                Arrays.stream(chunks).map(chunk -> chunk.getBytes(StandardCharsets.UTF_8)).toList(),
                null,
                false);
    }

    public static Reply fails(CallFailed.Reason reason) {
        return new Reply.Failing(reason);
    }

    public synchronized ScriptedHttp answer(String host, Reply reply) {
        replies.computeIfAbsent(host, _ -> new ArrayDeque<>()).add(reply);
        return this;
    }

    /** What is answered where no script is left. */
    public synchronized ScriptedHttp always(Function<Outgoing, Reply> reply) {
        standing = reply;
        return this;
    }

    public synchronized List<Outgoing> calls() {
        return List.copyOf(calls);
    }

    /** The hosts that were called, in order. */
    public List<String> hosts() {
        return calls().stream().map(call -> call.uri().getHost()).toList();
    }

    /** The body of a call, as text. */
    public String body(int call) {
        return new String(calls().get(call).body(), StandardCharsets.UTF_8);
    }

    /** Whether every answer was read to its end or let go. */
    public synchronized boolean allLetGo() {
        return opened.stream().allMatch(each -> each.over);
    }

    @Override
    public Incoming send(Outgoing call) throws CallFailed, InterruptedException {
        Reply reply;
        synchronized (this) {
            calls.add(call);
            Deque<Reply> queue = replies.get(call.uri().getHost());
            reply = queue == null ? null : queue.poll();
            if (reply == null) {
                if (standing == null) {
                    throw new AssertionError("no script for " + call.uri());
                }
                reply = standing.apply(call);
            }
        }
        return switch (reply) {
            case Reply.Failing failing ->
                    throw new CallFailed(failing.reason(), "scripted " + failing.reason());
            case Reply.Silent _ -> throw silence();
            case Reply.Answer answer -> open(answer);
        };
    }

    private static AssertionError silence() throws InterruptedException {
        new CountDownLatch(1).await();
        return new AssertionError("nobody counts down");
    }

    private synchronized Open open(Reply.Answer answer) {
        var open = new Open(answer);
        opened.add(open);
        return open;
    }

    @Override
    public void close() {}

    private static final class Open implements Incoming {

        private final Reply.Answer answer;
        private int next;
        private volatile boolean over;

        Open(Reply.Answer answer) {
            this.answer = answer;
        }

        @Override
        public int status() {
            return answer.status();
        }

        @Override
        public Headers headers() {
            return answer.headers();
        }

        @Override
        public byte @Nullable [] peek() throws CallFailed, InterruptedException {
            if (next < answer.chunks().size()) {
                return answer.chunks().get(next);
            }
            if (answer.hang()) {
                throw silence();
            }
            over = true;
            if (answer.failure() != null) {
                throw new CallFailed(answer.failure(), "scripted " + answer.failure());
            }
            return null;
        }

        @Override
        public byte @Nullable [] next() throws CallFailed, InterruptedException {
            byte[] chunk = peek();
            next++;
            return chunk;
        }

        @Override
        public byte[] all(int bytesMax) throws CallFailed, InterruptedException {
            var all = new ByteArrayOutputStream();
            for (byte[] chunk = next(); chunk != null; chunk = next()) {
                all.writeBytes(chunk);
                if (all.size() > bytesMax) {
                    throw new CallFailed(
                            CallFailed.Reason.TOO_LARGE, "over " + bytesMax + " bytes");
                }
            }
            return all.toByteArray();
        }

        @Override
        public void close() {
            over = true;
        }
    }
}

package entrepot.testkit;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/**
 * A supplier's wire side that answers by script: HTTP/1.1 on plain sockets, written apart from the
 * product's own server so that it can serve as an oracle. It keeps every request exactly as it came
 * and notices when a client leaves, also before the first byte of the answer.
 *
 * <p>Scripts queue up with {@link #answer}; when the queue is empty, the standing answer of {@link
 * #always} holds, and without one the supplier says 500.
 */
public final class ScriptedSupplier implements AutoCloseable {

    private final ServerSocket listener;
    private final Deque<Script> scripts = new ArrayDeque<>();
    private final List<Received> requests = new ArrayList<>();
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private @Nullable Function<Received, Script> standing;
    private int aborted;
    private int completed;

    /**
     * A request as it came.
     *
     * @param target path and query, never decoded
     * @param headers lines in order, with names as the client wrote them
     */
    public record Received(String method, String target, List<String> headers, byte[] body) {

        public Received {
            headers = List.copyOf(headers);
        }

        /** The first value of a header; names compare without case. */
        public @Nullable String header(String name) {
            return headers.stream()
                    .filter(line -> line.regionMatches(true, 0, name + ":", 0, name.length() + 1))
                    .map(line -> line.substring(name.length() + 1).strip())
                    .findFirst()
                    .orElse(null);
        }

        public String text() {
            return new String(body, StandardCharsets.UTF_8);
        }
    }

    private ScriptedSupplier(ServerSocket listener) {
        this.listener = listener;
    }

    /** Listens on a free port of loopback. */
    public static ScriptedSupplier start() {
        try {
            var listener = new ServerSocket(0, 512, InetAddress.getLoopbackAddress());
            var supplier = new ScriptedSupplier(listener);
            Thread.ofVirtual().name("scripted-supplier").start(supplier::accept);
            return supplier;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public int port() {
        return listener.getLocalPort();
    }

    /** Such as {@code http://127.0.0.1:4711/v1}. */
    public URI baseUrl() {
        return URI.create("http://127.0.0.1:" + port() + "/v1");
    }

    /** Queues an answer for one request. */
    public synchronized ScriptedSupplier answer(Script script) {
        scripts.add(script);
        return this;
    }

    /** What is answered whenever the queue is empty. */
    public synchronized ScriptedSupplier always(Function<Received, Script> standing) {
        this.standing = standing;
        return this;
    }

    public ScriptedSupplier always(Script script) {
        return always(request -> script);
    }

    /** All requests so far, in order of their last byte. */
    public synchronized List<Received> requests() {
        return List.copyOf(requests);
    }

    /** The newest request. */
    public synchronized Received last() {
        if (requests.isEmpty()) {
            throw new AssertionError("no request has come");
        }
        return requests.getLast();
    }

    /** How many answers could not be given to their end because the client had left. */
    public synchronized int aborted() {
        return aborted;
    }

    /** How many scripts were played to their end. */
    public synchronized int completed() {
        return completed;
    }

    public void awaitRequests(int count) throws InterruptedException {
        await("requests: " + count, () -> requests.size() >= count);
    }

    public void awaitCompleted(int count) throws InterruptedException {
        await("completed answers: " + count, () -> completed >= count);
    }

    public void awaitAborted(int count) throws InterruptedException {
        await("aborted answers: " + count, () -> aborted >= count);
    }

    @Override
    public void close() {
        closeQuietly(listener);
        open.forEach(ScriptedSupplier::closeQuietly);
    }

    private synchronized void await(String what, BooleanSupplier condition)
            throws InterruptedException {
        long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (!condition.getAsBoolean()) {
            long left = end - System.nanoTime();
            if (left <= 0) {
                throw new AssertionError("waited 30 s for " + what);
            }
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                var socket = listener.accept();
                open.add(socket);
                Thread.ofVirtual().start(() -> serve(socket));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            socket.setTcpNoDelay(true);
            var wire = new ScriptedWire(socket);
            while (true) {
                var request = wire.read();
                if (request == null) {
                    return;
                }
                if (!answer(wire, request)) {
                    return;
                }
            }
        } catch (IOException e) {
            // The client broke off within a request: there is nobody to tell.
        } finally {
            open.remove(socket);
        }
    }

    /** Plays a script. Returns whether the connection can be used again. */
    private boolean answer(ScriptedWire wire, Received request) {
        Script script;
        synchronized (this) {
            requests.add(request);
            script = next(request);
            notifyAll();
        }
        var end = wire.play(script);
        synchronized (this) {
            switch (end) {
                case COMPLETE, CUT -> completed++;
                case CLIENT_LEFT -> aborted += listener.isClosed() ? 0 : 1;
            }
            notifyAll();
        }
        return end == ScriptedWire.End.COMPLETE
                && !"close".equalsIgnoreCase(request.header("connection"));
    }

    private Script next(Received request) {
        var queued = scripts.poll();
        if (queued != null) {
            return queued;
        }
        return standing == null
                ? ChatScripts.error(500, "server_error", "no_script", "nothing is scripted")
                : standing.apply(request);
    }

    private static void closeQuietly(AutoCloseable socket) {
        try {
            socket.close();
        } catch (Exception e) {
            // It is closed either way.
        }
    }
}

package entrepot.http.engine;

import entrepot.http.CallFailed;
import entrepot.http.Headers;
import entrepot.http.Incoming;

import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;

import org.jspecify.annotations.Nullable;

import java.io.ByteArrayOutputStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * An answer coming in. Chunks wait here for a reader on a thread of its own, and the socket is not
 * read while more than {@link #HELD_BYTES} wait; or they flow to a {@link Sink} on the loop.
 */
final class LiveIncoming implements Incoming {

    private static final int HELD_BYTES = 64 * 1024;

    /** Whoever asks for more in one piece will be busy with it for longer than a loop may wait. */
    private static final int ON_LOOP_BYTES_MAX = 256 * 1024;

    private final ClientCall call;
    private final HttpClientResponse response;
    private final int status;
    private final Headers headers;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final ArrayDeque<Buffer> waiting = new ArrayDeque<>();
    private int held;
    private boolean ended;
    private @Nullable CallFailed failure;

    /** The loop's own. */
    private @Nullable Sink sink;

    private boolean paused;

    /**
     * @throws IllegalArgumentException when a field cannot be one
     */
    LiveIncoming(ClientCall call, HttpClientResponse response) {
        this.call = call;
        this.response = response;
        this.status = response.statusCode();
        this.headers = headers(response.headers());
        response.handler(this::chunk);
        response.endHandler(_ -> end());
        response.exceptionHandler(call::broken);
    }

    static Headers headers(MultiMap fields) {
        var list = new ArrayList<Headers.Field>(fields.size());
        for (Map.Entry<String, String> field : fields) {
            if (!field.getKey().startsWith(":")) {
                list.add(new Headers.Field(field.getKey(), field.getValue()));
            }
        }
        return Headers.of(list);
    }

    /** Where a body flows on the loop. */
    interface Sink {

        void chunk(Buffer bytes);

        void last(@Nullable Buffer bytes);

        void failed(CallFailed failure);
    }

    // ---- the loop

    boolean on(Loop loop) {
        return call.loop().equals(loop);
    }

    /**
     * From now on everything goes to the sink, beginning with what waits here.
     *
     * @return whether that was anything
     */
    boolean flowTo(Sink to) {
        Buffer first;
        boolean over;
        lock.lock();
        try {
            sink = to;
            first = waiting.size() == 1 ? waiting.remove() : joined();
            held = 0;
            over = ended;
        } finally {
            lock.unlock();
        }
        if (over) {
            to.last(first);
            return true;
        }
        if (first != null) {
            to.chunk(first);
        }
        if (failure != null) {
            to.failed(failure);
            return true;
        }
        return first != null;
    }

    private @Nullable Buffer joined() {
        if (waiting.isEmpty()) {
            return null;
        }
        Buffer all = Buffer.buffer(held);
        for (Buffer bytes : waiting) {
            all.appendBuffer(bytes);
        }
        waiting.clear();
        return all;
    }

    private void chunk(Buffer bytes) {
        call.touch();
        if (sink != null) {
            sink.chunk(bytes);
            return;
        }
        lock.lock();
        try {
            waiting.add(bytes);
            held += bytes.length();
            if (held > HELD_BYTES) {
                pause();
            }
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    private void end() {
        call.over();
        if (sink != null) {
            sink.last(null);
            return;
        }
        lock.lock();
        try {
            ended = true;
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    void fail(CallFailed reason) {
        lock.lock();
        try {
            if (ended || failure != null) {
                return;
            }
            failure = reason;
            changed.signal();
        } finally {
            lock.unlock();
        }
        if (sink != null) {
            sink.failed(reason);
        }
    }

    void pause() {
        if (!paused) {
            paused = true;
            response.pause();
            call.pause();
        }
    }

    void resume() {
        if (paused) {
            paused = false;
            call.touch();
            response.resume();
        }
    }

    void reset() {
        call.reset();
    }

    // ---- the reader's thread

    @Override
    public int status() {
        return status;
    }

    @Override
    public Headers headers() {
        return headers;
    }

    @Override
    public byte @Nullable [] peek() throws CallFailed, InterruptedException {
        return take(false);
    }

    @Override
    public byte @Nullable [] next() throws CallFailed, InterruptedException {
        return take(true);
    }

    private byte @Nullable [] take(boolean remove) throws CallFailed, InterruptedException {
        boolean wake = false;
        lock.lock();
        try {
            while (waiting.isEmpty()) {
                if (failure != null) {
                    throw new CallFailed(failure.reason(), String.valueOf(failure.getMessage()));
                }
                if (ended) {
                    return null;
                }
                changed.await();
            }
            Buffer first = waiting.element();
            if (remove) {
                waiting.remove();
                int before = held;
                held -= first.length();
                wake = before > HELD_BYTES && held <= HELD_BYTES;
            }
            return first.getBytes();
        } catch (InterruptedException e) {
            close();
            throw e;
        } finally {
            lock.unlock();
            if (wake) {
                call.loop().run(this::resume);
            }
        }
    }

    @Override
    public byte[] all(int bytesMax) throws CallFailed, InterruptedException {
        var all = new ByteArrayOutputStream();
        byte[] chunk;
        while ((chunk = next()) != null) {
            if (chunk.length > bytesMax - all.size()) {
                close();
                throw new CallFailed(
                        CallFailed.Reason.TOO_LARGE, "the answer is over " + bytesMax + " bytes");
            }
            all.writeBytes(chunk);
            if (all.size() > ON_LOOP_BYTES_MAX) {
                Seat.leaveLoop();
            }
        }
        return all.toByteArray();
    }

    @Override
    public void close() {
        lock.lock();
        try {
            if (ended) {
                return;
            }
        } finally {
            lock.unlock();
        }
        call.loop().run(this::reset);
    }
}

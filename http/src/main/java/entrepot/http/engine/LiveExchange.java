package entrepot.http.engine;

import entrepot.http.BodyWriter;
import entrepot.http.Exchange;
import entrepot.http.Handler;
import entrepot.http.Headers;
import entrepot.http.Incoming;
import entrepot.http.Refusals;
import entrepot.http.WebSocket;

import io.vertx.core.http.HttpServerRequest;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;

/**
 * An exchange between its two threads: the handler's, which decides, and the loop, which owns the
 * connection. The handler's thread is interrupted when the client leaves, but only while there is
 * still something to say to that client: what a handler does after its answer, such as settling
 * accounts, runs undisturbed.
 */
final class LiveExchange implements Exchange, Answer.Listener {

    private static final Logger LOG = LoggerFactory.getLogger(LiveExchange.class);

    private static final int BODY_ON_LOOP_BYTES_MAX = 64 * 1024;

    private final Reception reception;
    private final RequestLine line;
    private final Headers headers;
    private final byte[] body;
    private final HttpServerRequest request;
    private final Answer answer;
    private final boolean wantsWebSocket;
    private final Visit visit;

    private final AtomicBoolean answered = new AtomicBoolean();
    private final AtomicInteger parts = new AtomicInteger(2);
    private final ReentrantLock lock = new ReentrantLock();
    private final Seat seat;
    private final Thread thread;
    private boolean listening = true;
    private boolean opened;
    private volatile boolean gone;

    /** What to tell about the client's reading and leaving; set and read on the loop. */
    private @Nullable Flow flow;

    LiveExchange(
            Reception reception,
            HttpServerRequest request,
            RequestLine line,
            Headers headers,
            byte[] body,
            boolean wantsWebSocket) {
        this.reception = reception;
        this.request = request;
        this.line = line;
        this.headers = headers;
        this.body = body;
        this.wantsWebSocket = wantsWebSocket;
        this.visit = Visit.of(request.connection());
        this.answer = new Answer(request, reception.settings().writeQueueBytesMax(), this);
        this.seat = new Seat(reception.loop(), mayBlock(reception.handler(), line, body));
        this.thread = seat.unstarted(this::run);
    }

    /** A body under way. Called on the loop. */
    interface Flow {

        void taken(int bytes);

        void left();

        /** The handler has returned: what only it could have ended is over. */
        default void forsaken() {}
    }

    /** A large body takes long to read, whatever the handler does. */
    private static boolean mayBlock(Handler handler, RequestLine line, byte[] body) {
        return body.length > BODY_ON_LOOP_BYTES_MAX || handler.mayBlock(line.method(), line.path());
    }

    void start() {
        thread.start();
    }

    // ---- the handler's thread

    private void run() {
        try {
            ScopedValue.where(Seat.CURRENT, seat)
                    .call(() -> {
                        reception.handler().handle(this);
                        return true;
                    });
            deafen();
            if (opened) {
                loop().run(this::forsaken);
            } else if (!answered.get() && !gone) {
                String id = reception.nextError();
                LOG.error("exchange {}: {} {} was not answered", id, line.method(), line.path());
                fail("The server gave no answer (" + id + ").");
            }
        } catch (InterruptedException e) {
            deafen();
            if (!gone) {
                fail("The server is stopping.");
            }
        } catch (Throwable e) {
            deafen();
            String id = reception.nextError();
            LOG.error("exchange {}: {} {} failed", id, line.method(), line.path(), e);
            fail("The server failed (" + id + ").");
        } finally {
            leavePart();
        }
    }

    private void fail(String message) {
        if (answered.compareAndSet(false, true)) {
            loop().run(() -> refuse(500, "internal_error", message));
        } else {
            loop().run(this::breakOff);
        }
    }

    private void forsaken() {
        if (flow != null) {
            flow.forsaken();
        }
    }

    private void breakOff() {
        if (!answer.over()) {
            Flow cut = flow;
            answer.breakOff();
            if (cut != null) {
                cut.left();
            }
        }
    }

    @Override
    public String method() {
        return line.method();
    }

    @Override
    public String path() {
        return line.path();
    }

    @Override
    public String query() {
        return line.query();
    }

    @Override
    public Headers headers() {
        return headers;
    }

    @Override
    public byte[] body() {
        return body;
    }

    @Override
    public String remote() {
        return request.remoteAddress().hostAddress();
    }

    @Override
    public boolean wantsWebSocket() {
        return wantsWebSocket;
    }

    @Override
    public boolean ending() {
        return reception.closing();
    }

    @Override
    public boolean gone() {
        return gone;
    }

    @Override
    public void respond(int status, Headers head, byte[] whole) {
        claim(status, head);
        deafen();
        loop().run(() -> whole(status, head, whole));
    }

    @Override
    public BodyWriter open(int status, Headers head) {
        claim(status, head);
        opened = true;
        var writer = new LiveWriter(this, reception.settings().writeQueueBytesMax());
        loop().run(() -> {
            if (begin(status, head, writer)) {
                answer.flushHead();
            }
        });
        return writer;
    }

    @Override
    public End relay(Incoming upstream, int status, Headers head, Filter filter)
            throws InterruptedException {
        claim(status, head);
        if (upstream instanceof LiveIncoming live && live.on(loop())) {
            deafen();
            var relay = new Relay(answer, live, filter);
            loop().run(() -> {
                if (begin(status, head, relay)) {
                    relay.start();
                }
            });
            return relay.await(loop());
        }
        opened = true;
        var writer = new LiveWriter(this, reception.settings().writeQueueBytesMax());
        loop().run(() -> begin(status, head, writer));
        return Relay.pump(upstream, writer, filter, this);
    }

    @Override
    public WebSocket webSocket() throws InterruptedException {
        if (!wantsWebSocket) {
            throw new IllegalStateException("the client asked for no WebSocket");
        }
        claim();
        opened = true;
        return LiveWebSocket.accept(request, this, reception.settings());
    }

    private void claim(int status, Headers head) {
        Answer.check(status, head);
        claim();
    }

    private void claim() {
        if (!answered.compareAndSet(false, true)) {
            throw new IllegalStateException("this exchange has been answered already");
        }
    }

    /** The client's leaving is no reason any more to interrupt the handler. */
    void deafen() {
        lock.lock();
        try {
            listening = false;
        } finally {
            lock.unlock();
        }
    }

    /** Takes back an interruption that was only the news of the client's leaving. */
    boolean forgetInterrupt() {
        lock.lock();
        try {
            listening = false;
            return gone && Thread.interrupted();
        } finally {
            lock.unlock();
        }
    }

    // ---- the loop

    Loop loop() {
        return reception.loop();
    }

    Answer answer() {
        return answer;
    }

    void refuse(int status, String code, String message) {
        var refusal = new Refusals.Refusal(status, line.path(), code, message);
        whole(
                status,
                Headers.of("content-type", "application/json"),
                reception.refusals().json(refusal));
    }

    private void whole(int status, Headers head, byte[] whole) {
        boolean bodiless = status == 204 || status == 304;
        Headers sized =
                bodiless
                        ? head.without("content-length")
                        : head.with("content-length", Integer.toString(whole.length));
        boolean empty = bodiless || line.method().equals("HEAD");
        var pieces = new Pieces(answer, empty ? new byte[0] : whole, reception.settings());
        if (begin(status, sized, pieces)) {
            pieces.start();
        }
    }

    /** Whether there is still somebody to answer. */
    private boolean begin(int status, Headers head, Flow started) {
        if (wantsWebSocket) {
            request.resume();
        }
        flow = started;
        if (gone || answer.over()) {
            started.left();
            return false;
        }
        if (reception.closing()) {
            answer.closeAfter();
        }
        answer.head(status, head);
        return true;
    }

    /** For a WebSocket, which answers in its own way. */
    void upgraded(Flow socket) {
        flow = socket;
        if (gone) {
            socket.left();
        }
    }

    /** The client is gone; on HTTP/2 also called when all has ended well. */
    void left() {
        if (answer.over()) {
            return;
        }
        gone = true;
        answer.left();
        if (flow != null) {
            flow.left();
        }
        interrupt();
    }

    /** Stops everything, for the server's own end. */
    void abandon() {
        if (!answer.over()) {
            breakOff();
        }
        interrupt();
    }

    private void interrupt() {
        lock.lock();
        try {
            if (listening) {
                thread.interrupt();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Cuts off a client that has taken nothing for too long. */
    void sweep(long now, long nanosMax) {
        if (answer.stalled(now, nanosMax)) {
            LOG.info("cut off a client that has taken nothing for {} s", nanosMax / 1_000_000_000L);
            gone = true;
            answer.cut();
            if (flow != null) {
                flow.left();
            }
            interrupt();
        }
    }

    @Override
    public void taken(int bytes) {
        if (flow != null) {
            flow.taken(bytes);
        }
    }

    private boolean done;

    @Override
    public void done() {
        if (!done) {
            done = true;
            leavePart();
        }
    }

    /** The handler has returned, or the answer is out: with both, the exchange is over. */
    private void leavePart() {
        if (parts.decrementAndGet() == 0) {
            reception.ended(this, visit, body.length);
        }
    }
}

package entrepot.gateway.idempotency;

import entrepot.conversation.Failed;
import entrepot.http.Headers;
import entrepot.market.idempotency.KeptAnswer;
import entrepot.market.idempotency.KeyedCall;

import org.jspecify.annotations.Nullable;

import java.io.ByteArrayOutputStream;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The answer of one keyed call as it is said, for all who listen. It is held whole, so that one who
 * comes late hears it from its beginning; an answer too large for that is held only as far as
 * someone has still to hear it, and whoever speaks waits for who listens.
 */
final class Flight {

    private final KeyedCall call;
    private final Bounds bounds;
    private final InstantSource clock;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Set<Listener> listeners = new HashSet<>();
    private final List<byte[]> pieces = new ArrayList<>();

    /** The number of the first piece that is still held. */
    private long first;

    private long held;
    private long taken;
    private @Nullable Head head;
    private @Nullable Failed lost;
    private boolean tooLarge;
    private boolean deserted;
    private boolean saidWell;
    private boolean replayed;
    private boolean ended;
    private long unheardSinceMillis = Long.MAX_VALUE;

    /**
     * How much is held.
     *
     * @param bytesMax of one answer
     * @param windowBytesMax of one that is larger
     */
    record Bounds(Room room, int bytesMax, int windowBytesMax) {}

    /**
     * How an answer begins.
     *
     * @param streamed whether it is told in pieces as they come
     */
    record Head(int status, Headers headers, boolean streamed) {}

    Flight(KeyedCall call, Bounds bounds, InstantSource clock) {
        this.call = call;
        this.bounds = bounds;
        this.clock = clock;
    }

    KeyedCall call() {
        return call;
    }

    // ---- whoever speaks

    void begin(Head begun) {
        lock.lock();
        try {
            head = begun;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Says a piece. The array is the flight's from now on.
     *
     * @throws InterruptedException also when the answer is too large to be held and nobody listens
     */
    void say(byte[] piece) throws InterruptedException {
        if (piece.length == 0) {
            return;
        }
        lock.lockInterruptibly();
        try {
            tooLarge = tooLarge || !take(piece.length);
            while (tooLarge && held > bounds.windowBytesMax()) {
                forget();
                if (held <= bounds.windowBytesMax()) {
                    break;
                }
                if (listeners.isEmpty()) {
                    throw new InterruptedException("nobody listens to an answer too large to hold");
                }
                changed.await();
            }
            pieces.add(piece);
            held += piece.length;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Says a whole answer; it is told when the flight ends. */
    void whole(int status, Headers headers, byte[] body) {
        lock.lock();
        try {
            tooLarge = !take(body.length);
            pieces.add(body);
            held += body.length;
            head = new Head(status, headers, false);
            saidWell = true;
        } finally {
            lock.unlock();
        }
    }

    /** Says once more what was kept. */
    void replay(KeptAnswer answer) {
        lock.lock();
        try {
            replayed = true;
            taken = bounds.room().take(answer.body().length) ? answer.body().length : 0;
            pieces.add(answer.body());
            held = answer.body().length;
            head = new Head(answer.status(), answer.headers(), answer.streamed());
            saidWell = !answer.broken();
        } finally {
            lock.unlock();
        }
    }

    /** All has been said, well or not. */
    void said(boolean well) {
        lock.lock();
        try {
            saidWell = well;
        } finally {
            lock.unlock();
        }
    }

    /** Speaking was given up, because nobody listens or may listen any more. */
    void desert() {
        lock.lock();
        try {
            deserted = true;
        } finally {
            lock.unlock();
        }
    }

    boolean isDeserted() {
        lock.lock();
        try {
            return deserted;
        } finally {
            lock.unlock();
        }
    }

    /** The status; 0 while nothing was said. */
    int status() {
        lock.lock();
        try {
            return head == null ? 0 : head.status();
        } finally {
            lock.unlock();
        }
    }

    /** Says something more in the head of an answer that was not told yet. */
    void mark(String name, String value) {
        lock.lock();
        try {
            if (head != null) {
                head = new Head(head.status(), head.headers().with(name, value), head.streamed());
            }
        } finally {
            lock.unlock();
        }
    }

    /** What was said; null when it is too large, or nothing was. */
    @Nullable KeptAnswer answer() {
        lock.lock();
        try {
            if (tooLarge || head == null) {
                return null;
            }
            var body = new ByteArrayOutputStream((int) held);
            pieces.forEach(body::writeBytes);
            return new KeptAnswer(
                    head.status(), head.headers(), head.streamed(), !saidWell, body.toByteArray());
        } finally {
            lock.unlock();
        }
    }

    /**
     * Lets all who listen know that this is the end.
     *
     * @param instead what is told to them if nothing was said
     */
    void end(Failed instead) {
        lock.lock();
        try {
            lost = head == null ? instead : null;
            ended = true;
            giveBack();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** For how long nobody has listened. */
    long unheardMillis() {
        lock.lock();
        try {
            return unheardSinceMillis == Long.MAX_VALUE ? 0 : clock.millis() - unheardSinceMillis;
        } finally {
            lock.unlock();
        }
    }

    private boolean take(int bytes) {
        if (held + bytes > bounds.bytesMax() || !bounds.room().take(bytes)) {
            return false;
        }
        taken += bytes;
        return true;
    }

    /** Lets go of what all who listen have heard. */
    private void forget() {
        long heard =
                listeners.stream()
                        .mapToLong(listener -> listener.next)
                        .min()
                        .orElse(first + pieces.size());
        List<byte[]> old = pieces.subList(0, (int) (heard - first));
        for (byte[] piece : old) {
            held -= piece.length;
        }
        old.clear();
        first = heard;
    }

    private void giveBack() {
        if (ended && listeners.isEmpty()) {
            bounds.room().give(taken);
            taken = 0;
        }
    }

    // ---- whoever listens

    /** A new listener; null when the flight is over, and nothing of it stays. */
    @Nullable Listener join() {
        lock.lock();
        try {
            if (ended) {
                return null;
            }
            if (first > 0) {
                throw Said.tooLarge();
            }
            var listener = new Listener();
            listeners.add(listener);
            unheardSinceMillis = Long.MAX_VALUE;
            return listener;
        } finally {
            lock.unlock();
        }
    }

    /** One who hears the answer from its beginning. For one thread; to be closed. */
    final class Listener implements AutoCloseable {

        private long next;

        private Listener() {}

        /**
         * Waits for the head; of an answer that comes whole, for all of it.
         *
         * @throws Failed when there is none
         */
        Head head() throws InterruptedException {
            lock.lockInterruptibly();
            try {
                while (!ended && (head == null || !head.streamed())) {
                    changed.await();
                }
                if (head == null) {
                    throw lost == null ? Said.stopping() : lost;
                }
                return head;
            } finally {
                lock.unlock();
            }
        }

        /** Waits for the next piece; null when there is none any more. */
        byte @Nullable [] next() throws InterruptedException {
            lock.lockInterruptibly();
            try {
                while (next >= first + pieces.size()) {
                    if (ended) {
                        return null;
                    }
                    changed.await();
                }
                byte[] piece = pieces.get((int) (next - first));
                next++;
                if (tooLarge) {
                    changed.signalAll();
                }
                return piece;
            } finally {
                lock.unlock();
            }
        }

        /** Whether the answer, now that it is over, came to a good end. */
        boolean endedWell() {
            lock.lock();
            try {
                return saidWell;
            } finally {
                lock.unlock();
            }
        }

        /** Whether it was kept from an earlier time. */
        boolean isReplay() {
            lock.lock();
            try {
                return replayed;
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void close() {
            lock.lock();
            try {
                listeners.remove(this);
                if (listeners.isEmpty()) {
                    unheardSinceMillis = clock.millis();
                }
                giveBack();
                changed.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }
}

package entrepot.market.supply;

import entrepot.http.CallFailed;
import entrepot.http.Headers;
import entrepot.http.Incoming;
import entrepot.market.catalog.Supplier.OnCancel;
import entrepot.market.catalog.Supplier.Options;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.Semaphore;
import java.util.function.BooleanSupplier;

/**
 * Reads streams on whose caller has left, where the operator wants their usage from the supplier
 * itself: in the thread of the call, so that its one receipt is written afterwards.
 */
final class Drains {

    private static final Duration DRAIN_MAX = Duration.ofSeconds(30);
    private static final long DRAIN_BYTES_MAX = 8L * 1024 * 1024;

    private final boolean drains;
    private final Semaphore permits;
    private final InstantSource clock;

    Drains(Options options, InstantSource clock) {
        this.drains = options.onCancel() == OnCancel.DRAIN;
        this.permits = new Semaphore(options.drainsMax());
        this.clock = clock;
    }

    /** Takes chunks; null for the end of the stream. */
    interface Reader {
        void take(byte @Nullable [] chunk) throws InterruptedException;
    }

    /** The stream as whoever delivers it may have it: what it closes can still be read on. */
    Incoming lent(Incoming stream) {
        return drains ? new Lent(stream) : stream;
    }

    /**
     * Reads on until enough is read, the stream ends, or a limit is reached. Does nothing where
     * streams are broken off, or where too many are read on already.
     */
    void drain(Incoming stream, Reader reader, BooleanSupplier enough) throws InterruptedException {
        if (!drains || !permits.tryAcquire()) {
            return;
        }
        try {
            Instant deadline = clock.instant().plus(DRAIN_MAX);
            long bytes = 0;
            while (!enough.getAsBoolean()
                    && bytes <= DRAIN_BYTES_MAX
                    && clock.instant().isBefore(deadline)) {
                byte[] chunk = stream.next();
                reader.take(chunk);
                if (chunk == null) {
                    return;
                }
                bytes += chunk.length;
            }
        } catch (CallFailed broken) {
            // What was told until here is all that will be told.
        } finally {
            permits.release();
        }
    }

    /** A stream that only its owner closes. */
    private record Lent(Incoming stream) implements Incoming {

        @Override
        public int status() {
            return stream.status();
        }

        @Override
        public Headers headers() {
            return stream.headers();
        }

        @Override
        public byte @Nullable [] peek() throws CallFailed, InterruptedException {
            return stream.peek();
        }

        @Override
        public byte @Nullable [] next() throws CallFailed, InterruptedException {
            return stream.next();
        }

        @Override
        public byte[] all(int bytesMax) throws CallFailed, InterruptedException {
            return stream.all(bytesMax);
        }

        @Override
        public void close() {}
    }
}

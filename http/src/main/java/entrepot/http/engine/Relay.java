package entrepot.http.engine;

import entrepot.http.CallFailed;
import entrepot.http.Exchange;
import entrepot.http.Exchange.End;
import entrepot.http.Incoming;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.buffer.BufferInternal;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/**
 * Passes an upstream's body on, both ends on one loop: no thread is changed between reading a chunk
 * and writing it. A client that reads slowly stops the reading of the upstream.
 */
final class Relay implements LiveExchange.Flow, LiveIncoming.Sink {

    private final Answer answer;
    private final LiveIncoming upstream;
    private final Exchange.Filter filter;
    private final CompletableFuture<End> end = new CompletableFuture<>();

    Relay(Answer answer, LiveIncoming upstream, Exchange.Filter filter) {
        this.answer = answer;
        this.upstream = upstream;
        this.filter = filter;
    }

    /** Begins with what has come already: with luck that is the whole body, sent in one go. */
    void start() {
        guarded(() -> {
            if (!upstream.flowTo(this)) {
                answer.flushHead();
            }
            if (!answer.full()) {
                upstream.resume();
            }
        });
    }

    /** Blocks the handler's thread until it is over. */
    End await(Loop loop) throws InterruptedException {
        try {
            return end.get();
        } catch (InterruptedException e) {
            loop.run(() -> {
                upstream.reset();
                answer.breakOff();
            });
            throw e;
        } catch (ExecutionException e) {
            throw new IllegalStateException("the filter of a relay failed", e.getCause());
        }
    }

    @Override
    public void chunk(Buffer bytes) {
        guarded(() -> {
            answer.write(filtered(bytes));
            if (answer.full()) {
                upstream.pause();
            }
        });
    }

    @Override
    public void last(@Nullable Buffer bytes) {
        guarded(() -> {
            Buffer body = bytes == null ? null : filtered(bytes);
            byte[] tail = filter.end();
            boolean well;
            if (tail.length == 0) {
                well = answer.end(body);
            } else if (body == null) {
                well = answer.end(Answer.wrap(tail));
            } else {
                well = answer.end(joined(body, tail));
            }
            end.complete(well ? End.COMPLETE : End.UPSTREAM_BROKE);
        });
    }

    @Override
    public void failed(CallFailed failure) {
        if (end.isDone()) {
            return;
        }
        guarded(() -> {
            answer.write(Answer.wrap(filter.broken(how(failure))));
            end.complete(how(failure));
            answer.breakOff();
        });
    }

    @Override
    public void taken(int bytes) {
        if (!answer.full()) {
            upstream.resume();
        }
    }

    @Override
    public void left() {
        end.complete(End.CLIENT_LEFT);
        upstream.reset();
    }

    /** A filter's failure breaks the answer and is thrown to whoever brought the filter. */
    private void guarded(Runnable step) {
        try {
            step.run();
        } catch (RuntimeException | Error e) {
            end.completeExceptionally(e);
            upstream.reset();
            answer.breakOff();
        }
    }

    @SuppressWarnings("ReferenceEquality") // the very array: then there is nothing to wrap
    private Buffer filtered(Buffer bytes) {
        byte[] in = bytes.getBytes();
        byte[] out = filter.chunk(in);
        return out == in ? bytes : Answer.wrap(out);
    }

    private static Buffer joined(Buffer body, byte[] tail) {
        ByteBuf first = ((BufferInternal) body).getByteBuf();
        return BufferInternal.buffer(Unpooled.wrappedBuffer(first, Unpooled.wrappedBuffer(tail)));
    }

    private static End how(CallFailed failure) {
        return switch (failure.reason()) {
            case CONNECT_TIMEOUT, FIRST_BYTE_TIMEOUT, IDLE_TIMEOUT, TOTAL_TIMEOUT -> End.TIMED_OUT;
            case NOT_CONNECTED, BROKEN, TOO_LARGE, MALFORMED -> End.UPSTREAM_BROKE;
        };
    }

    /** The same from the handler's own thread, for an upstream that lives elsewhere. */
    static End pump(
            Incoming upstream, LiveWriter writer, Exchange.Filter filter, LiveExchange exchange)
            throws InterruptedException {
        try (upstream) {
            byte[] chunk;
            while ((chunk = upstream.next()) != null) {
                byte[] out = filter.chunk(chunk);
                if (out.length > 0) {
                    writer.write(out);
                }
            }
            byte[] tail = filter.end();
            if (tail.length > 0) {
                writer.write(tail);
            }
            writer.close();
            return End.COMPLETE;
        } catch (CallFailed e) {
            byte[] last = filter.broken(how(e));
            if (last.length > 0) {
                writer.write(last);
            }
            writer.abort();
            return how(e);
        } catch (InterruptedException e) {
            writer.abort();
            if (exchange.gone()) {
                exchange.forgetInterrupt();
                return End.CLIENT_LEFT;
            }
            throw e;
        } catch (RuntimeException | Error e) {
            writer.abort();
            throw e;
        }
    }
}

package entrepot.gateway.responses;

import entrepot.conversation.EventSink;
import entrepot.conversation.Failed;
import entrepot.conversation.Failure;
import entrepot.http.Exchange;
import entrepot.http.Incoming;
import entrepot.market.Counter;
import entrepot.market.Deal;
import entrepot.market.Market;
import entrepot.market.Order;
import entrepot.runtime.responses.StoredEvent;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Buys one answer on a thread of its own and hands its events over in batches: all that came while
 * the last batch was being stored. A source that is faster than the store has to wait.
 */
final class Production implements Counter, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Production.class);
    private static final int WAITING_CHARS_MAX = 1 << 20;

    private final Scribe scribe;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Thread buyer;
    private List<StoredEvent> waiting = new ArrayList<>();
    private int waitingChars;
    private @Nullable Deal deal;
    private @Nullable Failed refusal;
    private boolean ended;

    private Production(Market market, Order order, Scribe scribe) {
        this.scribe = scribe;
        this.buyer = Thread.ofVirtual().name("response").unstarted(() -> buy(market, order));
    }

    static Production start(Market market, Order order, Scribe scribe) {
        var production = new Production(market, order, scribe);
        production.buyer.start();
        return production;
    }

    /**
     * What has come.
     *
     * @param deal null only when nothing was delivered
     * @param refusal why nothing was delivered; else null
     * @param last whether nothing follows
     */
    record Batch(
            @Nullable Deal deal,
            List<StoredEvent> events,
            @Nullable Failed refusal,
            boolean last) {}

    /** Waits for what comes next. */
    Batch next() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (waiting.isEmpty() && !ended) {
                changed.await();
            }
            List<StoredEvent> events = waiting;
            waiting = new ArrayList<>();
            waitingChars = 0;
            changed.signalAll();
            return new Batch(deal, events, refusal, ended);
        } finally {
            lock.unlock();
        }
    }

    private void buy(Market market, Order order) {
        Failed why = null;
        try {
            market.buy(order, this);
            if (scribe.failure() == null) {
                put(scribe.end());
            }
        } catch (Failed failed) {
            why = failed;
        } catch (InterruptedException left) {
            why = failed(Failure.Cause.CANCELLED, "Nobody waits for this response any more.");
        } catch (RuntimeException | Error broken) {
            LOG.error("order {} broke", order.id(), broken);
            why = failed(Failure.Cause.INTERNAL, "The server made a mistake.");
        }
        finish(why);
    }

    private static Failed failed(Failure.Cause cause, String message) {
        return new Failed(Failure.of(cause, message)).afterWork();
    }

    private void finish(@Nullable Failed why) {
        lock.lock();
        try {
            if (why != null && deal != null) {
                waiting.addAll(scribe.fail(why.failure()));
            } else {
                refusal = why;
            }
            ended = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void put(List<StoredEvent> events) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (waitingChars > WAITING_CHARS_MAX) {
                changed.await();
            }
            for (StoredEvent event : events) {
                waiting.add(event);
                waitingChars += event.json().length();
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public EventSink open(Deal chosen) {
        lock.lock();
        try {
            deal = chosen;
        } finally {
            lock.unlock();
        }
        return event -> put(scribe.write(event));
    }

    @Override
    public void whole(Deal chosen, int status, String contentType, byte[] body) {
        throw new IllegalStateException("the order had no bytes to pass on");
    }

    @Override
    public Exchange.End relay(Deal chosen, Incoming stream, Exchange.Filter filter) {
        throw new IllegalStateException("the order had no bytes to pass on");
    }

    /** Ends the purchase if it goes on, and waits for its receipt. */
    @Override
    public void close() {
        buyer.interrupt();
        boolean interrupted = false;
        while (true) {
            try {
                buyer.join();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}

package entrepot.market.routing;

import entrepot.conversation.EventSink;
import entrepot.conversation.embedding.Embeddings;
import entrepot.http.Exchange;
import entrepot.http.Incoming;
import entrepot.market.Counter;
import entrepot.market.Deal;
import entrepot.market.catalog.Hedge;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/**
 * One attempt, and beside it a second one at another supplier when the first is slow to begin.
 * Whichever is first at the counter delivers; the other is cancelled, and has its receipt too.
 */
final class Race {

    private final Purchase purchase;
    private final Counter counter;
    private final Hedge hedge;
    private final AtomicReference<@Nullable Runner> winner = new AtomicReference<>();

    /** What the runners tell: at most an arrival and an end of each of two. */
    private final BlockingQueue<Told> told = new LinkedBlockingQueue<>(4);

    private final List<Runner> runners = new ArrayList<>(2);

    Race(Purchase purchase, Counter counter, Hedge hedge) {
        this.purchase = purchase;
        this.counter = counter;
        this.hedge = hedge;
    }

    /**
     * Runs.
     *
     * @param first its lane has been entered, and is left by whoever entered it
     * @return how each attempt ended, the first one's first
     */
    List<AttemptRun.Result> run(Candidate first) throws InterruptedException {
        try {
            start(first);
            Told early = told.poll(hedge.after().toNanos(), TimeUnit.NANOSECONDS);
            int ended = 0;
            if (early == null) {
                Candidate second = purchase.beside(first, hedge);
                if (second != null) {
                    start(second);
                }
            } else if (early.ended()) {
                ended++;
            }
            while (ended < runners.size()) {
                Told next = told.take();
                if (next.ended()) {
                    ended++;
                } else {
                    leave(next.by());
                }
            }
        } finally {
            leave(null);
            for (Runner runner : runners) {
                runner.await();
            }
        }
        return results();
    }

    private List<AttemptRun.Result> results() {
        var results = new ArrayList<AttemptRun.Result>(2);
        @Nullable Throwable thrown = null;
        for (Runner runner : runners) {
            if (runner.result != null) {
                results.add(runner.result);
            } else {
                thrown = runner.thrown;
            }
        }
        if (results.isEmpty() && thrown instanceof RuntimeException e) {
            throw e;
        }
        if (thrown instanceof Error e) {
            throw e;
        }
        return results;
    }

    /** Ends every attempt but one. */
    private void leave(@Nullable Runner but) {
        for (Runner runner : runners) {
            if (runner != but) {
                runner.thread.interrupt();
            }
        }
    }

    private void start(Candidate candidate) {
        var runner = new Runner(candidate, !runners.isEmpty());
        runners.add(runner);
        runner.thread.start();
    }

    private record Told(Runner by, boolean ended) {}

    /** One attempt on a thread of its own. */
    private final class Runner implements Counter {

        private final AttemptRun attempt;
        private final boolean ownsLane;
        private final Thread thread;
        private AttemptRun.@Nullable Result result;
        private @Nullable Throwable thrown;

        Runner(Candidate candidate, boolean ownsLane) {
            this.attempt = purchase.run(candidate, this);
            this.ownsLane = ownsLane;
            this.thread = Thread.ofVirtual().name("attempt").unstarted(this::run);
        }

        private void run() {
            try {
                result = attempt.run();
            } catch (InterruptedException left) {
                result = new AttemptRun.Result.Left();
            } catch (RuntimeException | Error e) {
                thrown = e;
            } finally {
                if (ownsLane) {
                    attempt.candidate().lane().leave();
                }
                told.add(new Told(this, true));
            }
        }

        /** Waits for the receipt, whatever else happens. */
        void await() {
            boolean interrupted = false;
            while (true) {
                try {
                    thread.join();
                    break;
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }

        /** Whoever is not the first here is told to leave. */
        private Counter claim() throws InterruptedException {
            Runner first = winner.compareAndExchange(null, this);
            if (first != null && first != this) {
                throw new InterruptedException("another attempt was first");
            }
            if (first == null) {
                told.add(new Told(this, false));
            }
            return counter;
        }

        @Override
        public void whole(Deal deal, int status, String contentType, byte[] body)
                throws InterruptedException {
            claim().whole(deal, status, contentType, body);
        }

        @Override
        public Exchange.End relay(Deal deal, Incoming stream, Exchange.Filter filter)
                throws InterruptedException {
            return claim().relay(deal, stream, filter);
        }

        @Override
        public EventSink open(Deal deal) throws InterruptedException {
            return claim().open(deal);
        }

        @Override
        public void counted(Deal deal, long tokens, boolean estimated) throws InterruptedException {
            claim().counted(deal, tokens, estimated);
        }

        @Override
        public void embeddings(Deal deal, Embeddings vectors) throws InterruptedException {
            claim().embeddings(deal, vectors);
        }
    }
}

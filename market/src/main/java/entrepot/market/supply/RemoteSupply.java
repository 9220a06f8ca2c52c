package entrepot.market.supply;

import entrepot.conversation.Answers;
import entrepot.conversation.Event;
import entrepot.conversation.Failed;
import entrepot.conversation.Failure;
import entrepot.conversation.Failure.Cause;
import entrepot.conversation.Loss;
import entrepot.conversation.Request;
import entrepot.conversation.Usage;
import entrepot.http.CallFailed;
import entrepot.http.Clocks;
import entrepot.http.Headers;
import entrepot.http.HttpClient;
import entrepot.http.Incoming;
import entrepot.http.Outgoing;
import entrepot.market.Order;
import entrepot.market.Order.Verbatim;
import entrepot.market.catalog.Supplier;
import entrepot.market.metering.Letters;
import entrepot.protocols.Dialect;

import org.jspecify.annotations.Nullable;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * Calls an account over HTTP, in whichever of its dialects fits the order.
 *
 * <p>An order that came in one of them goes out and back as bytes. Any other, and any answer that
 * has not the form that was asked for, is read and told as events.
 */
public final class RemoteSupply implements Supply {

    private final HttpClient http;
    private final Supplier.Remote supplier;
    private final List<Endpoint> endpoints;
    private final Leftovers leftovers = new Leftovers();

    /**
     * @param endpoints the preferred one first; at least one
     */
    RemoteSupply(HttpClient http, Supplier.Remote supplier, List<Endpoint> endpoints) {
        this.http = http;
        this.supplier = supplier;
        this.endpoints = List.copyOf(endpoints);
    }

    @Override
    public void deliver(Attempt attempt) throws InterruptedException {
        Verbatim verbatim = attempt.order().verbatim();
        Endpoint own = verbatim == null ? null : speaking(verbatim.dialect());
        try {
            if (own != null && verbatim != null) {
                byte[] body = verbatim.splice().with(attempt.name(), verbatim.stream());
                attempt.tally().sent(() -> inputLetters(attempt, body));
                new Exchange(own, attempt, verbatim)
                        .take(send(own, attempt, verbatim.stream(), body));
            } else {
                translated(endpoints.getFirst(), attempt);
            }
        } catch (CallFailed e) {
            throw new Failed(failure(e), e);
        }
    }

    private void translated(Endpoint endpoint, Attempt original)
            throws CallFailed, InterruptedException {
        Request request = original.request().get().withModel(original.name());
        List<Loss> losses = endpoint.dialect().losses(request);
        refuse(endpoint.dialect(), original.order(), losses);
        Attempt attempt = original.withLosses(losses);
        byte[] body = endpoint.dialect().write(request);
        attempt.tally().sent(() -> inputLetters(attempt, body));
        new Exchange(endpoint, attempt, null).take(send(endpoint, attempt, request.stream(), body));
    }

    private @Nullable Endpoint speaking(String dialect) {
        for (Endpoint endpoint : endpoints) {
            if (endpoint.dialect().name().equals(dialect)) {
                return endpoint;
            }
        }
        return null;
    }

    /** Refuses what would lose meaning, unless the caller allowed it. */
    private void refuse(Dialect dialect, Order order, List<Loss> losses) {
        if (order.losses() == Order.Losses.REPORT) {
            return;
        }
        for (Loss loss : losses) {
            if (loss.weight() == Loss.Weight.MEANING) {
                throw new Failed(
                        Failure.at(
                                Cause.UNSUPPORTED,
                                ("%s speaks %s, which cannot carry '%s': %s. Leave it out, choose"
                                     + " another model, or send 'x-entrepot-losses: report' to go"
                                     + " on without it.")
                                        .formatted(
                                                supplier.id(),
                                                dialect.name(),
                                                loss.path(),
                                                loss.what()),
                                loss.path()));
            }
        }
    }

    private static long inputLetters(Attempt attempt, byte[] body) {
        try {
            return Letters.of(attempt.request().get());
        } catch (Failed notOurs) {
            return body.length;
        }
    }

    private Incoming send(Endpoint endpoint, Attempt attempt, boolean stream, byte[] body)
            throws CallFailed, InterruptedException {
        URI address = endpoint.address(attempt.name(), stream);
        Headers headers = endpoint.headers(attempt, address, body);
        try {
            return http.send(
                    new Outgoing("POST", address, headers, body, clocks(attempt.timeLeft())));
        } catch (CallFailed e) {
            if (e.reason() == CallFailed.Reason.NOT_CONNECTED
                    || e.reason() == CallFailed.Reason.CONNECT_TIMEOUT) {
                attempt.tally().rejected();
            }
            throw e;
        }
    }

    private Clocks clocks(Duration timeLeft) {
        Clocks clocks = supplier.clocks();
        return timeLeft.compareTo(clocks.total()) < 0
                ? new Clocks(clocks.connect(), clocks.firstByte(), clocks.idle(), timeLeft)
                : clocks;
    }

    private Failure failure(CallFailed e) {
        return Failure.of(Bodies.cause(e), supplier.id() + ": " + e.getMessage());
    }

    /** One call that was answered. */
    private final class Exchange {

        private final Endpoint endpoint;
        private final Dialect dialect;
        private final Attempt attempt;

        /** The caller's own bytes, when the answer may go back as bytes; else null. */
        private final @Nullable Verbatim asked;

        Exchange(Endpoint endpoint, Attempt attempt, @Nullable Verbatim asked) {
            this.endpoint = endpoint;
            this.dialect = endpoint.dialect();
            this.attempt = attempt;
            this.asked = asked;
        }

        void take(Incoming incoming) throws CallFailed, InterruptedException {
            boolean left = false;
            try {
                if (incoming.status() / 100 != 2) {
                    new Refusal(supplier, dialect, attempt).take(asked != null, incoming);
                    return;
                }
                boolean stream = isStream(incoming);
                if (asked == null || asked.stream() != stream) {
                    if (stream) {
                        StreamEvents.read(attempt, endpoint, incoming);
                        left = attempt.tally().isFinished();
                    } else {
                        events(Bodies.answer(incoming));
                    }
                } else if (stream) {
                    new StreamRelay(attempt, dialect, !asked.usageAsked()).run(incoming);
                } else {
                    whole(incoming);
                }
            } finally {
                if (left) {
                    leftovers.drain(incoming);
                } else {
                    incoming.close();
                }
            }
        }

        private boolean isStream(Incoming incoming) {
            String type = incoming.headers().get("content-type");
            return type != null && endpoint.isStream(type.toLowerCase(Locale.ROOT));
        }

        private void whole(Incoming incoming) throws CallFailed, InterruptedException {
            byte[] body = Bodies.answer(incoming);
            Usage usage = dialect.usage(body);
            if (usage == null) {
                attempt.tally().output(Letters.of(dialect.read(body).parts()));
            } else {
                attempt.tally().reported(usage);
            }
            attempt.tally().opened();
            attempt.counter().whole(attempt.deal(), 200, Bodies.JSON, body);
            attempt.tally().finished();
        }

        /** A whole answer, told as events. */
        private void events(byte[] body) throws InterruptedException {
            var sink = new CounterSink(attempt);
            for (Event event : Answers.events(dialect.read(body))) {
                sink.accept(event);
            }
            sink.end();
        }
    }
}

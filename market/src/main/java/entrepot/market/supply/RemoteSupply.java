package entrepot.market.supply;

import entrepot.conversation.Answers;
import entrepot.conversation.Event;
import entrepot.conversation.EventSink;
import entrepot.conversation.Failed;
import entrepot.conversation.Loss;
import entrepot.conversation.Request;
import entrepot.conversation.Usage;
import entrepot.http.CallFailed;
import entrepot.http.Headers;
import entrepot.http.HttpClient;
import entrepot.http.Incoming;
import entrepot.market.Order.Goods;
import entrepot.market.Order.Verbatim;
import entrepot.market.catalog.Supplier;
import entrepot.market.metering.Letters;
import entrepot.protocols.Dialect;
import entrepot.protocols.StopCut;

import org.jspecify.annotations.Nullable;

import java.time.InstantSource;
import java.util.List;
import java.util.Locale;

/**
 * Calls an account over HTTP, in whichever of its dialects fits the order.
 *
 * <p>An order that came in one of them goes out and back as bytes. Any other, and any answer that
 * has not the form that was asked for, is read and told as events.
 */
public final class RemoteSupply implements Supply {

    private final Line line;
    private final Access access;
    private final List<Endpoint> endpoints;
    private final Leftovers leftovers = new Leftovers();
    private final Drains drains;

    RemoteSupply(HttpClient http, Supplier.Remote supplier, Access access, InstantSource clock) {
        this.drains = new Drains(supplier.options(), clock);
        this.line = new Line(http, supplier);
        this.access = access;
        this.endpoints = access.conversations();
    }

    @Override
    public void deliver(Attempt attempt) throws InterruptedException {
        try {
            switch (attempt.order().goods()) {
                case Goods.Conversation _ -> converse(attempt);
                case Goods.Embedding goods ->
                        new EmbeddingCalls(line, access.embeddings(), drains)
                                .deliver(attempt, goods);
                case Goods.Count goods ->
                        new CountCalls(line, access.counts()).deliver(attempt, goods);
                case Goods.Pictures goods ->
                        new ImageCalls(line, access, drains).deliver(attempt, goods);
            }
        } catch (CallFailed e) {
            throw line.failed(e);
        }
    }

    @Override
    public List<Dialect> dialects() {
        return endpoints.stream().map(Endpoint::dialect).toList();
    }

    private void converse(Attempt original) throws CallFailed, InterruptedException {
        Verbatim verbatim = original.order().verbatim();
        Endpoint own = verbatim == null ? null : speaking(verbatim.dialect());
        if (own != null && verbatim != null) {
            Attempt attempt = original.withLosses(own.losses(verbatim));
            byte[] body = verbatim.splice().with(attempt.name(), verbatim.stream());
            attempt.tally().sent(() -> inputLetters(attempt, body));
            new Exchange(own, attempt, verbatim, List.of())
                    .take(line.send(own, attempt, verbatim.stream(), body));
        } else {
            translated(endpoints.getFirst(), original);
        }
    }

    private void translated(Endpoint endpoint, Attempt original)
            throws CallFailed, InterruptedException {
        Request request = original.request().get().withModel(original.name());
        List<Loss> losses = endpoint.dialect().losses(request);
        line.refuse(endpoint.dialect().name(), original.order(), losses);
        Attempt attempt = original.withLosses(losses);
        byte[] body = endpoint.dialect().write(request);
        attempt.tally().sent(() -> inputLetters(attempt, body));
        new Exchange(endpoint, attempt, null, endpoint.dialect().stops(request))
                .take(line.send(endpoint, attempt, request.stream(), body));
    }

    private @Nullable Endpoint speaking(String dialect) {
        for (Endpoint endpoint : endpoints) {
            if (endpoint.dialect().name().equals(dialect)) {
                return endpoint;
            }
        }
        return null;
    }

    private static long inputLetters(Attempt attempt, byte[] body) {
        try {
            return Letters.of(attempt.request().get());
        } catch (Failed notOurs) {
            return body.length;
        }
    }

    /** One call that was answered. */
    private final class Exchange {

        private final Endpoint endpoint;
        private final Dialect dialect;
        private final Attempt attempt;

        /** The caller's own bytes, when the answer may go back as bytes; else null. */
        private final @Nullable Verbatim asked;

        /** Where the answer is cut, if the supplier was not told to stop there. */
        private final List<String> stops;

        Exchange(Endpoint endpoint, Attempt attempt, @Nullable Verbatim asked, List<String> stops) {
            this.endpoint = endpoint;
            this.dialect = endpoint.dialect();
            this.attempt = attempt;
            this.asked = asked;
            this.stops = stops;
        }

        void take(Incoming incoming) throws CallFailed, InterruptedException {
            boolean left = false;
            try {
                if (incoming.status() / 100 != 2) {
                    boolean asIs = asked != null && endpoint.errorsInBody();
                    new Refusal(line.supplier(), dialect, attempt).take(asIs, incoming);
                    return;
                }
                boolean stream = isStream(incoming);
                if (asked == null || asked.stream() != stream) {
                    if (stream) {
                        StreamEvents.read(attempt, endpoint, stops, incoming, drains);
                        left = attempt.tally().isFinished();
                    } else {
                        events(incoming);
                    }
                } else if (stream) {
                    new StreamRelay(attempt, dialect, !asked.usageAsked(), drains).run(incoming);
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
            Headers headers = incoming.headers();
            Usage usage = dialect.usage(headers::get, body);
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
        private void events(Incoming incoming) throws CallFailed, InterruptedException {
            byte[] body = Bodies.answer(incoming);
            Headers headers = incoming.headers();
            var sink = new CounterSink(attempt);
            EventSink cutting = StopCut.before(sink, stops);
            for (Event event : Answers.events(dialect.read(headers::get, body))) {
                cutting.accept(event);
            }
            sink.end();
        }
    }
}

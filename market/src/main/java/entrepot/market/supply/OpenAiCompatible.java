package entrepot.market.supply;

import entrepot.conversation.Answers;
import entrepot.conversation.Event;
import entrepot.conversation.Failed;
import entrepot.conversation.Failure;
import entrepot.conversation.Part;
import entrepot.conversation.Request;
import entrepot.http.CallFailed;
import entrepot.http.Clocks;
import entrepot.http.Headers;
import entrepot.http.HttpClient;
import entrepot.http.Incoming;
import entrepot.http.Outgoing;
import entrepot.identity.Secret;
import entrepot.market.Order.Verbatim;
import entrepot.market.catalog.Supplier;
import entrepot.market.catalog.Supplier.Credential;
import entrepot.market.metering.Letters;
import entrepot.protocols.openai.chat.ChatAnswers;
import entrepot.protocols.openai.chat.ChatEnvelope;
import entrepot.protocols.openai.chat.ChatRequests;
import entrepot.protocols.openai.chat.ChatTotals;

import org.jspecify.annotations.Nullable;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Calls any server that speaks OpenAI's Chat Completions. The headers of a call are built from
 * nothing: no header of the caller's ever reaches a supplier.
 *
 * <p>An order that came in this dialect goes out and back as bytes. Any other, and any answer that
 * has not the form that was asked for, is read and told as events.
 */
public final class OpenAiCompatible implements Supply {

    private final HttpClient http;
    private final Supplier.OpenAiCompatible supplier;
    private final URI address;
    private final Leftovers leftovers = new Leftovers();
    private final Map<Credential, Headers> headers = new HashMap<>();

    public OpenAiCompatible(HttpClient http, Supplier.OpenAiCompatible supplier) {
        this.http = http;
        this.supplier = supplier;
        this.address = URI.create(supplier.baseUrl() + "/chat/completions");
        supplier.credentials().forEach(each -> headers.put(each, headers(supplier, each)));
    }

    private static Headers headers(Supplier.OpenAiCompatible supplier, Credential credential) {
        var fields = new ArrayList<Headers.Field>(supplier.headers().fields());
        fields.add(new Headers.Field("content-type", "application/json"));
        fields.add(new Headers.Field("accept", "application/json, text/event-stream"));
        fields.add(new Headers.Field("accept-encoding", "identity"));
        Secret secret = credential.secret();
        if (secret != null) {
            fields.add(new Headers.Field("authorization", "Bearer " + secret.reveal()));
        }
        return Headers.of(List.copyOf(fields));
    }

    @Override
    public void deliver(Attempt attempt) throws InterruptedException {
        Verbatim verbatim = attempt.order().verbatim();
        boolean asIs = verbatim != null && verbatim.dialect().equals(ChatRequests.DIALECT);
        byte[] body =
                asIs && verbatim != null
                        ? verbatim.splice().with(attempt.name(), verbatim.stream())
                        : written(attempt);
        attempt.tally().sent(() -> inputLetters(attempt, body));
        try {
            answer(attempt, asIs ? verbatim : null, send(attempt, body));
        } catch (CallFailed e) {
            throw new Failed(failure(e), e);
        }
    }

    private static byte[] written(Attempt attempt) {
        Request request = attempt.request().get().withModel(attempt.name());
        byte[] body = ChatRequests.write(request);
        return request.stream() ? ChatEnvelope.scan(body).splice(attempt.name(), true) : body;
    }

    private static long inputLetters(Attempt attempt, byte[] body) {
        try {
            return Letters.of(attempt.request().get());
        } catch (Failed notOurs) {
            return body.length;
        }
    }

    private Incoming send(Attempt attempt, byte[] body) throws CallFailed, InterruptedException {
        Headers own = headers.getOrDefault(attempt.credential(), Headers.NONE);
        try {
            return http.send(new Outgoing("POST", address, own, body, clocks(attempt.timeLeft())));
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

    /**
     * @param asked the caller's own bytes, when the answer may go back as bytes; else null
     */
    private void answer(Attempt attempt, @Nullable Verbatim asked, Incoming incoming)
            throws CallFailed, InterruptedException {
        boolean left = false;
        try {
            if (incoming.status() / 100 != 2) {
                new Refusal(supplier, attempt).take(asked != null, incoming);
                return;
            }
            boolean stream = isStream(incoming);
            if (asked == null || asked.stream() != stream) {
                if (stream) {
                    ChatEvents.read(attempt, incoming);
                    left = attempt.tally().isFinished();
                } else {
                    events(attempt, Bodies.answer(incoming));
                }
            } else if (stream) {
                new ChatRelay(attempt, !asked.usageAsked()).run(incoming);
            } else {
                whole(attempt, incoming);
            }
        } finally {
            if (left) {
                leftovers.drain(incoming);
            } else {
                incoming.close();
            }
        }
    }

    private static boolean isStream(Incoming incoming) {
        String type = incoming.headers().get("content-type");
        return type != null && type.toLowerCase(Locale.ROOT).startsWith("text/event-stream");
    }

    private static void whole(Attempt attempt, Incoming incoming)
            throws CallFailed, InterruptedException {
        byte[] body = Bodies.answer(incoming);
        ChatTotals totals = ChatTotals.read(body);
        if (totals.usage() == null) {
            List<Part> parts = ChatAnswers.read(body).parts();
            attempt.tally().output(Letters.of(parts));
        } else {
            attempt.tally().reported(totals.usage());
        }
        attempt.tally().opened();
        attempt.counter().whole(attempt.deal(), 200, Bodies.JSON, body);
        attempt.tally().finished();
    }

    /** A whole answer, told as events. */
    private static void events(Attempt attempt, byte[] body) throws InterruptedException {
        var sink = new CounterSink(attempt);
        for (Event event : Answers.events(ChatAnswers.read(body))) {
            sink.accept(event);
        }
        sink.end();
    }

    private Failure failure(CallFailed e) {
        return Failure.of(Bodies.cause(e), supplier.id() + ": " + e.getMessage());
    }
}

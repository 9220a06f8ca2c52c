package entrepot.market.supply;

import entrepot.conversation.Answers;
import entrepot.conversation.Event;
import entrepot.conversation.Failed;
import entrepot.conversation.Failure;
import entrepot.conversation.Failure.Cause;
import entrepot.conversation.Request;
import entrepot.http.CallFailed;
import entrepot.http.Clocks;
import entrepot.http.Headers;
import entrepot.http.HttpClient;
import entrepot.http.Incoming;
import entrepot.http.Outgoing;
import entrepot.identity.Secret;
import entrepot.market.catalog.Supplier;
import entrepot.market.catalog.Supplier.Credential;
import entrepot.market.metering.Letters;
import entrepot.protocols.openai.OpenAiErrors;
import entrepot.protocols.openai.chat.ChatAnswers;
import entrepot.protocols.openai.chat.ChatRequests;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Calls any server that speaks OpenAI's Chat Completions. The headers of a call are built from
 * nothing: no header of the caller's ever reaches a supplier.
 */
public final class OpenAiCompatible implements Supply {

    private static final int ANSWER_BYTES_MAX = 64 * 1024 * 1024;
    private static final int ERROR_BYTES_MAX = 256 * 1024;

    private final HttpClient http;
    private final Supplier.OpenAiCompatible supplier;
    private final URI address;
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
        Request request = attempt.request().get().withModel(attempt.name()).withStream(false);
        byte[] body = ChatRequests.write(request);
        attempt.tally().sent(Letters.of(request));
        try (Incoming incoming = send(attempt, body)) {
            if (incoming.status() / 100 != 2) {
                throw refused(attempt, incoming);
            }
            byte[] answer = incoming.all(ANSWER_BYTES_MAX);
            var sink = new CounterSink(attempt);
            for (Event event : Answers.events(ChatAnswers.read(answer))) {
                sink.accept(event);
            }
            sink.end();
        } catch (CallFailed e) {
            throw new Failed(failure(e), e);
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

    private Failed refused(Attempt attempt, Incoming incoming)
            throws CallFailed, InterruptedException {
        attempt.tally().rejected();
        byte[] body = incoming.all(ERROR_BYTES_MAX);
        return new Failed(OpenAiErrors.read(incoming.status(), incoming.headers()::get, body));
    }

    private Failure failure(CallFailed e) {
        Cause cause =
                switch (e.reason()) {
                    case NOT_CONNECTED, BROKEN -> Cause.UNREACHABLE;
                    case CONNECT_TIMEOUT, FIRST_BYTE_TIMEOUT, IDLE_TIMEOUT, TOTAL_TIMEOUT ->
                            Cause.TIMED_OUT;
                    case TOO_LARGE, MALFORMED -> Cause.SUPPLIER_FAILED;
                };
        return Failure.of(cause, supplier.id() + ": " + e.getMessage());
    }
}

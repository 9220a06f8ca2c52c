package entrepot.protocols.google.gemini;

import static java.nio.charset.StandardCharsets.UTF_8;

import entrepot.conversation.Answer;
import entrepot.conversation.EventSink;
import entrepot.conversation.Failure;
import entrepot.conversation.Loss;
import entrepot.conversation.Request;
import entrepot.protocols.Dialect;
import entrepot.protocols.Header;
import entrepot.protocols.Meter;
import entrepot.protocols.StreamReader;
import entrepot.protocols.google.GoogleErrors;
import entrepot.protocols.json.Json;

import java.util.ArrayList;
import java.util.List;

/** Suppliers of {@code generateContent}: Google's developer interface and Vertex. */
public final class GeminiDialect implements Dialect {

    @Override
    public String name() {
        return GeminiRequests.DIALECT;
    }

    @Override
    public List<Loss> losses(Request request) {
        var losses = new ArrayList<>(GeminiLosses.of(request));
        losses.addAll(GeminiProofs.losses(request));
        return losses;
    }

    @Override
    public byte[] write(Request request) {
        return Json.write(GeminiProofs.added(request.model(), GeminiRequests.tree(request)));
    }

    @Override
    public Answer read(byte[] body) {
        return GeminiAnswers.read(body);
    }

    @Override
    public StreamReader reader(EventSink sink) {
        return new GeminiStreamReader(sink);
    }

    /** Usage stands in chunks that say something else, too: it cannot be hidden. */
    @Override
    public Meter meter(boolean hideUsage) {
        return new GeminiMeter();
    }

    @Override
    public Failure refusal(int status, Header header, byte[] body) {
        return GoogleErrors.read(status, header, body);
    }

    @Override
    public byte[] broken(Failure failure) {
        String event = "\r\n\r\ndata: " + GoogleErrors.body(failure) + "\r\n\r\n";
        return event.getBytes(UTF_8);
    }
}

package entrepot.market.testing;

import entrepot.conversation.Event;
import entrepot.conversation.EventSink;
import entrepot.conversation.Extras;
import entrepot.conversation.Part;
import entrepot.conversation.Request;
import entrepot.conversation.StopReason;
import entrepot.conversation.Usage;
import entrepot.conversation.Usage.Meter;
import entrepot.conversation.embedding.EmbeddingRequest;
import entrepot.conversation.embedding.Embeddings;
import entrepot.conversation.embedding.Vector;
import entrepot.market.supply.BuiltInModel;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** A model in this process that says what it is told to, and keeps what it was asked. */
public final class ScriptedModel implements BuiltInModel {

    private final String model;
    private final BlockingQueue<List<Event>> scripts = new LinkedBlockingQueue<>(1_000);
    private final List<Request> requests = new ArrayList<>();

    public ScriptedModel(String model) {
        this.model = model;
    }

    /** What to say to the next request; without one, {@link #says} its last message's text. */
    public ScriptedModel then(Event... events) {
        scripts.add(List.of(events));
        return this;
    }

    /** A whole good answer of one text; four letters are a token. */
    public static Event[] says(String text, long inputTokens) {
        return new Event[] {
            new Event.Started("scripted", "scripted"),
            new Event.TextDelta(0, text),
            new Event.PartFinished(0, new Part.Text(text, Extras.NONE)),
            new Event.Finished(StopReason.END),
            new Event.UsageReported(
                    new Usage(
                            Map.of(
                                    Meter.FRESH_INPUT,
                                    inputTokens,
                                    Meter.OUTPUT,
                                    (text.length() + 3L) / 4),
                            false)),
        };
    }

    @Override
    public String model() {
        return model;
    }

    @Override
    public String note() {
        return "says what a test tells it to";
    }

    @Override
    public void answer(Request request, EventSink sink) throws InterruptedException {
        List<Event> script;
        synchronized (this) {
            requests.add(request);
            script = scripts.poll();
        }
        String echo = request.messages().isEmpty() ? "" : request.messages().getLast().text();
        for (Event event : script == null ? List.of(says(echo, 1)) : script) {
            sink.accept(event);
        }
    }

    /** For each text, its length and a half. */
    @Override
    public Embeddings embed(EmbeddingRequest request) {
        var vectors = new ArrayList<Vector>();
        for (EmbeddingRequest.Input input : request.inputs()) {
            int length =
                    switch (input) {
                        case EmbeddingRequest.Input.Text text -> text.text().length();
                        case EmbeddingRequest.Input.Tokens tokens -> tokens.ids().size();
                    };
            vectors.add(Vector.of(length, 0.5f));
        }
        var usage = new Usage(Map.of(Meter.FRESH_INPUT, 1L), false);
        return new Embeddings(model, vectors, usage, Extras.NONE);
    }

    public synchronized List<Request> requests() {
        return List.copyOf(requests);
    }
}

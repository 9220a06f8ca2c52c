package entrepot.knowledge.embedding;

import entrepot.conversation.EventSink;
import entrepot.conversation.Extras;
import entrepot.conversation.Failed;
import entrepot.conversation.Failure;
import entrepot.conversation.Failure.Cause;
import entrepot.conversation.Request;
import entrepot.conversation.Usage;
import entrepot.conversation.Usage.Meter;
import entrepot.conversation.embedding.EmbeddingRequest;
import entrepot.conversation.embedding.EmbeddingRequest.Input;
import entrepot.conversation.embedding.EmbeddingRequest.Purpose;
import entrepot.conversation.embedding.Embeddings;
import entrepot.conversation.embedding.Vector;
import entrepot.market.supply.BuiltInModel;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The encoder {@link E5} as a model that can be bought: {@code entrepot/e5-small}. Texts whose
 * purpose nobody says are embedded alike, as questions are (E5's own advice for symmetric tasks).
 */
public final class E5Small implements BuiltInModel {

    private static final String MODEL = "entrepot/e5-small";
    private static final int DIMENSIONS = 384;
    private static final int TOKENS_MAX = 512;

    private final E5 encoder;

    public E5Small(E5 encoder) {
        this.encoder = encoder;
    }

    @Override
    public String model() {
        return MODEL;
    }

    @Override
    public String note() {
        return "makes vectors of English text, in this process; it does not converse";
    }

    @Override
    public void answer(Request request, EventSink sink) {
        throw new Failed(
                Failure.at(
                        Cause.UNSUPPORTED,
                        "The model '" + MODEL + "' makes embeddings only: POST /v1/embeddings.",
                        "model"));
    }

    @Override
    public Embeddings embed(EmbeddingRequest request) throws InterruptedException {
        Integer dimensions = request.dimensions();
        if (dimensions != null && dimensions != DIMENSIONS) {
            throw new Failed(
                    Failure.at(
                            Cause.INVALID_REQUEST,
                            "The model '" + MODEL + "' makes vectors of " + DIMENSIONS + " only.",
                            "dimensions"));
        }
        List<String> texts = texts(request.inputs());
        long tokens = 0;
        for (String text : texts) {
            tokens += encoder.tokenizer().ids(text, TOKENS_MAX).length;
        }
        return new Embeddings(
                MODEL,
                vectors(texts, request.purpose() == Purpose.DOCUMENT),
                new Usage(Map.of(Meter.FRESH_INPUT, tokens), false),
                Extras.NONE);
    }

    private List<Vector> vectors(List<String> texts, boolean documents)
            throws InterruptedException {
        var vectors = new ArrayList<Vector>(texts.size());
        if (documents) {
            encoder.passages(texts).forEach(values -> vectors.add(Vector.of(values)));
            return vectors;
        }
        for (String text : texts) {
            vectors.add(Vector.of(encoder.query(text)));
        }
        return vectors;
    }

    private static List<String> texts(List<Input> inputs) {
        var texts = new ArrayList<String>(inputs.size());
        for (Input input : inputs) {
            switch (input) {
                case Input.Text text -> texts.add(text.text());
                case Input.Tokens _ ->
                        throw new Failed(
                                Failure.at(
                                        Cause.UNSUPPORTED,
                                        "The model '" + MODEL + "' reads texts, not tokens.",
                                        "input[" + texts.size() + "]"));
            }
        }
        return texts;
    }
}

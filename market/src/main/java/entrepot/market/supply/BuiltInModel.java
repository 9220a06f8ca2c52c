package entrepot.market.supply;

import entrepot.conversation.EventSink;
import entrepot.conversation.Failed;
import entrepot.conversation.Failure;
import entrepot.conversation.Request;
import entrepot.conversation.embedding.EmbeddingRequest;
import entrepot.conversation.embedding.Embeddings;

/** A model that runs in this process: a pure function of the request. */
public interface BuiltInModel {

    /** The canonical id, such as {@code entrepot/extract-1}. */
    String model();

    /** One line on what it is and is not, shown wherever models are listed. */
    String note();

    /**
     * Answers, in the grammar of {@link entrepot.conversation.Event}, usage included. The same
     * request always gives the same events.
     *
     * @throws InterruptedException when the caller has left
     */
    void answer(Request request, EventSink sink) throws InterruptedException;

    /**
     * Makes vectors, usage included.
     *
     * @throws Failed when the model converses and does not embed, or cannot do it as asked
     * @throws InterruptedException when the caller has left
     */
    default Embeddings embed(EmbeddingRequest request) throws InterruptedException {
        throw new Failed(
                Failure.at(
                        Failure.Cause.UNSUPPORTED,
                        "The model '" + model() + "' makes no embeddings; name one that does.",
                        "model"));
    }
}

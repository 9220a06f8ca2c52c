package entrepot.protocols;

import entrepot.conversation.Loss;
import entrepot.conversation.embedding.EmbeddingRequest;
import entrepot.conversation.embedding.Embeddings;

import java.util.List;

/** How suppliers of embeddings are asked and understood, in one dialect. */
public interface EmbeddingDialect extends Wire {

    /** How many inputs one call may have; more are asked for in several calls. */
    int inputsMax(String model);

    /** What a request loses when it is written in this dialect. */
    List<Loss> losses(EmbeddingRequest request);

    /**
     * The body of a call.
     *
     * @throws entrepot.conversation.Failed {@code UNSUPPORTED} with a path, when it cannot be
     *     written at all
     */
    byte[] write(EmbeddingRequest request);

    /**
     * Reads an answer.
     *
     * @param request what was asked, since not every answer says of which model it is
     * @throws entrepot.conversation.Failed {@code SUPPLIER_FAILED} when it is no such answer or has
     *     not one vector for each input, or what the error in it says
     */
    Embeddings read(EmbeddingRequest request, Header header, byte[] body);
}

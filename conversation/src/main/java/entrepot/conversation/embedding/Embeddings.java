package entrepot.conversation.embedding;

import entrepot.conversation.Extras;
import entrepot.conversation.Usage;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * What a model made of an {@link EmbeddingRequest}.
 *
 * @param model the model that the supplier says it is
 * @param vectors one for each input, in the inputs' order
 * @param usage {@link Usage#NONE} when the supplier told none
 */
public record Embeddings(String model, List<Vector> vectors, Usage usage, Extras extras) {

    public Embeddings {
        Objects.requireNonNull(model, "model");
        vectors = List.copyOf(vectors);
    }

    public Embeddings withUsage(Usage other) {
        return new Embeddings(model, vectors, other, extras);
    }

    /** The vectors of one request that was made in several calls. */
    public Embeddings plus(Embeddings more) {
        var all = new ArrayList<>(vectors);
        all.addAll(more.vectors);
        return new Embeddings(model, all, usage.plus(more.usage), extras);
    }
}

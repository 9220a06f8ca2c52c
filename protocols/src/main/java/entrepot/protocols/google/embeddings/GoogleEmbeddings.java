package entrepot.protocols.google.embeddings;

import entrepot.conversation.Failed;
import entrepot.conversation.Failure;
import entrepot.conversation.Failure.Cause;
import entrepot.conversation.Loss;
import entrepot.conversation.Usage;
import entrepot.conversation.embedding.EmbeddingRequest;
import entrepot.conversation.embedding.Embeddings;
import entrepot.protocols.EmbeddingDialect;
import entrepot.protocols.Foreign;
import entrepot.protocols.Header;
import entrepot.protocols.google.GoogleErrors;
import entrepot.protocols.google.embeddings.EmbedBodies.Method;
import entrepot.protocols.json.Json;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;

import java.util.ArrayList;
import java.util.List;

/**
 * Suppliers of Google's embeddings: of the developer interface, which also makes them in batches,
 * and of Vertex, which makes one a call.
 */
public record GoogleEmbeddings(Method method) implements EmbeddingDialect {

    @Override
    public String name() {
        return method.dialect();
    }

    @Override
    public int inputsMax(String model) {
        return method == Method.ONE ? 1 : EmbedBodies.INPUTS_MAX;
    }

    @Override
    public List<Loss> losses(EmbeddingRequest request) {
        var losses = new ArrayList<Loss>();
        Foreign.extras(request.extras(), Method.BATCH.dialect(), "", losses);
        return losses;
    }

    @Override
    public byte[] write(EmbeddingRequest request) {
        return EmbedBodies.write(request, method);
    }

    @Override
    public Embeddings read(EmbeddingRequest request, Header header, byte[] body) {
        Embeddings read = EmbedBodies.readAnswer(request.model(), answer(body));
        int expected = request.inputs().size();
        if (read.vectors().size() != expected) {
            throw EmbedBodies.failed(
                    "has %d vectors for %d inputs".formatted(read.vectors().size(), expected));
        }
        return read;
    }

    @Override
    public @Nullable Usage usage(byte[] body) {
        return EmbedBodies.usage(answer(body));
    }

    @Override
    public Failure refusal(int status, Header header, byte[] body) {
        return GoogleErrors.read(status, header, body);
    }

    private static JsonNode answer(byte[] body) {
        JsonNode json = Json.read(body, Cause.SUPPLIER_FAILED);
        if (GoogleErrors.isError(json)) {
            throw new Failed(GoogleErrors.read(json));
        }
        return json;
    }
}

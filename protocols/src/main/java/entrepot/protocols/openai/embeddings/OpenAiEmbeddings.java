package entrepot.protocols.openai.embeddings;

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
import entrepot.protocols.json.Json;
import entrepot.protocols.openai.OpenAiErrors;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.List;

/** Suppliers of embeddings that speak like OpenAI. */
public final class OpenAiEmbeddings implements EmbeddingDialect {

    @Override
    public String name() {
        return EmbeddingBodies.DIALECT;
    }

    @Override
    public int inputsMax(String model) {
        return EmbeddingEnvelope.INPUTS_MAX;
    }

    @Override
    public List<Loss> losses(EmbeddingRequest request) {
        var losses = new ArrayList<Loss>();
        Foreign.extras(request.extras(), name(), "", losses);
        boolean told = request.extras().dialect().equals(name());
        if (request.purpose() != null && !told) {
            losses.add(
                    new Loss(
                            "purpose",
                            "OpenAI's models embed questions and documents alike",
                            Loss.Weight.HINT));
        }
        return losses;
    }

    @Override
    public byte[] write(EmbeddingRequest request) {
        return EmbeddingBodies.write(request);
    }

    @Override
    public Embeddings read(EmbeddingRequest request, Header header, byte[] body) {
        Embeddings read = EmbeddingBodies.readAnswer(answer(body));
        int expected = request.inputs().size();
        if (read.vectors().size() != expected) {
            throw EmbeddingBodies.failed(
                    "has %d vectors for %d inputs".formatted(read.vectors().size(), expected));
        }
        return read;
    }

    @Override
    public @Nullable Usage usage(byte[] body) {
        return EmbeddingBodies.usage(answer(body));
    }

    @Override
    public Failure refusal(int status, Header header, byte[] body) {
        return OpenAiErrors.read(status, header, body);
    }

    private static JsonNode answer(byte[] body) {
        JsonNode json = Json.read(body, Cause.SUPPLIER_FAILED);
        if (json instanceof ObjectNode object && object.has("error") && !object.has("data")) {
            throw new Failed(OpenAiErrors.read(object));
        }
        return json;
    }
}

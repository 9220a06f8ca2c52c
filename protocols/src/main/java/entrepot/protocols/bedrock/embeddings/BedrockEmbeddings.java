package entrepot.protocols.bedrock.embeddings;

import entrepot.conversation.Extras;
import entrepot.conversation.Failed;
import entrepot.conversation.Failure;
import entrepot.conversation.Failure.Cause;
import entrepot.conversation.Loss;
import entrepot.conversation.Usage;
import entrepot.conversation.Usage.Meter;
import entrepot.conversation.embedding.EmbeddingRequest;
import entrepot.conversation.embedding.Embeddings;
import entrepot.conversation.embedding.Vector;
import entrepot.protocols.EmbeddingDialect;
import entrepot.protocols.Foreign;
import entrepot.protocols.Header;
import entrepot.protocols.bedrock.BedrockErrors;
import entrepot.protocols.json.Json;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Suppliers of embeddings on Bedrock. Some models embed one text a call; usage stands in a header
 * of the answer, and with Titan in its body too.
 */
public final class BedrockEmbeddings implements EmbeddingDialect {

    private static final String COUNT = "x-amzn-bedrock-input-token-count";

    @Override
    public String name() {
        return "bedrock.embeddings";
    }

    @Override
    public int inputsMax(String model) {
        return Family.of(model).inputsMax();
    }

    @Override
    public List<Loss> losses(EmbeddingRequest request) {
        var losses = new ArrayList<Loss>();
        Foreign.extras(request.extras(), name(), "", losses);
        return losses;
    }

    @Override
    public byte[] write(EmbeddingRequest request) {
        return Json.write(Family.of(request.model()).body(request));
    }

    @Override
    public Embeddings read(EmbeddingRequest request, Header header, byte[] body) {
        JsonNode json = Json.read(body, Cause.SUPPLIER_FAILED);
        var vectors = new ArrayList<Vector>();
        JsonNode embeddings = json.path("embeddings");
        if (json.path("embedding").isArray()) {
            vectors.add(vector(json.path("embedding")));
        }
        for (JsonNode each : embeddings.isObject() ? embeddings.path("float") : embeddings) {
            vectors.add(vector(each.isObject() ? each.path("embedding") : each));
        }
        int expected = request.inputs().size();
        if (vectors.size() != expected) {
            throw failed("has %d vectors for %d inputs".formatted(vectors.size(), expected));
        }
        return new Embeddings(request.model(), vectors, usage(json, header), Extras.NONE);
    }

    @Override
    public @Nullable Usage usage(byte[] body) {
        Usage usage = usage(Json.read(body, Cause.SUPPLIER_FAILED), name -> null);
        return usage.equals(Usage.NONE) ? null : usage;
    }

    @Override
    public Failure refusal(int status, Header header, byte[] body) {
        return BedrockErrors.read(status, header, body);
    }

    private static Usage usage(JsonNode json, Header header) {
        String told = header.get(COUNT);
        JsonNode count = json.path("inputTextTokenCount");
        if (told != null && told.matches("[0-9]{1,12}")) {
            return new Usage(Map.of(Meter.FRESH_INPUT, Long.parseLong(told)), false);
        }
        return count.isIntegralNumber() && count.canConvertToLong() && count.longValue() >= 0
                ? new Usage(Map.of(Meter.FRESH_INPUT, count.longValue()), false)
                : Usage.NONE;
    }

    private static Vector vector(JsonNode values) {
        if (!values.isArray()) {
            throw failed("holds something that is no vector");
        }
        float[] floats = new float[values.size()];
        for (int i = 0; i < floats.length; i++) {
            if (!values.get(i).isNumber()) {
                throw failed("holds a vector with something that is no number");
            }
            floats[i] = values.get(i).floatValue();
        }
        return Vector.of(floats);
    }

    private static Failed failed(String how) {
        return new Failed(Failure.of(Cause.SUPPLIER_FAILED, "The supplier's answer " + how + "."));
    }
}

package entrepot.protocols.openai.embeddings;

import entrepot.conversation.Extras;
import entrepot.conversation.Failed;
import entrepot.conversation.Failure;
import entrepot.conversation.Failure.Cause;
import entrepot.conversation.Usage;
import entrepot.conversation.Usage.Meter;
import entrepot.conversation.embedding.EmbeddingRequest;
import entrepot.conversation.embedding.EmbeddingRequest.Encoding;
import entrepot.conversation.embedding.EmbeddingRequest.Input;
import entrepot.conversation.embedding.EmbeddingRequest.Purpose;
import entrepot.conversation.embedding.Embeddings;
import entrepot.conversation.embedding.Vector;
import entrepot.protocols.json.Json;
import entrepot.protocols.json.Members;
import entrepot.protocols.json.Residue;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Requests for embeddings and what comes of them, as JSON and in canonical words. */
public final class EmbeddingBodies {

    /** The name of this dialect in orders and extras. */
    public static final String DIALECT = "openai.embeddings";

    private EmbeddingBodies() {}

    /**
     * Reads a request.
     *
     * @throws Failed {@code INVALID_REQUEST} with the path of the member
     */
    public static EmbeddingRequest read(byte[] body) {
        Members members = Members.strict(Json.read(body, Cause.INVALID_REQUEST), "");
        String model = members.requiredText("model");
        JsonNode input = members.peek("input");
        List<Input> inputs = inputs(members, input);
        members.take("input");
        boolean alone = !input.isArray() || input.path(0).isIntegralNumber();
        return new EmbeddingRequest(
                model,
                inputs,
                alone,
                members.integer("dimensions"),
                encoding(members),
                purpose(members.peek("input_type")),
                members.extras(DIALECT));
    }

    /** Writes a request; what it is for is only told where the caller told it in this dialect. */
    public static byte[] write(EmbeddingRequest request) {
        ObjectNode body = Json.object();
        body.put("model", request.model());
        if (request.alone()) {
            body.set("input", tree(request.inputs().getFirst()));
        } else {
            ArrayNode list = body.putArray("input");
            request.inputs().forEach(input -> list.add(tree(input)));
        }
        if (request.dimensions() != null) {
            body.put("dimensions", request.dimensions());
        }
        if (request.encoding() != null) {
            body.put("encoding_format", request.encoding() == Encoding.FLOAT ? "float" : "base64");
        }
        return Json.write(Residue.fill(body, request.extras(), DIALECT));
    }

    /** Writes an answer as it was asked for: vectors as numbers unless base64 was wanted. */
    public static byte[] write(Embeddings embeddings, @Nullable Encoding encoding) {
        ObjectNode body = Json.object().put("object", "list");
        ArrayNode data = body.putArray("data");
        for (Vector vector : embeddings.vectors()) {
            ObjectNode one =
                    data.addObject().put("object", "embedding").put("index", data.size() - 1);
            if (encoding == Encoding.BASE64) {
                one.put("embedding", vector.base64());
                continue;
            }
            ArrayNode numbers = one.putArray("embedding");
            for (int i = 0; i < vector.size(); i++) {
                numbers.add(vector.get(i));
            }
        }
        long input = embeddings.usage().inputTokens();
        body.put("model", embeddings.model())
                .putObject("usage")
                .put("prompt_tokens", input)
                .put("total_tokens", embeddings.usage().totalTokens());
        return Json.write(body);
    }

    /**
     * Reads an answer.
     *
     * @throws Failed {@code SUPPLIER_FAILED} when it is none
     */
    static Embeddings readAnswer(JsonNode body) {
        JsonNode data = body.path("data");
        if (!data.isArray()) {
            throw failed("has no list 'data'");
        }
        var vectors = new TreeMap<Integer, Vector>();
        for (JsonNode one : data) {
            // Where no index stands the list has the inputs' order.
            int index = one.path("index").asInt(vectors.size());
            vectors.put(index, vector(one.path("embedding")));
        }
        if (vectors.size() != data.size()) {
            throw failed("gives two of its vectors one index");
        }
        Usage usage = usage(body);
        return new Embeddings(
                body.path("model").asString(""),
                List.copyOf(vectors.values()),
                usage == null ? Usage.NONE : usage,
                Extras.NONE);
    }

    /** Null when none is told. */
    static @Nullable Usage usage(JsonNode body) {
        JsonNode usage = body.path("usage");
        if (!usage.isObject()) {
            return null;
        }
        long total = count(usage.path("total_tokens"));
        // Voyage tells the total only; others tell completions of zero tokens.
        long input = usage.has("prompt_tokens") ? count(usage.path("prompt_tokens")) : total;
        return new Usage(Map.of(Meter.FRESH_INPUT, Math.max(input, total)), false);
    }

    static Failed failed(String how) {
        return new Failed(Failure.of(Cause.SUPPLIER_FAILED, "The supplier's answer " + how + "."));
    }

    private static long count(JsonNode node) {
        return node.isNumber() && node.canConvertToLong() ? Math.max(0, node.asLong(0)) : 0;
    }

    private static Vector vector(JsonNode node) {
        if (node.isString()) {
            try {
                return Vector.ofBase64(node.stringValue());
            } catch (IllegalArgumentException e) {
                throw failed("holds a vector that is not base64");
            }
        }
        if (!node.isArray()) {
            throw failed("holds something that is no vector");
        }
        float[] values = new float[node.size()];
        for (int i = 0; i < values.length; i++) {
            if (!node.path(i).isNumber()) {
                throw failed("holds a vector with something that is no number");
            }
            values[i] = node.path(i).floatValue();
        }
        return Vector.of(values);
    }

    private static List<Input> inputs(Members members, JsonNode input) {
        if (input.isMissingNode()) {
            throw members.missing("input");
        }
        if (!input.isArray()) {
            return List.of(input("input", input));
        }
        if (input.path(0).isIntegralNumber()) {
            return List.of(input("input", input));
        }
        var inputs = new ArrayList<Input>(input.size());
        for (JsonNode one : input) {
            inputs.add(input("input[" + inputs.size() + "]", one));
        }
        if (inputs.isEmpty()) {
            throw members.wrong("input", "the list is empty.");
        }
        return inputs;
    }

    private static Input input(String path, JsonNode node) {
        if (node.isString()) {
            return new Input.Text(node.stringValue());
        }
        if (!node.isArray() || node.isEmpty()) {
            throw Members.wrongType(path, "a string or a list of tokens", node);
        }
        var ids = new ArrayList<Integer>(node.size());
        for (JsonNode id : node) {
            if (!id.isIntegralNumber() || !id.canConvertToInt()) {
                throw Members.wrongType(path + "[" + ids.size() + "]", "a token", id);
            }
            ids.add(id.intValue());
        }
        return new Input.Tokens(ids);
    }

    private static JsonNode tree(Input input) {
        return switch (input) {
            case Input.Text text -> Json.object().stringNode(text.text());
            case Input.Tokens tokens -> {
                ArrayNode ids = Json.object().arrayNode();
                tokens.ids().forEach(ids::add);
                yield ids;
            }
        };
    }

    private static @Nullable Encoding encoding(Members members) {
        String format = members.text("encoding_format");
        if (format == null) {
            return null;
        }
        return switch (format) {
            case "float" -> Encoding.FLOAT;
            case "base64" -> Encoding.BASE64;
            default -> throw members.wrong("encoding_format", "it must be float or base64.");
        };
    }

    /** Not OpenAI's own, but that of Voyage, Cohere and NVIDIA; it stays in the extras. */
    private static @Nullable Purpose purpose(JsonNode type) {
        return switch (type.isString() ? type.stringValue() : "") {
            case "query", "search_query" -> Purpose.QUERY;
            case "document", "passage", "search_document" -> Purpose.DOCUMENT;
            default -> null;
        };
    }
}

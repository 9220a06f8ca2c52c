package entrepot.protocols.google.embeddings;

import entrepot.conversation.Extras;
import entrepot.conversation.Failed;
import entrepot.conversation.Failure;
import entrepot.conversation.Failure.Cause;
import entrepot.conversation.Usage;
import entrepot.conversation.Usage.Meter;
import entrepot.conversation.embedding.EmbeddingRequest;
import entrepot.conversation.embedding.EmbeddingRequest.Input;
import entrepot.conversation.embedding.EmbeddingRequest.Purpose;
import entrepot.conversation.embedding.Embeddings;
import entrepot.conversation.embedding.Vector;
import entrepot.protocols.json.Json;
import entrepot.protocols.json.Members;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Requests for embeddings and what comes of them, as JSON and in canonical words. */
public final class EmbedBodies {

    /** Google's own limit on a batch. */
    public static final int INPUTS_MAX = 100;

    private EmbedBodies() {}

    /** What is asked for: several embeddings or one. */
    public enum Method {
        BATCH("google.embeddings"),
        ONE("google.embedding");

        private final String dialect;

        Method(String dialect) {
            this.dialect = dialect;
        }

        /** The name of this dialect in orders and extras. */
        public String dialect() {
            return dialect;
        }
    }

    /**
     * Reads a request.
     *
     * @param model as the address names it
     * @throws Failed {@code INVALID_REQUEST} or {@code UNSUPPORTED} with the path of the member
     */
    public static EmbeddingRequest read(byte[] body, String model, Method method) {
        Members members = Members.strict(Json.read(body, Cause.INVALID_REQUEST), "");
        if (method == Method.ONE) {
            return one(members, model);
        }
        ArrayNode list = members.list("requests");
        if (list == null || list.isEmpty()) {
            throw members.missing("requests");
        }
        if (list.size() > INPUTS_MAX) {
            throw members.wrong("requests", "at most " + INPUTS_MAX + " may be in one batch.");
        }
        var inputs = new ArrayList<Input>(list.size());
        EmbeddingRequest first = null;
        for (int i = 0; i < list.size(); i++) {
            String path = "requests[" + i + "]";
            EmbeddingRequest each = one(Members.strict(list.get(i), path), model);
            first = first == null ? each : first;
            if (!each.withInputs(first.inputs()).equals(first.withInputs(first.inputs()))) {
                throw new Failed(
                        Failure.at(
                                Cause.UNSUPPORTED,
                                "'"
                                        + path
                                        + "' is to be embedded otherwise than 'requests[0]', which"
                                        + " only Google's own models do: send it by itself.",
                                path));
            }
            inputs.addAll(each.inputs());
        }
        return first == null ? EmbeddingRequest.of(model, List.of()) : first.withInputs(inputs);
    }

    private static EmbeddingRequest one(Members members, String model) {
        members.take("model");
        Members content = members.object("content");
        if (content == null) {
            throw members.missing("content");
        }
        ArrayNode parts = content.list("parts");
        if (parts == null || parts.isEmpty()) {
            throw content.missing("parts");
        }
        content.take("role");
        var texts = new ArrayList<String>(parts.size());
        for (JsonNode part : parts) {
            if (!part.path("text").isString()) {
                String path = content.path("parts") + "[" + texts.size() + "]";
                throw new Failed(
                        Failure.at(
                                Cause.UNSUPPORTED,
                                "'" + path + "' is no text, which only Google's own models embed.",
                                path));
            }
            texts.add(part.path("text").stringValue());
        }
        Integer dimensions = members.integer("outputDimensionality");
        Purpose purpose = purpose(members.peek("taskType").asString(""));
        if (purpose != null) {
            members.take("taskType");
        }
        return new EmbeddingRequest(
                model,
                List.of(new Input.Text(String.join("\n", texts))),
                true,
                dimensions,
                null,
                purpose,
                members.extras(Method.BATCH.dialect()));
    }

    /**
     * A caller's request with another model in it; all else as it came.
     *
     * @throws Failed {@code INVALID_REQUEST} when it is no JSON object
     */
    public static byte[] withModel(byte[] body, String model) {
        JsonNode json = Json.read(body, Cause.INVALID_REQUEST);
        if (!(json instanceof ObjectNode object)) {
            throw Members.wrongType("", "an object", json);
        }
        if (object.has("model")) {
            object.put("model", place(model));
        }
        for (JsonNode each : object.path("requests")) {
            if (each instanceof ObjectNode request) {
                request.put("model", place(model));
            }
        }
        return Json.write(object);
    }

    /**
     * Writes a request.
     *
     * @throws Failed {@code UNSUPPORTED} with a path, for inputs that are no texts
     */
    static byte[] write(EmbeddingRequest request, Method method) {
        if (method == Method.ONE) {
            return Json.write(one(Json.object(), request, 0));
        }
        ObjectNode body = Json.object();
        ArrayNode requests = body.putArray("requests");
        for (int i = 0; i < request.inputs().size(); i++) {
            one(requests.addObject().put("model", place(request.model())), request, i);
        }
        return Json.write(body);
    }

    private static ObjectNode one(ObjectNode one, EmbeddingRequest request, int index) {
        one.putObject("content")
                .putArray("parts")
                .addObject()
                .put("text", text(request.inputs().get(index), index));
        if (request.purpose() != null) {
            one.put("taskType", "RETRIEVAL_" + request.purpose());
        }
        if (request.dimensions() != null) {
            one.put("outputDimensionality", request.dimensions());
        }
        if (request.extras().dialect().equals(Method.BATCH.dialect())) {
            request.extras().members().forEach(one::set);
        }
        return one;
    }

    /** Writes an answer. */
    public static byte[] write(Embeddings embeddings, Method method) {
        ObjectNode body = Json.object();
        if (method == Method.ONE) {
            values(body.putObject("embedding"), embeddings.vectors().getFirst());
        } else {
            ArrayNode list = body.putArray("embeddings");
            embeddings.vectors().forEach(vector -> values(list.addObject(), vector));
        }
        body.putObject("usageMetadata").put("promptTokenCount", embeddings.usage().inputTokens());
        return Json.write(body);
    }

    private static void values(ObjectNode embedding, Vector vector) {
        ArrayNode values = embedding.putArray("values");
        for (int i = 0; i < vector.size(); i++) {
            values.add(vector.get(i));
        }
    }

    /**
     * Reads an answer of either method.
     *
     * @throws Failed {@code SUPPLIER_FAILED} when it is none
     */
    static Embeddings readAnswer(String model, JsonNode body) {
        var vectors = new ArrayList<Vector>();
        if (body.path("embedding").isObject()) {
            vectors.add(vector(body.path("embedding")));
        }
        for (JsonNode embedding : body.path("embeddings")) {
            vectors.add(vector(embedding));
        }
        if (vectors.isEmpty()) {
            throw failed("has no embedding");
        }
        Usage usage = usage(body);
        return new Embeddings(model, vectors, usage == null ? Usage.NONE : usage, Extras.NONE);
    }

    /** Null when none is told, as by Google's older models. */
    static @Nullable Usage usage(JsonNode body) {
        JsonNode count = body.path("usageMetadata").path("promptTokenCount");
        if (!count.isIntegralNumber() || !count.canConvertToLong() || count.longValue() < 0) {
            return null;
        }
        return new Usage(Map.of(Meter.FRESH_INPUT, count.longValue()), false);
    }

    static Failed failed(String how) {
        return new Failed(Failure.of(Cause.SUPPLIER_FAILED, "The supplier's answer " + how + "."));
    }

    private static Vector vector(JsonNode embedding) {
        JsonNode values = embedding.path("values");
        if (!values.isArray()) {
            throw failed("holds an embedding without values");
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

    private static String text(Input input, int index) {
        return switch (input) {
            case Input.Text text -> text.text();
            case Input.Tokens _ ->
                    throw new Failed(
                            Failure.at(
                                    Cause.UNSUPPORTED,
                                    "Google's models read texts, not tokens.",
                                    "input[" + index + "]"));
        };
    }

    private static String place(String model) {
        return model.startsWith("models/") ? model : "models/" + model;
    }

    private static @Nullable Purpose purpose(String task) {
        return switch (task) {
            case "RETRIEVAL_QUERY" -> Purpose.QUERY;
            case "RETRIEVAL_DOCUMENT" -> Purpose.DOCUMENT;
            default -> null;
        };
    }
}

package entrepot.market.bedrock;

import static java.util.Objects.requireNonNull;

import entrepot.conversation.Failed;
import entrepot.conversation.Failure;
import entrepot.conversation.Failure.Cause;
import entrepot.conversation.Request;
import entrepot.protocols.anthropic.ApiVersion;
import entrepot.protocols.anthropic.messages.MessagesRequests;
import entrepot.protocols.anthropic.versions.ApiVersions;
import entrepot.protocols.bedrock.converse.ConverseDialect;
import entrepot.protocols.bedrock.converse.ConverseRequests;
import entrepot.protocols.bedrock.texts.TextBodies;
import entrepot.protocols.bedrock.texts.TextBody;
import entrepot.protocols.json.Json;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.Map;

/**
 * Bodies of InvokeModel by their makers: Anthropic's are those of the Messages API, with a version
 * in them and without model and stream; Nova's are Converse's, but for a few names; Mistral's later
 * models take chats like OpenAI's; others know texts ({@code protocols.bedrock.texts}). What is
 * none of these can only be passed on.
 */
public final class InvokeBodies {

    private static final String VERSION = "anthropic_version";
    private static final String BEDROCK_VERSION = "bedrock-2023-05-31";
    private static final String FIELDS = "additionalModelRequestFields";

    private InvokeBodies() {}

    /** Whose words a body is in. */
    public enum Words {
        ANTHROPIC,
        NOVA,
        CHAT,
        TEXT,
        OTHER
    }

    /**
     * Reads a caller's body.
     *
     * @throws Failed {@code INVALID_REQUEST} when it is no JSON object
     */
    public static ObjectNode tree(byte[] body) {
        if (Json.read(body, Cause.INVALID_REQUEST) instanceof ObjectNode object) {
            return object;
        }
        throw new Failed(Failure.of(Cause.INVALID_REQUEST, "The body must be a JSON object."));
    }

    /**
     * Whose words a body is in.
     *
     * @param model as asked for, which may tell where the body does not
     */
    public static Words words(ObjectNode body, String model) {
        if (body.has(VERSION)) {
            return Words.ANTHROPIC;
        }
        JsonNode message = body.path("messages").path(0);
        JsonNode first = message.path("content").path(0);
        if (first.isObject() && !first.has("type")) {
            return Words.NOVA;
        }
        if (message.path("role").isString()) {
            return Words.CHAT;
        }
        return TextBodies.of(body, model) == null ? Words.OTHER : Words.TEXT;
    }

    /**
     * Reads a request.
     *
     * @throws Failed {@code UNSUPPORTED} for bodies that can only be passed on
     */
    public static Request read(String model, boolean stream, ObjectNode body) {
        TextBody text = TextBodies.of(body, model);
        return switch (words(body, model)) {
            case ANTHROPIC -> anthropic(model, body.deepCopy()).withStream(stream);
            case NOVA -> ConverseRequests.read(model, stream, converse(body.deepCopy()));
            case CHAT -> MistralChat.read(model, stream, body);
            case TEXT -> requireNonNull(text).read(body, model, stream);
            case OTHER -> throw unknown(body);
        };
    }

    private static Failed unknown(ObjectNode body) {
        boolean prompted = body.has("prompt");
        return new Failed(
                Failure.at(
                        Cause.UNSUPPORTED,
                        (prompted
                                        ? "Whose 'prompt' this is shows neither in its members nor"
                                                + " in the model's name"
                                        : "The body is in the words of none of the makers that are"
                                                + " understood")
                                + ": it goes to Bedrock as it is, and no supplier of this model is"
                                + " Bedrock. Use Converse, or a body of Anthropic's, Nova's,"
                                + " Titan's, Llama's, Mistral's or Cohere's.",
                        prompted ? "prompt" : "body"));
    }

    private static Request anthropic(String model, ObjectNode body) {
        JsonNode said = body.remove(VERSION);
        String version = said == null ? "" : said.asString("");
        ApiVersion known =
                version.startsWith("bedrock-") ? ApiVersions.WIDEST : ApiVersions.of(version);
        return MessagesRequests.read(Json.write(body), model, known);
    }

    /** Nova's body in Converse's names. */
    private static ObjectNode converse(ObjectNode body) {
        body.remove("schemaVersion");
        if (body.get("inferenceConfig") instanceof ObjectNode inference) {
            JsonNode max = inference.remove("max_new_tokens");
            if (max != null) {
                inference.set("maxTokens", max);
            }
            JsonNode topK = inference.remove("topK");
            if (topK != null) {
                ObjectNode fields = body.withObject(FIELDS);
                fields.withObject("inferenceConfig").set("topK", topK);
            }
        }
        return body;
    }

    /** Writes a request for one of Anthropic's models. */
    static byte[] anthropic(Request request) {
        ObjectNode body = MessagesRequests.tree(request);
        body.remove("model");
        body.remove("stream");
        ObjectNode versioned = Json.object().put(VERSION, BEDROCK_VERSION);
        versioned.setAll(body);
        return Json.write(versioned);
    }

    /** Writes a request for one of Nova's models. */
    static byte[] nova(Request request) {
        JsonNode written = Json.read(new ConverseDialect().write(request), Cause.INTERNAL);
        ObjectNode body = (ObjectNode) written;
        if (body.remove(FIELDS) instanceof ObjectNode fields) {
            for (Map.Entry<String, JsonNode> field : fields.properties()) {
                if (field.getValue() instanceof ObjectNode object
                        && body.get(field.getKey()) instanceof ObjectNode there) {
                    there.setAll(object);
                } else {
                    body.set(field.getKey(), field.getValue());
                }
            }
        }
        return Json.write(body);
    }
}

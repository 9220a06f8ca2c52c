package entrepot.protocols.openai.responses;

import static entrepot.protocols.openai.responses.ResponsesRequests.DIALECT;

import entrepot.conversation.Answer;
import entrepot.conversation.Extras;
import entrepot.conversation.Failed;
import entrepot.conversation.Failure;
import entrepot.conversation.Failure.Cause;
import entrepot.conversation.Part;
import entrepot.conversation.StopReason;
import entrepot.conversation.Usage;
import entrepot.protocols.json.Json;
import entrepot.protocols.json.Members;
import entrepot.protocols.json.Residue;
import entrepot.protocols.openai.OpenAiErrors;
import entrepot.protocols.openai.responses.items.ItemReader;
import entrepot.protocols.openai.responses.items.ItemWriter;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.List;

/**
 * Whole answers of Responses (openapi.yaml, Response). How a caller is told one stands in {@link
 * ResponsesVoice}.
 */
public final class ResponsesAnswers {

    private ResponsesAnswers() {}

    /**
     * Reads a supplier's answer.
     *
     * @throws Failed {@code SUPPLIER_FAILED} when it is no such answer, or what the error in it
     *     says
     */
    public static Answer read(byte[] body) {
        if (!(Json.read(body, Cause.SUPPLIER_FAILED) instanceof ObjectNode root)) {
            throw notAnAnswer("it is not an object");
        }
        return read(root);
    }

    /** Reads a response object. */
    public static Answer read(ObjectNode response) {
        Members members = Members.lenient(response);
        JsonNode error = response.path("error");
        boolean failed = response.path("status").asString("").equals("failed");
        ArrayNode output = members.list("output");
        if (failed || (output == null && (error.isObject() || error.isString()))) {
            throw new Failed(failure(response));
        }
        if (output == null) {
            throw notAnAnswer("it has no output");
        }
        List<Part> parts = ItemReader.parts(output);
        StopReason reason = Endings.read(response, parts);
        String id = named(members, "id");
        String model = named(members, "model");
        Usage usage = ResponsesUsage.of(response);
        return new Answer(id, model, parts, reason, usage, new Extras(DIALECT, members.rest()));
    }

    /** The error in a response that failed. */
    static Failure failure(ObjectNode response) {
        JsonNode error = response.path("error");
        return error.isObject() || error.isString()
                ? OpenAiErrors.read(response)
                : Failure.of(
                        Cause.SUPPLIER_FAILED, "The supplier's response failed without a reason.");
    }

    /** The parts of output items, or of stored ones. */
    public static List<Part> parts(ArrayNode output) {
        return ItemReader.parts(output);
    }

    /**
     * Writes an answer for a caller.
     *
     * @param voice knows what was asked, and how the response is called
     */
    public static ObjectNode write(Answer answer, ResponsesVoice voice) {
        return voice.response(answer);
    }

    /** Writes an answer of this dialect as it was read. */
    static ObjectNode asRead(Answer answer) {
        ObjectNode body = Json.object();
        putUnlessEmpty(body, "id", answer.answerId());
        putUnlessEmpty(body, "model", answer.model());
        body.set("output", ItemWriter.asRead().output(answer.parts()));
        return Residue.fill(body, answer.extras(), DIALECT);
    }

    /** An empty name is not written of itself, so that one that came stays in the rest. */
    private static String named(Members members, String name) {
        return members.peek(name).asString("").isEmpty() ? "" : members.requiredText(name);
    }

    private static void putUnlessEmpty(ObjectNode node, String name, String text) {
        if (!text.isEmpty()) {
            node.put(name, text);
        }
    }

    private static Failed notAnAnswer(String why) {
        return new Failed(
                Failure.of(
                        Cause.SUPPLIER_FAILED,
                        "The supplier's answer is not a response: " + why + "."));
    }
}

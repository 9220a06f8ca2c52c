package entrepot.protocols.bedrock.converse;

import entrepot.conversation.Failed;
import entrepot.conversation.Failure.Cause;
import entrepot.conversation.Message;
import entrepot.conversation.OutputFormat;
import entrepot.conversation.Request;
import entrepot.conversation.Sampling;
import entrepot.conversation.Tool;
import entrepot.conversation.ToolChoice;
import entrepot.protocols.bedrock.BedrockModel;
import entrepot.protocols.json.Json;
import entrepot.protocols.json.Members;
import entrepot.protocols.json.Residue;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;

/**
 * Requests of Converse and ConverseStream (bedrock-runtime, ConverseRequest).
 *
 * <p>Writing what was read gives the same JSON. What the canonical record has no word for stays in
 * the extras, and so does the form of what it has a word for.
 */
public final class ConverseRequests {

    /** The name of this dialect, in extras and orders. */
    public static final String DIALECT = "bedrock.converse";

    private ConverseRequests() {}

    /**
     * Reads a caller's request.
     *
     * @param model as the path names it, decoded
     * @param stream whether the path asks for a stream
     * @throws Failed {@code INVALID_REQUEST}, with the path of the member at fault
     */
    public static Request read(String model, boolean stream, byte[] body) {
        return read(model, stream, Json.read(body, Cause.INVALID_REQUEST));
    }

    /** Reads a request that is a tree already, such as that of CountTokens. */
    public static Request read(String model, boolean stream, JsonNode body) {
        Members members = Members.strict(body, "");
        List<Message> messages = ConverseMessages.read(members);
        Members config = kept(members, "toolConfig");
        List<Tool> tools = ConverseTools.read(config);
        ToolChoice choice = ConverseTools.choice(config);
        Members output = kept(members, "outputConfig");
        ConverseThinking.Said said =
                ConverseThinking.read(members, output, BedrockModel.of(model).maker());
        OutputFormat format = ConverseTools.format(output);
        Sampling sampling = sampling(kept(members, "inferenceConfig"), said);
        return new Request(
                model, messages, tools, choice, sampling, format, stream, members.extras(DIALECT));
    }

    /** An object; an empty one stays in the rest, since that it was said is a form. */
    private static @Nullable Members kept(Members members, String name) {
        JsonNode raw = members.peek(name);
        if (raw.isObject() && raw.isEmpty()) {
            return null;
        }
        return members.object(name);
    }

    private static Sampling sampling(@Nullable Members inference, ConverseThinking.Said said) {
        return new Sampling(
                inference == null ? null : inference.integer("maxTokens"),
                inference == null ? null : inference.number("temperature"),
                inference == null ? null : inference.number("topP"),
                said.topK(),
                inference == null ? List.of() : stop(inference),
                null,
                null,
                null,
                null,
                said.effort(),
                said.tokensMax());
    }

    private static List<String> stop(Members inference) {
        ArrayNode list = inference.list("stopSequences");
        var stop = new ArrayList<String>();
        if (list == null) {
            return stop;
        }
        if (list.isEmpty()) {
            inference.keep("stopSequences", list);
        }
        for (int i = 0; i < list.size(); i++) {
            if (!list.get(i).isString()) {
                throw Members.wrongType(
                        inference.path("stopSequences[" + i + "]"), "a string", list.get(i));
            }
            stop.add(list.get(i).stringValue());
        }
        return stop;
    }

    /** Writes a request as it is; {@link ConverseFit} makes it one that its model can take. */
    public static byte[] write(Request request) {
        return Json.write(tree(request));
    }

    static ObjectNode tree(Request request) {
        ObjectNode body = Json.object();
        ConverseMessages.write(request.messages(), body);
        sampling(request.sampling(), body);
        ConverseTools.write(request, body);
        ConverseTools.format(request.format(), request, body);
        ConverseThinking.write(request, body);
        return Residue.fill(body, request.extras(), DIALECT);
    }

    private static void sampling(Sampling sampling, ObjectNode body) {
        ObjectNode inference = Json.object();
        if (sampling.outputTokensMax() != null) {
            inference.put("maxTokens", sampling.outputTokensMax());
        }
        number(inference, "temperature", sampling.temperature());
        number(inference, "topP", sampling.topP());
        if (!sampling.stop().isEmpty()) {
            ArrayNode stop = inference.putArray("stopSequences");
            sampling.stop().forEach(stop::add);
        }
        if (!inference.isEmpty()) {
            body.set("inferenceConfig", inference);
        }
    }

    private static void number(ObjectNode body, String name, @Nullable BigDecimal number) {
        if (number != null) {
            body.put(name, number);
        }
    }
}

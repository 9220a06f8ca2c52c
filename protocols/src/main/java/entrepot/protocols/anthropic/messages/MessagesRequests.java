package entrepot.protocols.anthropic.messages;

import entrepot.conversation.Failed;
import entrepot.conversation.Failure.Cause;
import entrepot.conversation.Message;
import entrepot.conversation.OutputFormat;
import entrepot.conversation.Request;
import entrepot.conversation.Sampling;
import entrepot.conversation.Tool;
import entrepot.conversation.ToolChoice;
import entrepot.protocols.anthropic.ApiVersion;
import entrepot.protocols.json.Json;
import entrepot.protocols.json.Members;
import entrepot.protocols.json.Residue;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.List;

/**
 * Requests of the Messages API (openapi, CreateMessageParams).
 *
 * <p>Writing what was read gives the same JSON. What the canonical record has no word for stays in
 * the extras, and so does the form of what it has a word for. In clouds that name the model in the
 * address the body has none, and {@code anthropic_version} instead: it is an extra like others.
 */
public final class MessagesRequests {

    /** The name of this dialect, in extras and orders. */
    public static final String DIALECT = "anthropic.messages";

    private MessagesRequests() {}

    /**
     * Reads a caller's request.
     *
     * @throws Failed {@code INVALID_REQUEST}, with the path of the member at fault
     */
    public static Request read(byte[] body, ApiVersion version) {
        return read(Json.read(body, Cause.INVALID_REQUEST), null, Purpose.ANSWER, version);
    }

    /** Reads a request whose body does not name the model; the address does. */
    public static Request read(byte[] body, String model, ApiVersion version) {
        return read(Json.read(body, Cause.INVALID_REQUEST), model, Purpose.ANSWER, version);
    }

    /** Reads what is only to be counted: it has no limit of output, and no answer. */
    public static Request readCounted(byte[] body, ApiVersion version) {
        return read(Json.read(body, Cause.INVALID_REQUEST), null, Purpose.COUNT, version);
    }

    private static Request read(
            JsonNode json, @Nullable String named, Purpose purpose, ApiVersion version) {
        Members body = Members.strict(json, "");
        refuseRemoved(body, version);
        String model = named == null ? model(body) : named;
        List<Message> messages = MessagesTurns.read(body);
        List<Tool> tools = MessagesTools.read(body);
        ToolChoice choice = MessagesTools.choice(body);
        Boolean parallel = MessagesTools.parallel(body, !tools.isEmpty());
        OutputFormat format = MessagesFormats.read(body);
        Sampling sampling = MessagesSampling.read(body, purpose == Purpose.COUNT, parallel);
        boolean stream = Boolean.TRUE.equals(stream(body));
        version.check(json);
        return new Request(
                model, messages, tools, choice, sampling, format, stream, body.extras(DIALECT));
    }

    private static void refuseRemoved(Members body, ApiVersion version) {
        for (String name : version.removed()) {
            if (!body.peek(name).isMissingNode()) {
                throw body.wrong(name, removed(version));
            }
        }
    }

    /** Why a member is refused in a version that has it no more. */
    static String removed(ApiVersion version) {
        return "anthropic-version %s has no such parameter; leave it out."
                .formatted(version.name());
    }

    private static String model(Members body) {
        String model = body.requiredText("model");
        if (model.isEmpty()) {
            throw body.wrong("model", "the name of a model is empty.");
        }
        return model;
    }

    private static @Nullable Boolean stream(Members body) {
        Boolean stream = body.flag("stream");
        if (Boolean.FALSE.equals(stream)) {
            body.keep("stream", Json.object().booleanNode(false));
        }
        return stream;
    }

    /**
     * Writes a request for a supplier; see {@link MessagesLosses} for what cannot be written.
     *
     * @throws Failed {@code INVALID_REQUEST} when it cannot be written at all
     */
    public static byte[] write(Request request) {
        return Json.write(tree(request));
    }

    /** The same as a tree, for clouds that name the model and the stream in the address. */
    public static ObjectNode tree(Request request) {
        ObjectNode body = Json.object().put("model", request.model());
        MessagesSampling.write(request, body);
        MessagesTurns.write(request.messages(), body);
        MessagesTools.write(request, body);
        MessagesFormats.write(request, body);
        if (request.stream()) {
            body.put("stream", true);
        }
        return Residue.fill(body, request.extras(), DIALECT);
    }

    /** A request for the count of its tokens: nothing in it that only an answer needs. */
    public static byte[] writeCounted(Request request) {
        ObjectNode body = tree(request);
        body.remove(
                List.of(
                        "max_tokens",
                        "stream",
                        "temperature",
                        "top_p",
                        "top_k",
                        "stop_sequences",
                        "metadata",
                        "service_tier"));
        return Json.write(body);
    }

    private enum Purpose {
        ANSWER,
        COUNT
    }
}

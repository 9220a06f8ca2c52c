package entrepot.protocols.openai.responses;

import entrepot.conversation.Extras;
import entrepot.conversation.Failed;
import entrepot.conversation.Failure.Cause;
import entrepot.conversation.Message;
import entrepot.conversation.Message.Role;
import entrepot.conversation.OutputFormat;
import entrepot.conversation.Part;
import entrepot.conversation.Request;
import entrepot.conversation.Sampling;
import entrepot.conversation.Tool;
import entrepot.conversation.ToolChoice;
import entrepot.protocols.json.Json;
import entrepot.protocols.json.Members;
import entrepot.protocols.json.Residue;
import entrepot.protocols.openai.responses.items.Form;
import entrepot.protocols.openai.responses.items.Formats;
import entrepot.protocols.openai.responses.items.ItemReader;
import entrepot.protocols.openai.responses.items.ItemWriter;
import entrepot.protocols.openai.responses.items.ToolChoices;
import entrepot.protocols.openai.responses.items.ToolReader;
import entrepot.protocols.openai.responses.items.ToolWriter;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Requests of Responses (openapi.yaml, CreateResponse).
 *
 * <p>Writing what was read gives the same JSON. What the canonical record has no word for stays in
 * the extras, and so does the form of what it has a word for; {@link Form} lists the forms.
 */
public final class ResponsesRequests {

    /** The name of this dialect, in extras and orders. */
    public static final String DIALECT = Form.DIALECT;

    /** What a budget of reasoning tokens comes to, where only effort can be said. */
    static final int LOW_EFFORT_TOKENS_MAX = 4096;

    static final int MEDIUM_EFFORT_TOKENS_MAX = 16_384;

    private static final String LOGPROBS = "message.output_text.logprobs";

    /** Members that make a request mean something without an {@code input}. */
    private static final List<String> INSTEAD_OF_INPUT =
            List.of("prompt", "previous_response_id", "conversation");

    private ResponsesRequests() {}

    /**
     * Reads a caller's request.
     *
     * @throws Failed {@code INVALID_REQUEST}, with the path of the member at fault
     */
    public static Request read(byte[] body) {
        return read(Json.read(body, Cause.INVALID_REQUEST));
    }

    /**
     * Reads a request whose {@code input} holds all that the model shall see.
     *
     * @throws Failed as {@link #read(byte[])}
     */
    public static Request read(JsonNode body) {
        Members members = Members.strict(body, "");
        if (members.peek("type").asString("").equals("response.create")) {
            // The envelope of the WebSocket form.
            members.take("type");
        }
        String model = members.requiredText("model");
        if (model.isEmpty()) {
            throw members.wrong("model", "the name of a model is empty.");
        }
        var messages = new ArrayList<Message>();
        Message instructions = instructions(members);
        if (instructions != null) {
            messages.add(instructions);
        }
        messages.addAll(input(members));
        List<Tool> tools = ToolReader.read(members);
        ToolChoice choice = ToolChoices.read(members, tools);
        OutputFormat format = Formats.read(members);
        Sampling sampling = sampling(members);
        boolean stream = stream(members);
        return new Request(
                model, messages, tools, choice, sampling, format, stream, members.extras(DIALECT));
    }

    /** Writes a request for a supplier; see {@link ResponsesLosses} for what cannot be written. */
    public static byte[] write(Request request) {
        return Json.write(tree(request));
    }

    static ObjectNode tree(Request request) {
        ObjectNode body = Json.object().put("model", request.model());
        input(request, body);
        ToolWriter.write(request, body);
        JsonNode choice = ToolChoices.write(request.toolChoice(), request.tools());
        if (choice != null) {
            body.set("tool_choice", choice);
        }
        Formats.write(request, body);
        sampling(request, body);
        if (request.stream()) {
            body.put("stream", true);
        }
        Residue.fill(body, request.extras(), DIALECT);
        body.remove(Form.FORM);
        body.remove(Form.HOSTED_TOOLS);
        return body;
    }

    private static @Nullable Message instructions(Members members) {
        String text = members.text("instructions");
        return text == null
                ? null
                : new Message(
                        Role.SYSTEM,
                        List.of(new Part.Text(text, Extras.NONE)),
                        null,
                        Form.extras(Map.of(), Form.INSTRUCTIONS));
    }

    private static List<Message> input(Members members) {
        JsonNode input = members.peek("input");
        if (input.isString()) {
            members.take("input");
            return List.of(
                    new Message(
                            Role.USER,
                            List.of(new Part.Text(input.stringValue(), Extras.NONE)),
                            null,
                            Form.extras(Map.of(), Form.INPUT)));
        }
        if (input instanceof ArrayNode list) {
            if (!list.isEmpty() || isInputNeeded(members)) {
                members.take("input");
            }
            return ItemReader.messages(list);
        }
        if (!input.isMissingNode() && !input.isNull()) {
            throw Members.wrongType("input", "a string or an array of items", input);
        }
        if (isInputNeeded(members)) {
            throw members.missing("input");
        }
        return List.of();
    }

    private static boolean isInputNeeded(Members members) {
        return INSTEAD_OF_INPUT.stream().allMatch(name -> members.peek(name).isMissingNode());
    }

    private static void input(Request request, ObjectNode body) {
        var rest = new ArrayList<Message>(request.messages());
        if (!rest.isEmpty() && Form.has(rest.getFirst().extras(), Form.INSTRUCTIONS)) {
            body.put("instructions", rest.removeFirst().text());
        }
        if (rest.size() == 1 && Form.has(rest.getFirst().extras(), Form.INPUT)) {
            body.put("input", rest.getFirst().text());
            return;
        }
        boolean absent =
                rest.isEmpty()
                        && INSTEAD_OF_INPUT.stream()
                                .anyMatch(name ->
                                        Residue.of(request.extras(), DIALECT, name) != null);
        if (!absent) {
            body.set("input", ItemWriter.forSupplier().messages(rest));
        }
    }

    private static boolean stream(Members members) {
        Boolean stream = members.flag("stream");
        if (Boolean.FALSE.equals(stream)) {
            members.keep("stream", Json.object().booleanNode(false));
        }
        return Boolean.TRUE.equals(stream);
    }

    private static Sampling sampling(Members members) {
        return new Sampling(
                members.integer("max_output_tokens"),
                members.number("temperature"),
                members.number("top_p"),
                null,
                List.of(),
                null,
                null,
                null,
                members.flag("parallel_tool_calls"),
                effort(members),
                null,
                topLogprobs(members));
    }

    /** The members stay among the extras, as the form. */
    private static @Nullable Integer topLogprobs(Members members) {
        int top = members.peek("top_logprobs").asInt(0);
        boolean asked = members.peek("include").valueStream().anyMatch(each -> isLogprobs(each));
        return asked || top > 0 ? (Integer) Math.max(0, top) : null;
    }

    private static boolean isLogprobs(JsonNode include) {
        return include.asString("").equals(LOGPROBS);
    }

    private static void logprobs(Request request, ObjectNode body) {
        Integer top = request.sampling().topLogprobs();
        if (top == null || Residue.of(request.extras(), DIALECT, "top_logprobs") != null) {
            return;
        }
        JsonNode include = Residue.of(request.extras(), DIALECT, "include");
        if (include == null) {
            body.putArray("include").add(LOGPROBS);
        }
        if (top > 0) {
            body.put("top_logprobs", top);
        }
    }

    private static @Nullable String effort(Members members) {
        JsonNode raw = members.peek("reasoning");
        Members reasoning = members.object("reasoning");
        if (reasoning == null) {
            return null;
        }
        if (raw.isEmpty()) {
            members.keep("reasoning", raw);
        }
        return reasoning.text("effort");
    }

    private static void sampling(Request request, ObjectNode body) {
        Sampling sampling = request.sampling();
        if (sampling.outputTokensMax() != null) {
            body.put("max_output_tokens", sampling.outputTokensMax());
        }
        number(body, "temperature", sampling.temperature());
        number(body, "top_p", sampling.topP());
        if (sampling.parallelToolCalls() != null) {
            body.put("parallel_tool_calls", sampling.parallelToolCalls());
        }
        String effort = effort(sampling);
        if (effort != null) {
            body.putObject("reasoning").put("effort", effort);
        }
        logprobs(request, body);
    }

    private static @Nullable String effort(Sampling sampling) {
        Integer tokens = sampling.reasoningTokensMax();
        if (sampling.reasoningEffort() != null || tokens == null) {
            return sampling.reasoningEffort();
        }
        if (tokens <= LOW_EFFORT_TOKENS_MAX) {
            return "low";
        }
        return tokens <= MEDIUM_EFFORT_TOKENS_MAX ? "medium" : "high";
    }

    private static void number(ObjectNode body, String name, @Nullable BigDecimal number) {
        if (number != null) {
            body.put(name, number);
        }
    }
}

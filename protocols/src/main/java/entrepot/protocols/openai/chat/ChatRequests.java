package entrepot.protocols.openai.chat;

import entrepot.conversation.Failed;
import entrepot.conversation.Failure.Cause;
import entrepot.conversation.Message;
import entrepot.conversation.OutputFormat;
import entrepot.conversation.Request;
import entrepot.conversation.Sampling;
import entrepot.conversation.Tool;
import entrepot.conversation.ToolChoice;
import entrepot.protocols.json.Json;
import entrepot.protocols.json.Members;
import entrepot.protocols.json.Residue;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;

/**
 * Requests of Chat Completions (openapi.yaml, CreateChatCompletionRequest).
 *
 * <p>Writing what was read gives the same JSON. What the canonical record has no word for stays in
 * the extras, and so does the form of what it has a word for: that a default was said, that a
 * member was null, that the older of two names was used.
 */
public final class ChatRequests {

    /** The name of this dialect, in extras and orders. */
    public static final String DIALECT = "openai.chat";

    private ChatRequests() {}

    /**
     * Reads a caller's request.
     *
     * @throws Failed {@code INVALID_REQUEST}, with the path of the member at fault
     */
    public static Request read(byte[] body) {
        Members members = Members.strict(Json.read(body, Cause.INVALID_REQUEST), "");
        String model = members.requiredText("model");
        if (model.isEmpty()) {
            throw members.wrong("model", "the name of a model is empty.");
        }
        List<Message> messages = ChatMessages.read(members);
        List<Tool> tools = ChatTools.read(members);
        ToolChoice choice = ChatTools.choice(members, tools);
        OutputFormat format = ChatTools.format(members);
        Sampling sampling = sampling(members, ChatTools.areFunctions(members));
        boolean stream = Boolean.TRUE.equals(stream(members));
        return new Request(
                model, messages, tools, choice, sampling, format, stream, members.extras(DIALECT));
    }

    /** Writes a request for a supplier; see {@link ChatLosses} for what cannot be written. */
    public static byte[] write(Request request) {
        ObjectNode body = Json.object().put("model", request.model());
        ChatMessages.write(request.messages(), body.putArray("messages"));
        ChatTools.write(request, body);
        ChatTools.choice(request, body);
        set(body, "response_format", ChatTools.format(request.format()));
        sampling(request, body);
        if (request.stream()) {
            body.put("stream", true);
        }
        return Json.write(Residue.fill(body, request.extras(), DIALECT));
    }

    private static @Nullable Boolean stream(Members members) {
        Boolean stream = members.flag("stream");
        if (Boolean.FALSE.equals(stream)) {
            members.keep("stream", Json.object().booleanNode(false));
        }
        return stream;
    }

    private static Sampling sampling(Members members, boolean functions) {
        return new Sampling(
                outputTokensMax(members),
                members.number("temperature"),
                members.number("top_p"),
                topK(members),
                stop(members),
                seed(members),
                members.number("frequency_penalty"),
                members.number("presence_penalty"),
                functions ? (Boolean) false : members.flag("parallel_tool_calls"),
                effort(members),
                budget(members),
                topLogprobs(members));
    }

    /** The newer name wins where both are used; where only the older one is, it stays a form. */
    private static @Nullable Integer outputTokensMax(Members members) {
        Integer newer = members.integer("max_completion_tokens");
        JsonNode form = members.peek("max_tokens");
        Integer older = members.integer("max_tokens");
        if (older != null) {
            members.keep("max_tokens", form);
        }
        if (newer != null && older != null) {
            members.keep("max_completion_tokens", Json.object().numberNode(newer));
        }
        return newer == null ? older : newer;
    }

    /** OpenAI has no such member, some compatible servers do: it stays among the extras. */
    private static @Nullable Integer topK(Members members) {
        JsonNode node = members.peek("top_k");
        return node.canConvertToInt() ? node.intValue() : null;
    }

    /** Mistral's name for it stays a form where only it is used. */
    private static @Nullable Long seed(Members members) {
        Long seed = members.longInteger("seed");
        JsonNode other = members.peek("random_seed");
        if (!other.canConvertToLong()) {
            return seed;
        }
        if (seed != null) {
            members.keep("seed", Json.object().numberNode(seed));
        }
        return seed == null ? (Long) other.longValue() : seed;
    }

    /** OpenRouter says it within an object, which stays a form where only it is used. */
    private static @Nullable String effort(Members members) {
        String effort = members.text("reasoning_effort");
        JsonNode other = members.peek("reasoning").path("effort");
        if (!other.isString()) {
            return effort;
        }
        if (effort != null) {
            members.keep("reasoning_effort", StringNode.valueOf(effort));
        }
        return effort == null ? other.stringValue() : effort;
    }

    private static @Nullable Integer topLogprobs(Members members) {
        if (!members.peek("logprobs").booleanValue(false)) {
            return null;
        }
        members.take("logprobs");
        Integer top = members.integer("top_logprobs");
        if (top != null && top == 0) {
            members.keep("top_logprobs", Json.object().numberNode(0));
        }
        return top == null ? (Integer) 0 : top;
    }

    private static @Nullable Integer budget(Members members) {
        JsonNode budget = members.peek("reasoning").path("max_tokens");
        return budget.canConvertToInt() ? (Integer) budget.intValue() : null;
    }

    private static List<String> stop(Members members) {
        JsonNode node = members.peek("stop");
        if (node.isString()) {
            // Stays among the extras as the form: one text, not a list.
            return List.of(node.stringValue());
        }
        ArrayNode list = members.list("stop");
        if (list == null) {
            return List.of();
        }
        if (list.isEmpty()) {
            members.keep("stop", list);
        }
        var stop = new ArrayList<String>();
        for (int i = 0; i < list.size(); i++) {
            if (!list.get(i).isString()) {
                throw Members.wrongType("stop[" + i + "]", "a string", list.get(i));
            }
            stop.add(list.get(i).stringValue());
        }
        return stop;
    }

    private static void sampling(Request request, ObjectNode body) {
        Sampling sampling = request.sampling();
        if (sampling.outputTokensMax() != null) {
            JsonNode form = Residue.of(request.extras(), DIALECT, "max_tokens");
            boolean older =
                    form != null
                            && form.isNumber()
                            && Residue.of(request.extras(), DIALECT, "max_completion_tokens")
                                    == null;
            body.put(older ? "max_tokens" : "max_completion_tokens", sampling.outputTokensMax());
        }
        number(body, "temperature", sampling.temperature());
        number(body, "top_p", sampling.topP());
        if (!sampling.stop().isEmpty()) {
            JsonNode form = Residue.of(request.extras(), DIALECT, "stop");
            if (form != null && form.isString() && sampling.stop().size() == 1) {
                body.put("stop", sampling.stop().getFirst());
            } else {
                ArrayNode stop = body.putArray("stop");
                sampling.stop().forEach(stop::add);
            }
        }
        number(body, "frequency_penalty", sampling.frequencyPenalty());
        number(body, "presence_penalty", sampling.presencePenalty());
        if (sampling.seed() != null
                && Residue.of(request.extras(), DIALECT, "random_seed") == null) {
            body.put("seed", sampling.seed());
        }
        // Functions of the older form are called one at a time, without a word.
        if (sampling.parallelToolCalls() != null && !ChatTools.areFunctions(request.extras())) {
            body.put("parallel_tool_calls", sampling.parallelToolCalls());
        }
        if (sampling.topLogprobs() != null) {
            body.put("logprobs", true);
            if (sampling.topLogprobs() > 0) {
                body.put("top_logprobs", sampling.topLogprobs());
            }
        }
        if (sampling.reasoningEffort() != null && !form(request, "effort")) {
            body.put("reasoning_effort", sampling.reasoningEffort());
        }
    }

    /** Whether a request has OpenRouter's form of it. */
    static boolean form(Request request, String member) {
        JsonNode reasoning = Residue.of(request.extras(), DIALECT, "reasoning");
        return reasoning != null && reasoning.has(member);
    }

    private static void number(ObjectNode body, String name, @Nullable BigDecimal number) {
        if (number != null) {
            body.put(name, number);
        }
    }

    private static void set(ObjectNode body, String name, @Nullable JsonNode node) {
        if (node != null) {
            body.set(name, node);
        }
    }
}

package entrepot.protocols.openai.chat;

import static entrepot.protocols.openai.chat.ChatRequests.DIALECT;

import entrepot.conversation.Answer;
import entrepot.conversation.Extras;
import entrepot.conversation.Failed;
import entrepot.conversation.Failure;
import entrepot.conversation.Failure.Cause;
import entrepot.conversation.Logprob;
import entrepot.conversation.Part;
import entrepot.conversation.StopReason;
import entrepot.conversation.Usage;
import entrepot.protocols.json.Json;
import entrepot.protocols.json.Members;
import entrepot.protocols.json.Residue;
import entrepot.protocols.openai.OpenAiErrors;
import entrepot.protocols.openai.OpenAiLogprobs;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Whole answers of Chat Completions (openapi.yaml, CreateChatCompletionResponse).
 *
 * <p>Writing what was read gives the same JSON. The parts are those of the first choice; what else
 * a choice holds, and the other choices whole, stay in the extras under {@code choices}.
 */
public final class ChatAnswers {

    private ChatAnswers() {}

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
        Members members = Members.lenient(root);
        ArrayNode choices = members.list("choices");
        if (choices == null && root.path("error").isContainer()) {
            throw new Failed(OpenAiErrors.read(root));
        }
        if (choices == null || choices.isEmpty() || !(choices.get(0) instanceof ObjectNode first)) {
            throw notAnAnswer("it has no choices");
        }
        Members choice = Members.lenient(first);
        Members message = choice.object("message");
        List<Part> parts =
                Logprob.told(
                        message == null ? List.of() : parts(message),
                        OpenAiLogprobs.read(choice.peek("logprobs").path("content")));
        StopReason reason = reason(choice, parts);
        takeIf(choice, "index", "0");
        keep(choice, choices, members);
        String id = idOf(members, "id");
        parts = named(parts, id);
        String model = idOf(members, "model");
        takeIf(members, "object", "chat.completion");
        Usage usage = ChatUsage.read(members.peek("usage"), members.peek("service_tier"));
        return new Answer(id, model, parts, reason, usage, new Extras(DIALECT, members.rest()));
    }

    /** An empty name is not written of itself, so that one that came stays in the rest. */
    private static String idOf(Members members, String name) {
        return members.peek(name).asString("").isEmpty() ? "" : members.requiredText(name);
    }

    /** Results must name their call: one without an id gets one, as in a stream. */
    private static List<Part> named(List<Part> parts, String answerId) {
        var named = new ArrayList<Part>(parts.size());
        int calls = 0;
        for (Part part : parts) {
            if (part instanceof Part.ToolCall call) {
                String id = call.callId();
                named.add(
                        id.isEmpty()
                                ? new Part.ToolCall(
                                        "call_" + answerId + "_" + calls,
                                        call.name(),
                                        call.arguments(),
                                        call.extras())
                                : call);
                calls++;
            } else {
                named.add(part);
            }
        }
        return named;
    }

    private static List<Part> parts(Members message) {
        takeIf(message, "role", "assistant");
        return ChatMessages.assistant(message);
    }

    private static void keep(Members choice, ArrayNode choices, Members members) {
        ObjectNode rest = Json.object();
        rest.setAll(choice.rest());
        if (!rest.isEmpty() || choices.size() > 1) {
            ArrayNode kept = Json.object().arrayNode().add(rest);
            choices.valueStream().skip(1).forEach(kept::add);
            members.keep("choices", kept);
        }
    }

    private static void takeIf(Members members, String name, String value) {
        if (members.peek(name).asString("").equals(value)) {
            members.take(name);
        }
    }

    /** Some servers stop to have tools called without saying so; their word stays in the rest. */
    private static StopReason reason(Members choice, List<Part> parts) {
        StopReason reason = reason(choice.peek("finish_reason").asString(""));
        if (reason.equals(StopReason.END)
                && parts.stream().anyMatch(Part.ToolCall.class::isInstance)) {
            return StopReason.TOOL_CALLS;
        }
        String told = choice.peek("finish_reason").asString("");
        if (!told.isEmpty() && word(reason).equals(told)) {
            choice.take("finish_reason");
        }
        return reason;
    }

    /** The reason by its word in chat; the empty word when the supplier did not say. */
    static StopReason reason(String word) {
        return switch (word) {
            case "stop" -> StopReason.END;
            case "length" -> StopReason.LENGTH;
            case "tool_calls", ChatForms.FUNCTION_CALL -> StopReason.TOOL_CALLS;
            case "content_filter" -> StopReason.FILTER;
            default -> new StopReason.Unknown(DIALECT, word);
        };
    }

    static String word(StopReason reason) {
        return switch (reason) {
            case StopReason.Known(StopReason.Kind kind) ->
                    switch (kind) {
                        // Chat has one word for these three; a refusal has its own member.
                        case END, STOP_SEQUENCE, REFUSAL -> "stop";
                        case TOOL_CALLS -> "tool_calls";
                        case LENGTH -> "length";
                        case FILTER -> "content_filter";
                    };
            case StopReason.Unknown(String _, String word) -> word;
        };
    }

    /**
     * Writes an answer for a caller.
     *
     * @param createdSeconds Unix time, unless the supplier's own is among the extras
     */
    public static byte[] write(Answer answer, long createdSeconds) {
        boolean ours = answer.extras().dialect().equals(DIALECT);
        ObjectNode body = Json.object();
        putUnlessEmpty(body, "id", answer.answerId());
        if (Residue.of(answer.extras(), DIALECT, "object") == null) {
            body.put("object", "chat.completion");
        }
        if (!ours) {
            body.put("created", createdSeconds);
        }
        putUnlessEmpty(body, "model", answer.model());
        JsonNode kept = Residue.of(answer.extras(), DIALECT, "choices");
        ArrayNode choices = body.putArray("choices").add(choice(answer, kept, ours));
        if (kept != null) {
            kept.valueStream().skip(1).forEach(choices::add);
        }
        JsonNode usage = Residue.of(answer.extras(), DIALECT, "usage");
        if (usage != null && ChatUsage.read(usage).counts(answer.usage())) {
            body.set("usage", usage);
        } else if (!answer.usage().equals(Usage.NONE)) {
            body.set("usage", ChatUsage.write(answer.usage()));
        }
        return Json.write(Residue.fill(body, answer.extras(), DIALECT));
    }

    private static ObjectNode choice(Answer answer, @Nullable JsonNode kept, boolean ours) {
        Extras rest = extras(kept == null ? null : kept.get(0));
        Extras form = extras(rest.members().get("message"));
        ObjectNode choice = Json.object();
        if (!rest.members().containsKey("index")) {
            choice.put("index", 0);
        }
        ObjectNode message = choice.putObject("message");
        if (!form.members().containsKey("role")) {
            message.put("role", "assistant");
        }
        ChatMessages.assistant(answer.parts(), form, message);
        if (!rest.members().containsKey("finish_reason")) {
            boolean older = message.has(ChatForms.FUNCTION_CALL);
            boolean called = answer.stopReason().equals(StopReason.TOOL_CALLS);
            putUnlessEmpty(
                    choice,
                    "finish_reason",
                    older && called ? ChatForms.FUNCTION_CALL : word(answer.stopReason()));
        }
        Residue.fill(choice, rest, DIALECT);
        if (!ours) {
            List<Logprob> logprobs = Logprob.of(answer.parts());
            if (!logprobs.isEmpty()) {
                choice.set("logprobs", logprobs(logprobs));
            }
            // The schema requires these; an answer that came in chat keeps its own form.
            complete(choice, "logprobs");
            complete((ObjectNode) choice.path("message"), "content");
            complete((ObjectNode) choice.path("message"), "refusal");
        }
        return choice;
    }

    static ObjectNode logprobs(List<Logprob> logprobs) {
        ObjectNode node = Json.object();
        node.set("content", OpenAiLogprobs.write(logprobs));
        return node.putNull("refusal");
    }

    private static void complete(ObjectNode node, String name) {
        if (!node.has(name)) {
            node.putNull(name);
        }
    }

    private static Extras extras(@Nullable JsonNode node) {
        if (!(node instanceof ObjectNode object)) {
            return Extras.NONE;
        }
        var members = new java.util.LinkedHashMap<String, JsonNode>();
        for (Map.Entry<String, JsonNode> member : object.properties()) {
            members.put(member.getKey(), member.getValue());
        }
        return new Extras(DIALECT, members);
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
                        "The supplier's answer is not a chat completion: " + why + "."));
    }
}

package entrepot.market.bedrock;

import entrepot.conversation.Answer;
import entrepot.conversation.Extras;
import entrepot.conversation.Failure.Cause;
import entrepot.conversation.Loss;
import entrepot.conversation.Loss.Weight;
import entrepot.conversation.Message;
import entrepot.conversation.Message.Role;
import entrepot.conversation.OutputFormat;
import entrepot.conversation.Request;
import entrepot.conversation.Sampling;
import entrepot.conversation.ToolChoice;
import entrepot.protocols.bedrock.invoke.InvokeChunks;
import entrepot.protocols.bedrock.invoke.InvokeUsage;
import entrepot.protocols.json.Json;
import entrepot.protocols.openai.chat.ChatDialect;
import entrepot.protocols.openai.chat.ChatRequests;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.List;

/**
 * Mistral's chat completion on Bedrock (User Guide, "Mistral AI chat completion"): Chat Completions
 * with fewer members, {@code any} for some tool, and {@code stop_reason} beside each choice.
 */
final class MistralChat {

    private static final String MODEL = "model";
    private static final String MAX = "max_tokens";
    private static final String CHOICE = "tool_choice";

    /** What the model's body has. */
    private static final List<String> MEMBERS =
            List.of("messages", "tools", CHOICE, MAX, "top_p", "temperature", "stop");

    private static final ChatDialect CHAT = new ChatDialect();

    private MistralChat() {}

    /**
     * Reads a caller's request.
     *
     * @throws entrepot.conversation.Failed {@code INVALID_REQUEST} with the path
     */
    static Request read(String model, boolean stream, ObjectNode body) {
        ObjectNode chat = body.deepCopy();
        chat.put(MODEL, model);
        if (chat.path(CHOICE).asString("").equals("any")) {
            chat.put(CHOICE, "required");
        }
        return ChatRequests.read(Json.write(chat)).withStream(stream);
    }

    static List<Loss> losses(Request request) {
        var losses = new ArrayList<>(CHAT.losses(request));
        Sampling sampling = request.sampling();
        hint(sampling.seed(), "sampling.seed", losses);
        hint(sampling.frequencyPenalty(), "sampling.frequencyPenalty", losses);
        hint(sampling.presencePenalty(), "sampling.presencePenalty", losses);
        hint(sampling.parallelToolCalls(), "sampling.parallelToolCalls", losses);
        hint(sampling.reasoningEffort(), "sampling.reasoningEffort", losses);
        if (sampling.topLogprobs() != null) {
            losses.add(
                    new Loss("sampling.topLogprobs", "Mistral's body tells no log probabilities"));
        }
        if (!(request.format() instanceof OutputFormat.Text)) {
            losses.add(new Loss("format", "Mistral's body has no word for the answer's shape"));
        }
        if (request.toolChoice() instanceof ToolChoice.Named) {
            losses.add(new Loss("toolChoice", "Mistral may be told to use some tool, not which"));
        }
        if (request.messages().stream().anyMatch(each -> each.role() == Role.DEVELOPER)) {
            losses.add(
                    new Loss(
                            "messages",
                            "Mistral has one role for system and developer",
                            Weight.HINT));
        }
        if (!request.extras().isEmpty() && request.extras().dialect().equals(CHAT.name())) {
            request.extras().members().keySet().stream()
                    .filter(name -> !MEMBERS.contains(name) && !name.startsWith("~"))
                    .filter(name -> !SPELLINGS.contains(name))
                    .forEach(name ->
                            losses.add(new Loss(name, "Mistral's body has no such member")));
        }
        return losses;
    }

    /** Members that only tell how something was written. */
    private static final List<String> SPELLINGS =
            List.of("stream_options", "max_completion_tokens", "response_format", "n", "user");

    private static void hint(@Nullable Object said, String path, List<Loss> losses) {
        if (said != null) {
            losses.add(new Loss(path, "Mistral's body has no place for it", Weight.HINT));
        }
    }

    static byte[] write(Request request) {
        List<Message> messages =
                request.messages().stream()
                        .map(each ->
                                each.role() == Role.DEVELOPER
                                        ? new Message(
                                                Role.SYSTEM, each.parts(), null, each.extras())
                                        : each)
                        .toList();
        var plain =
                new Request(
                        request.model(),
                        messages,
                        request.tools(),
                        request.toolChoice() instanceof ToolChoice.Named
                                ? new ToolChoice.Required()
                                : request.toolChoice(),
                        request.sampling(),
                        OutputFormat.TEXT,
                        false,
                        Extras.NONE);
        ObjectNode body = (ObjectNode) Json.read(CHAT.write(plain), Cause.INTERNAL);
        JsonNode max = body.remove("max_completion_tokens");
        if (max != null) {
            body.set(MAX, max);
        }
        if (body.path(CHOICE).asString("").equals("required")) {
            body.put(CHOICE, "any");
        }
        body.path("tools")
                .forEach(tool -> {
                    if (tool.path("function") instanceof ObjectNode function) {
                        function.remove("strict");
                    }
                });
        return Json.write(body.retain(MEMBERS));
    }

    static Answer read(ObjectNode answer) {
        return CHAT.read(Json.write(chat(answer)));
    }

    /** An answer or a chunk as Chat Completions has it. */
    static ObjectNode chat(ObjectNode answer) {
        JsonNode metrics = answer.path(InvokeChunks.METRICS);
        if (metrics.isObject() && !answer.path("usage").isObject()) {
            var usage = InvokeUsage.ofMetrics(metrics);
            answer.putObject("usage")
                    .put("prompt_tokens", usage.inputTokens())
                    .put("completion_tokens", usage.outputTokens())
                    .put("total_tokens", usage.totalTokens());
        }
        answer.remove(InvokeChunks.METRICS);
        for (JsonNode each : answer.path("choices")) {
            if (each instanceof ObjectNode choice) {
                JsonNode reason = choice.remove("stop_reason");
                if (reason != null && !choice.path("finish_reason").isString()) {
                    choice.set("finish_reason", reason);
                }
            }
        }
        return answer;
    }

    /** A chunk as Chat Completions has it: what is new stands in {@code delta}. */
    static ObjectNode chunk(ObjectNode event) {
        ObjectNode chunk = chat(event);
        for (JsonNode each : chunk.path("choices")) {
            if (each instanceof ObjectNode choice) {
                JsonNode message = choice.remove("message");
                if (message != null && !choice.has("delta")) {
                    choice.set("delta", message);
                }
            }
        }
        return chunk;
    }
}

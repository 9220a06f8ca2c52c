package entrepot.protocols.openai.responses;

import static entrepot.protocols.openai.responses.ResponsesRequests.DIALECT;

import entrepot.conversation.Answer;
import entrepot.conversation.Usage;
import entrepot.protocols.Voice;
import entrepot.protocols.json.Json;
import entrepot.protocols.openai.responses.items.ItemIds;
import entrepot.protocols.openai.responses.items.ItemWriter;
import entrepot.protocols.openai.responses.items.ToolNames;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.List;
import java.util.Set;

/**
 * Answers a caller of Responses.
 *
 * @param asked the request's body: the response repeats its settings, and its tools tell what a
 *     call was
 * @param responseId how the caller will name this response, whatever the supplier calls it
 * @param createdSeconds Unix time that the response carries
 * @param ids for items that the supplier did not name
 */
public record ResponsesVoice(JsonNode asked, String responseId, long createdSeconds, ItemIds ids)
        implements Voice {

    /** What the caller knows better than the supplier: its own names and settings. */
    private static final Set<String> CALLERS =
            Set.of(
                    "id",
                    "object",
                    "created_at",
                    "background",
                    "conversation",
                    "instructions",
                    "metadata",
                    "previous_response_id",
                    "prompt",
                    "store",
                    "tools",
                    "user");

    @Override
    public byte[] whole(Answer answer) {
        return Json.write(response(answer));
    }

    /** The response object of a whole answer. */
    public ObjectNode response(Answer answer) {
        ArrayNode output = ItemWriter.forCaller(names(), ids).output(answer.parts());
        ObjectNode response = skeleton(answer.model());
        if (answer.extras().dialect().equals(DIALECT)) {
            answer.extras()
                    .members()
                    .forEach((name, value) -> {
                        if (!CALLERS.contains(name)) {
                            response.set(name, value);
                        }
                    });
        }
        Endings.write(answer.stopReason(), response);
        response.set("output", output);
        usage(answer.usage(), response);
        return response;
    }

    static void usage(Usage usage, ObjectNode response) {
        boolean kept = ResponsesUsage.read(response.path("usage")).counts(usage);
        if (!usage.equals(Usage.NONE) && !kept) {
            response.set("usage", ResponsesUsage.write(usage));
        }
        if (response.path("usage").path("input_tokens_details") instanceof ObjectNode details) {
            details.putIfAbsent("cache_write_tokens", details.numberNode(0));
        }
    }

    @Override
    public ResponsesStreamWriter stream() {
        return new ResponsesStreamWriter(this);
    }

    ToolNames names() {
        return ToolNames.of(asked.path("tools"));
    }

    /** A response in progress: what was asked, and the defaults of what was not. */
    ObjectNode skeleton(String model) {
        ObjectNode node =
                Json.object()
                        .put("id", responseId)
                        .put("object", "response")
                        .put("created_at", createdSeconds)
                        .put("status", "in_progress");
        echo(node, "background", Json.object().booleanNode(false));
        node.putNull("completed_at");
        node.putNull("error").putNull("incomplete_details");
        JsonNode none = Json.object().nullNode();
        echo(node, "frequency_penalty", Json.object().numberNode(0));
        echo(node, "instructions", none);
        echo(node, "max_output_tokens", none);
        echo(node, "max_tool_calls", none);
        node.put("model", model.isEmpty() ? asked.path("model").asString("") : model);
        node.putArray("output");
        echo(node, "parallel_tool_calls", Json.object().booleanNode(true));
        echo(node, "presence_penalty", Json.object().numberNode(0));
        echo(node, "previous_response_id", none);
        echo(node, "prompt_cache_key", none);
        over(node, "reasoning", Json.object().putNull("effort").putNull("summary"));
        echo(node, "safety_identifier", none);
        echo(node, "service_tier", Json.object().stringNode("auto"));
        echo(node, "store", Json.object().booleanNode(true));
        echo(node, "temperature", Json.object().numberNode(1));
        ObjectNode text = Json.object();
        text.putObject("format").put("type", "text");
        over(node, "text", text);
        echo(node, "tool_choice", Json.object().stringNode("auto"));
        node.set("tools", tools());
        echo(node, "top_logprobs", Json.object().numberNode(0));
        echo(node, "top_p", Json.object().numberNode(1));
        echo(node, "truncation", Json.object().stringNode("disabled"));
        node.putNull("usage");
        echo(node, "user", none);
        echo(node, "metadata", Json.object());
        conversation(node);
        if (asked.path("prompt").isObject()) {
            node.set("prompt", asked.path("prompt"));
        }
        return node;
    }

    /** The tools as they were offered; what a function did not say is said to be nothing. */
    private ArrayNode tools() {
        ArrayNode tools = Json.object().arrayNode();
        for (JsonNode tool : asked.path("tools")) {
            if (tool instanceof ObjectNode said
                    && said.path("type").asString("").equals("function")) {
                ObjectNode function = said.deepCopy();
                for (String name : List.of("description", "parameters", "strict")) {
                    function.putIfAbsent(name, function.nullNode());
                }
                tools.add(function);
            } else {
                tools.add(tool);
            }
        }
        return tools;
    }

    /** A conversation may be named by its id alone; the response names it as an object. */
    private void conversation(ObjectNode node) {
        JsonNode conversation = asked.path("conversation");
        if (conversation.isString()) {
            node.putObject("conversation").put("id", conversation.stringValue());
        } else if (conversation.isObject()) {
            node.set("conversation", conversation);
        }
    }

    private void echo(ObjectNode node, String name, JsonNode otherwise) {
        JsonNode said = asked.path(name);
        node.set(name, said.isMissingNode() || said.isNull() ? otherwise : said);
    }

    private void over(ObjectNode node, String name, ObjectNode defaults) {
        if (asked.path(name) instanceof ObjectNode said) {
            defaults.setAll(said);
        }
        node.set(name, defaults);
    }
}

package entrepot.protocols.openai;

import entrepot.conversation.Logprob;
import entrepot.protocols.json.Json;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Log probabilities as Chat and Responses tell them (openapi.yaml, ChatCompletionTokenLogprob and
 * LogProb).
 */
public final class OpenAiLogprobs {

    private OpenAiLogprobs() {}

    /** What a list says; what is no such entry is left out. */
    public static List<Logprob> read(JsonNode list) {
        var logprobs = new ArrayList<Logprob>();
        for (JsonNode node : list) {
            if (node.path("token").isString() && node.path("logprob").isNumber()) {
                logprobs.add(
                        new Logprob(
                                node.path("token").stringValue(),
                                node.path("logprob").decimalValue(),
                                bytes(node.path("bytes")),
                                read(node.path("top_logprobs"))));
            }
        }
        return logprobs;
    }

    private static List<Integer> bytes(JsonNode list) {
        return list.valueStream().filter(JsonNode::isInt).map(JsonNode::intValue).toList();
    }

    public static ArrayNode write(List<Logprob> logprobs) {
        ArrayNode list = Json.object().arrayNode();
        for (Logprob logprob : logprobs) {
            list.add(node(logprob).set("top_logprobs", top(logprob.top())));
        }
        return list;
    }

    private static ArrayNode top(List<Logprob> logprobs) {
        ArrayNode list = Json.object().arrayNode();
        logprobs.forEach(logprob -> list.add(node(logprob)));
        return list;
    }

    private static ObjectNode node(Logprob logprob) {
        ObjectNode node = Json.object().put("token", logprob.token());
        node.put("logprob", logprob.logprob());
        ArrayNode bytes = node.putArray("bytes");
        if (logprob.bytes().isEmpty()) {
            for (byte each : logprob.token().getBytes(StandardCharsets.UTF_8)) {
                bytes.add(each & 0xff);
            }
        } else {
            logprob.bytes().forEach(bytes::add);
        }
        return node;
    }
}

package entrepot.protocols.google.gemini;

import entrepot.conversation.Logprob;
import entrepot.protocols.json.Json;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;

/** Log probabilities of a candidate's tokens (generative_service.proto, LogprobsResult). */
final class GeminiLogprobs {

    static final String RESULT = "logprobsResult";
    static final String AVERAGE = "avgLogprobs";

    private static final String CHOSEN = "chosenCandidates";
    private static final String TOP = "topCandidates";
    private static final String CANDIDATES = "candidates";

    private GeminiLogprobs() {}

    static List<Logprob> read(JsonNode result) {
        var logprobs = new ArrayList<Logprob>();
        JsonNode chosen = result.path(CHOSEN);
        for (int i = 0; i < chosen.size(); i++) {
            var top = new ArrayList<Logprob>();
            for (JsonNode other : result.path(TOP).path(i).path(CANDIDATES)) {
                top.add(logprob(other, List.of()));
            }
            logprobs.add(logprob(chosen.get(i), top));
        }
        return logprobs;
    }

    private static Logprob logprob(JsonNode node, List<Logprob> top) {
        return new Logprob(
                node.path("token").asString(""),
                node.path("logProbability").decimalValue(BigDecimal.ZERO),
                List.of(),
                top);
    }

    /** Puts them into a candidate, with their mean. */
    static void write(List<Logprob> logprobs, ObjectNode candidate) {
        if (logprobs.isEmpty()) {
            return;
        }
        BigDecimal sum = BigDecimal.ZERO;
        ObjectNode result = candidate.putObject(RESULT);
        ArrayNode top = Json.object().arrayNode();
        ArrayNode chosen = result.putArray(CHOSEN);
        for (Logprob logprob : logprobs) {
            sum = sum.add(logprob.logprob());
            chosen.add(node(logprob));
            ArrayNode others = top.addObject().putArray(CANDIDATES);
            logprob.top().forEach(other -> others.add(node(other)));
        }
        if (logprobs.stream().anyMatch(logprob -> !logprob.top().isEmpty())) {
            result.set(TOP, top);
        }
        candidate.put(
                AVERAGE, sum.divide(BigDecimal.valueOf(logprobs.size()), MathContext.DECIMAL64));
    }

    private static ObjectNode node(Logprob logprob) {
        return Json.object().put("token", logprob.token()).put("logProbability", logprob.logprob());
    }
}

package entrepot.protocols.anthropic.messages;

import entrepot.conversation.Request;
import entrepot.conversation.Sampling;
import entrepot.protocols.json.Members;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;

/** How the model should choose its words: limits, sampling parameters, and how hard it thinks. */
final class MessagesSampling {

    /**
     * The limit that is sent for callers who gave none, since Anthropic demands one: what every
     * model of the last generations can write.
     */
    static final int OUTPUT_TOKENS_DEFAULT = 32_000;

    private MessagesSampling() {}

    static Sampling read(Members body, boolean counting, @Nullable Boolean parallelToolCalls) {
        Integer max = body.integer("max_tokens");
        if (max == null && !counting) {
            throw body.missing("max_tokens");
        }
        BigDecimal temperature = body.number("temperature");
        BigDecimal topP = body.number("top_p");
        Integer topK = body.integer("top_k");
        List<String> stop = stop(body);
        var thinking = MessagesThinking.read(body);
        return new Sampling(
                max,
                temperature,
                topP,
                topK,
                stop,
                null,
                null,
                null,
                parallelToolCalls,
                thinking.effort(),
                thinking.tokensMax());
    }

    private static List<String> stop(Members body) {
        ArrayNode list = body.list("stop_sequences");
        if (list == null) {
            return List.of();
        }
        if (list.isEmpty()) {
            body.keep("stop_sequences", list);
        }
        var stop = new ArrayList<String>();
        for (int i = 0; i < list.size(); i++) {
            if (!list.get(i).isString()) {
                throw Members.wrongType("stop_sequences[" + i + "]", "a string", list.get(i));
            }
            stop.add(list.get(i).stringValue());
        }
        return stop;
    }

    static void write(Request request, ObjectNode body) {
        Sampling sampling = request.sampling();
        int max =
                sampling.outputTokensMax() == null
                        ? OUTPUT_TOKENS_DEFAULT
                        : sampling.outputTokensMax();
        ObjectNode thinking = MessagesThinking.write(request, max);
        int budget = thinking == null ? 0 : thinking.path("budget_tokens").asInt(0);
        // The budget is part of the limit: one that was not given makes room for it.
        boolean roomless = sampling.outputTokensMax() == null && budget >= max;
        body.put("max_tokens", roomless ? budget + max : max);
        if (thinking != null) {
            body.set("thinking", thinking);
        }
        MessagesThinking.effort(request, body);
        if (!isThinkingEmulated(request, thinking)) {
            number(body, "temperature", temperature(sampling.temperature()));
            number(body, "top_p", sampling.topP());
            if (sampling.topK() != null) {
                body.put("top_k", sampling.topK());
            }
        }
        if (!sampling.stop().isEmpty()) {
            ArrayNode stop = body.putArray("stop_sequences");
            sampling.stop().forEach(stop::add);
        }
    }

    /** Elsewhere temperatures go up to 2; here 1 is the highest. */
    static @Nullable BigDecimal temperature(@Nullable BigDecimal temperature) {
        return temperature == null ? null : temperature.min(BigDecimal.ONE);
    }

    private static void number(ObjectNode body, String name, @Nullable BigDecimal number) {
        if (number != null) {
            body.put(name, number);
        }
    }

    /**
     * While it thinks, the model takes no other sampling parameters. A caller of this dialect who
     * sends both is told so by the supplier; one of another dialect cannot know.
     */
    private static boolean isThinkingEmulated(Request request, @Nullable ObjectNode thinking) {
        return thinking != null
                && request.sampling().reasoningTokensMax() == null
                && !thinking.path("type").asString("").equals("disabled");
    }
}

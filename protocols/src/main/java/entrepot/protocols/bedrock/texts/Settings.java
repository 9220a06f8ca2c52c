package entrepot.protocols.bedrock.texts;

import entrepot.conversation.Loss;
import entrepot.conversation.Sampling;
import entrepot.protocols.json.Members;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;

/**
 * The names a body has for settings; null for one that it has no place for. All have a limit, a
 * temperature and a share of probability.
 */
record Settings(
        String outputTokensMax,
        String topP,
        @Nullable String topK,
        @Nullable String stop,
        @Nullable String seed,
        @Nullable String frequencyPenalty,
        @Nullable String presencePenalty) {

    private static final String TEMPERATURE = "temperature";

    /** Without seeds and penalties. */
    Settings(String outputTokensMax, String topP, @Nullable String topK, @Nullable String stop) {
        this(outputTokensMax, topP, topK, stop, null, null, null);
    }

    Sampling read(Members body) {
        return new Sampling(
                body.integer(outputTokensMax),
                body.number(TEMPERATURE),
                body.number(topP),
                topK == null ? null : topK(body, topK),
                stop == null ? List.of() : stop(body, stop),
                seed == null ? null : body.longInteger(seed),
                frequencyPenalty == null ? null : body.number(frequencyPenalty),
                presencePenalty == null ? null : body.number(presencePenalty),
                null,
                null,
                null);
    }

    /** Some send a decimal, and 0 for no limit. */
    private static @Nullable Integer topK(Members body, String name) {
        BigDecimal number = body.number(name);
        if (number == null || number.signum() == 0) {
            return null;
        }
        try {
            return number.intValueExact();
        } catch (ArithmeticException fraction) {
            throw body.wrong(name, "expected an integer of 32 bits.");
        }
    }

    private static List<String> stop(Members body, String name) {
        var stop = new ArrayList<String>();
        ArrayNode list = body.list(name);
        for (int i = 0; list != null && i < list.size(); i++) {
            JsonNode each = list.get(i);
            if (!each.isString()) {
                throw Members.wrongType(body.path(name + "[" + i + "]"), "a string", each);
            }
            stop.add(each.stringValue());
        }
        return stop;
    }

    void write(Sampling sampling, ObjectNode body) {
        if (sampling.outputTokensMax() != null) {
            body.put(outputTokensMax, sampling.outputTokensMax());
        }
        put(body, TEMPERATURE, sampling.temperature());
        put(body, topP, sampling.topP());
        if (topK != null && sampling.topK() != null) {
            body.put(topK, sampling.topK());
        }
        if (stop != null && !sampling.stop().isEmpty()) {
            ArrayNode list = body.putArray(stop);
            sampling.stop().forEach(list::add);
        }
        if (seed != null && sampling.seed() != null) {
            body.put(seed, sampling.seed());
        }
        put(body, frequencyPenalty, sampling.frequencyPenalty());
        put(body, presencePenalty, sampling.presencePenalty());
    }

    private static void put(ObjectNode body, @Nullable String name, @Nullable BigDecimal number) {
        if (name != null && number != null) {
            body.put(name, number);
        }
    }

    static void losses(Sampling asked, Settings settings, List<Loss> losses) {
        lost(settings.topK == null, asked.topK(), "topK", losses);
        lost(settings.seed == null, asked.seed(), "seed", losses);
        lost(
                settings.frequencyPenalty == null,
                asked.frequencyPenalty(),
                "frequencyPenalty",
                losses);
        lost(settings.presencePenalty == null, asked.presencePenalty(), "presencePenalty", losses);
        lost(true, asked.parallelToolCalls(), "parallelToolCalls", losses);
        lost(true, asked.reasoningEffort(), "reasoningEffort", losses);
        lost(true, asked.reasoningTokensMax(), "reasoningTokensMax", losses);
        if (settings.topK != null && asked.topK() != null && asked.topK() == 0) {
            losses.add(TextLosses.SAMPLING.at("sampling.topK"));
        }
        if (asked.topLogprobs() != null) {
            losses.add(TextLosses.LOGPROBS.at("sampling.topLogprobs"));
        }
        if (settings.stop == null && !asked.stop().isEmpty()) {
            losses.add(TextLosses.STOP.at("sampling.stop"));
        }
    }

    private static void lost(
            boolean placeless, @Nullable Object said, String name, List<Loss> losses) {
        if (placeless && said != null) {
            losses.add(TextLosses.SAMPLING.at("sampling." + name));
        }
    }
}

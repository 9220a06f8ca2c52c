package entrepot.protocols.google.gemini;

import static entrepot.protocols.google.gemini.GeminiRequests.DIALECT;

import entrepot.conversation.Extras;
import entrepot.conversation.Request;
import entrepot.conversation.Sampling;
import entrepot.protocols.google.wire.GeminiThinking;
import entrepot.protocols.json.Json;
import entrepot.protocols.json.Members;
import entrepot.protocols.json.Residue;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.BooleanNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** {@code generationConfig}, but for the format of the answer (generative_service.proto). */
final class GeminiSettings {

    static final String CONFIG = "generationConfig";

    private static final String THINKING = "thinkingConfig";

    /** Marks how a level of thinking was spelled. */
    private static final String LEVEL = "~level";

    /** Marks that thinking was switched off by a budget of nothing. */
    private static final String BUDGET = "~budget";

    /** Marks thinking whose thoughts were not asked for. */
    private static final String QUIET = "~quiet";

    /** Digits of a number that may still fit 64 bits. */
    private static final int DIGITS_MAX = 18;

    private GeminiSettings() {}

    /** The members of the configuration; those of none when the caller gave none. */
    static Members config(Members body) {
        JsonNode node = body.peek(CONFIG);
        boolean empty =
                node.isMissingNode() || node.isNull() || (node.isObject() && node.isEmpty());
        ObjectNode config = empty ? Json.object() : body.tree(CONFIG);
        return Members.strict(config == null ? Json.object() : config, CONFIG);
    }

    static Sampling read(Members config) {
        Members thinking = config.peek(THINKING).isEmpty() ? null : config.object(THINKING);
        String effort = thinking == null ? null : effort(thinking);
        Integer budget = thinking == null ? null : budget(thinking);
        if (thinking != null && (effort != null || budget != null)) {
            thoughts(thinking);
        }
        if (thinking != null && budget != null && budget == 0) {
            thinking.keep(BUDGET, BooleanNode.TRUE);
            effort = "none";
            budget = null;
        }
        return new Sampling(
                integer(config, "maxOutputTokens"),
                config.number("temperature"),
                config.number("topP"),
                integer(config, "topK"),
                stop(config),
                integral(config, "seed"),
                config.number("frequencyPenalty"),
                config.number("presencePenalty"),
                null,
                effort,
                budget,
                topLogprobs(config));
    }

    private static @Nullable Integer topLogprobs(Members config) {
        if (!config.peek("responseLogprobs").booleanValue(false)) {
            return null;
        }
        config.take("responseLogprobs");
        JsonNode said = config.peek("logprobs");
        Integer top = integer(config, "logprobs");
        if (top != null && top <= 0) {
            config.keep("logprobs", said);
        }
        return top == null ? (Integer) 0 : (Integer) Math.max(0, top);
    }

    private static @Nullable String effort(Members thinking) {
        String word = thinking.peek("thinkingLevel").asString("");
        String effort = word.toLowerCase(Locale.ROOT);
        if (!List.of("minimal", "low", "medium", "high").contains(effort)) {
            // Unspecified, or a word that is newer than this: it goes where it came from.
            return null;
        }
        thinking.take("thinkingLevel");
        if (!word.equals(effort.toUpperCase(Locale.ROOT))) {
            thinking.keep(LEVEL, StringNode.valueOf(word));
        }
        return effort;
    }

    /** A negative budget leaves it to the model, as saying nothing does. */
    private static @Nullable Integer budget(Members thinking) {
        JsonNode node = thinking.peek("thinkingBudget");
        return node.isNumber() && node.asInt(0) < 0 ? null : integer(thinking, "thinkingBudget");
    }

    /** Whoever asks for thinking is told the thoughts, unless it says otherwise. */
    private static void thoughts(Members thinking) {
        JsonNode asked = thinking.peek("includeThoughts");
        if (asked.isMissingNode()) {
            thinking.keep(QUIET, BooleanNode.TRUE);
        } else if (asked.booleanValue(false)) {
            thinking.take("includeThoughts");
        }
    }

    private static List<String> stop(Members config) {
        ArrayNode list = config.list("stopSequences");
        if (list == null) {
            return List.of();
        }
        if (list.isEmpty()) {
            config.keep("stopSequences", list);
        }
        var stop = new ArrayList<String>();
        for (int i = 0; i < list.size(); i++) {
            if (!list.get(i).isString()) {
                String path = config.path("stopSequences[" + i + "]");
                throw Members.wrongType(path, "a string", list.get(i));
            }
            stop.add(list.get(i).stringValue());
        }
        return stop;
    }

    private static @Nullable Integer integer(Members members, String name) {
        Long value = integral(members, name);
        if (value == null) {
            return null;
        }
        if (value != value.intValue()) {
            throw members.wrong(name, "expected an integer of 32 bits.");
        }
        return value.intValue();
    }

    /** An integer, also one that is written as {@code 32.0} or {@code "32"}: that form stays. */
    private static @Nullable Long integral(Members members, String name) {
        JsonNode node = members.peek(name);
        Long value = node.isIntegralNumber() ? null : integral(node);
        return value == null ? members.longInteger(name) : value;
    }

    private static @Nullable Long integral(JsonNode node) {
        BigDecimal value = null;
        if (node.isNumber()) {
            value = node.decimalValue();
        } else if (node.isString() && node.stringValue().matches("-?[0-9]{1,18}")) {
            value = new BigDecimal(node.stringValue());
        }
        if (value == null
                || value.precision() - value.scale() > DIGITS_MAX
                || value.stripTrailingZeros().scale() > 0) {
            return null;
        }
        return value.longValueExact();
    }

    /** What is left of the configuration that a request came with. */
    static Extras form(Request request) {
        if (!(Residue.of(request.extras(), DIALECT, CONFIG) instanceof ObjectNode node)) {
            return Extras.NONE;
        }
        var members = new LinkedHashMap<String, JsonNode>();
        for (Map.Entry<String, JsonNode> member : node.properties()) {
            members.put(member.getKey(), member.getValue());
        }
        return new Extras(DIALECT, members);
    }

    static void write(Request request, ObjectNode config) {
        Sampling sampling = request.sampling();
        Extras form = form(request);
        integral(config, "maxOutputTokens", sampling.outputTokensMax(), form);
        number(config, "temperature", sampling.temperature());
        number(config, "topP", sampling.topP());
        integral(config, "topK", sampling.topK(), form);
        if (!sampling.stop().isEmpty()) {
            ArrayNode stop = config.putArray("stopSequences");
            sampling.stop().forEach(stop::add);
        }
        integral(config, "seed", sampling.seed(), form);
        if (sampling.topLogprobs() != null) {
            config.put("responseLogprobs", true);
            if (sampling.topLogprobs() > 0) {
                integral(config, "logprobs", sampling.topLogprobs(), form);
            }
        }
        number(config, "frequencyPenalty", sampling.frequencyPenalty());
        number(config, "presencePenalty", sampling.presencePenalty());
        JsonNode thinking = Residue.of(form, DIALECT, THINKING);
        thinking(request, thinking == null ? Json.object() : thinking, config);
    }

    private static void thinking(Request request, JsonNode form, ObjectNode config) {
        GeminiThinking.Asked asked =
                GeminiThinking.asked(request.model(), request.sampling(), form.has(BUDGET));
        if (asked.level() == null && asked.budget() == null) {
            return;
        }
        ObjectNode thinking = config.putObject(THINKING);
        if (asked.level() != null) {
            String spelled = form.path(LEVEL).asString("");
            thinking.put(
                    "thinkingLevel",
                    spelled.equalsIgnoreCase(asked.level()) ? spelled : asked.level());
        }
        if (asked.budget() != null) {
            thinking.put("thinkingBudget", asked.budget());
        }
        boolean off = asked.budget() != null && asked.budget() == 0;
        if (!off && !form.has(QUIET) && !form.has("includeThoughts")) {
            thinking.put("includeThoughts", true);
        }
    }

    private static void integral(
            ObjectNode config, String name, @Nullable Number value, Extras form) {
        JsonNode written = form.members().get(name);
        Long same = written == null ? null : integral(written);
        if (value != null && (same == null || same != value.longValue())) {
            config.put(name, value.longValue());
        }
    }

    private static void number(ObjectNode config, String name, @Nullable BigDecimal number) {
        if (number != null) {
            config.put(name, number);
        }
    }
}

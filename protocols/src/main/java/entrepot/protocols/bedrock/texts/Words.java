package entrepot.protocols.bedrock.texts;

import entrepot.conversation.StopReason;
import entrepot.conversation.StopReason.Kind;
import entrepot.conversation.Usage;
import entrepot.conversation.Usage.Meter;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;

import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;

/** A maker's words for reasons to stop; several may mean the same, and the first is written. */
final class Words {

    private final String dialect;
    private final Map<String, StopReason> reasons = new LinkedHashMap<>();
    private final Map<Kind, String> words = new EnumMap<>(Kind.class);

    Words(String dialect) {
        this.dialect = dialect;
    }

    Words with(Kind kind, String... said) {
        for (String word : said) {
            words.putIfAbsent(kind, word);
            reasons.put(word, new StopReason.Known(kind));
        }
        return this;
    }

    StopReason reason(String word) {
        StopReason known = reasons.get(word);
        return known == null ? new StopReason.Unknown(dialect, word) : known;
    }

    String word(StopReason reason) {
        String end = words.getOrDefault(Kind.END, "");
        return switch (reason) {
            case StopReason.Known(Kind kind) -> words.getOrDefault(kind, end);
            case StopReason.Unknown(String owner, String word) ->
                    owner.equals(dialect) ? word : end;
        };
    }

    static @Nullable String text(JsonNode node) {
        return node.isString() ? node.stringValue() : null;
    }

    /** Counts may come as decimals, 28.0, or not at all. */
    static Usage usage(JsonNode input, JsonNode output) {
        var meters = new EnumMap<Meter, Long>(Meter.class);
        put(meters, Meter.FRESH_INPUT, input);
        put(meters, Meter.OUTPUT, output);
        return new Usage(meters, false);
    }

    private static void put(Map<Meter, Long> meters, Meter meter, JsonNode count) {
        if (count.isNumber() && count.canConvertToLong()) {
            meters.put(meter, Math.max(0, count.decimalValue().longValue()));
        }
    }
}

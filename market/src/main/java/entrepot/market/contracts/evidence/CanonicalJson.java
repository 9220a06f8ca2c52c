package entrepot.market.contracts.evidence;

import tools.jackson.databind.JsonNode;

import java.nio.charset.StandardCharsets;
import java.util.TreeMap;

/**
 * JSON in the one form that is signed: RFC 8785, for values without fractions. Members are sorted
 * by their UTF-16 code units, there are no blanks, and strings escape only what they must.
 */
final class CanonicalJson {

    private static final long NUMBER_MAX = 1L << 53;

    private CanonicalJson() {}

    /**
     * @throws IllegalArgumentException when there is a number that RFC 8785 would write as a
     *     fraction, or not exactly
     */
    static byte[] bytes(JsonNode node) {
        var text = new StringBuilder();
        write(node, text);
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static void write(JsonNode node, StringBuilder text) {
        switch (node.getNodeType()) {
            case OBJECT -> object(node, text);
            case ARRAY -> array(node, text);
            case STRING -> string(node.stringValue(), text);
            case BOOLEAN, NULL -> text.append(node);
            case NUMBER -> number(node, text);
            case BINARY, MISSING, POJO ->
                    throw new IllegalArgumentException("not JSON: " + node.getNodeType());
        }
    }

    private static void object(JsonNode node, StringBuilder text) {
        var members = new TreeMap<String, JsonNode>();
        node.properties().forEach(each -> members.put(each.getKey(), each.getValue()));
        char before = '{';
        for (var each : members.entrySet()) {
            text.append(before);
            string(each.getKey(), text);
            text.append(':');
            write(each.getValue(), text);
            before = ',';
        }
        text.append(members.isEmpty() ? "{}" : "}");
    }

    private static void array(JsonNode node, StringBuilder text) {
        text.append('[');
        for (int i = 0; i < node.size(); i++) {
            if (i > 0) {
                text.append(',');
            }
            write(node.get(i), text);
        }
        text.append(']');
    }

    private static void number(JsonNode node, StringBuilder text) {
        if (!node.isIntegralNumber()
                || !node.canConvertToLong()
                || Math.abs(node.longValue()) >= NUMBER_MAX) {
            throw new IllegalArgumentException("give it as a string: " + node);
        }
        text.append(node.longValue());
    }

    private static void string(String value, StringBuilder text) {
        text.append('"');
        for (int i = 0; i < value.length(); i++) {
            char letter = value.charAt(i);
            switch (letter) {
                case '"' -> text.append("\\\"");
                case '\\' -> text.append("\\\\");
                case '\b' -> text.append("\\b");
                case '\t' -> text.append("\\t");
                case '\n' -> text.append("\\n");
                case '\f' -> text.append("\\f");
                case '\r' -> text.append("\\r");
                default -> {
                    if (letter < 0x20) {
                        text.append("\\u00").append(letter < 0x10 ? "0" : "1");
                        text.append(Character.forDigit(letter & 0xf, 16));
                    } else {
                        text.append(letter);
                    }
                }
            }
        }
        text.append('"');
    }
}

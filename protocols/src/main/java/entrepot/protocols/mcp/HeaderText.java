package entrepot.protocols.mcp;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/**
 * Text as the value of {@code Mcp-Name} and {@code Mcp-Param-*}: as it is where a header can hold
 * it, else in base64 between marks.
 */
public final class HeaderText {

    private static final String START = "=?base64?";
    private static final String END = "?=";

    private HeaderText() {}

    public static String encode(String text) {
        return isPlain(text)
                ? text
                : START
                        + Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8))
                        + END;
    }

    /** The text; empty when the value is not one that may stand in the header. */
    public static Optional<String> decode(String value) {
        if (!isMarked(value)) {
            return value.chars().allMatch(c -> (c >= 0x20 && c < 0x7f) || c == '\t')
                    ? Optional.of(value)
                    : Optional.empty();
        }
        try {
            byte[] bytes =
                    Base64.getDecoder()
                            .decode(value.substring(START.length(), value.length() - END.length()));
            return Optional.of(new String(bytes, StandardCharsets.UTF_8));
        } catch (IllegalArgumentException notBase64) {
            return Optional.empty();
        }
    }

    private static boolean isMarked(String value) {
        return value.startsWith(START)
                && value.endsWith(END)
                && value.length() >= START.length() + END.length();
    }

    private static boolean isPlain(String text) {
        return text.chars().allMatch(c -> (c >= 0x20 && c < 0x7f) || c == '\t')
                && text.equals(text.strip())
                && !isMarked(text);
    }
}

package entrepot.console;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** What a page sent: the fields of an HTML form, decoded. */
final class Form {

    private static final int FIELDS_MAX = 50;

    private final Map<String, String> fields = new LinkedHashMap<>();

    /**
     * @param body in {@code application/x-www-form-urlencoded}; what cannot be decoded is left out
     */
    Form(byte[] body) {
        for (String pair : new String(body, StandardCharsets.UTF_8).split("&", FIELDS_MAX + 1)) {
            int equals = pair.indexOf('=');
            if (equals > 0 && fields.size() < FIELDS_MAX) {
                put(pair.substring(0, equals), pair.substring(equals + 1));
            }
        }
    }

    private void put(String name, String value) {
        try {
            fields.put(decoded(name), decoded(value).strip());
        } catch (IllegalArgumentException malformed) {
            // As if it had not been sent.
        }
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    /** A field without the blanks around it; empty when it was not sent. */
    String get(String name) {
        return fields.getOrDefault(name, "");
    }
}

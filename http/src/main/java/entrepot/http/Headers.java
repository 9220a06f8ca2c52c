package entrepot.http;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * Header fields in order; names compare without case. Immutable. Names and values are checked here,
 * once, so that no field can smuggle another in.
 */
public final class Headers {

    public static final Headers NONE = new Headers(List.of());

    private final List<Field> fields;

    private Headers(List<Field> fields) {
        this.fields = List.copyOf(fields);
    }

    /** Names and values in turn. */
    public static Headers of(String... namesAndValues) {
        if (namesAndValues.length % 2 != 0) {
            throw new IllegalArgumentException("a header name without a value");
        }
        var fields = new ArrayList<Field>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            fields.add(new Field(namesAndValues[i], namesAndValues[i + 1]));
        }
        return new Headers(fields);
    }

    public static Headers of(List<Field> fields) {
        return fields.isEmpty() ? NONE : new Headers(fields);
    }

    /** The first value under a name. */
    public @Nullable String get(String name) {
        for (Field field : fields) {
            if (field.name().equalsIgnoreCase(name)) {
                return field.value();
            }
        }
        return null;
    }

    public List<String> all(String name) {
        return fields.stream()
                .filter(field -> field.name().equalsIgnoreCase(name))
                .map(Field::value)
                .toList();
    }

    public boolean has(String name) {
        return get(name) != null;
    }

    /** A copy with one more field, beside those of the same name. */
    public Headers plus(String name, String value) {
        var more = new ArrayList<>(fields);
        more.add(new Field(name, value));
        return new Headers(more);
    }

    /** A copy in which this is the only field of its name. */
    public Headers with(String name, String value) {
        return without(name).plus(name, value);
    }

    public Headers without(String name) {
        if (!has(name)) {
            return this;
        }
        var fewer = new ArrayList<>(fields);
        fewer.removeIf(field -> field.name().equalsIgnoreCase(name));
        return new Headers(fewer);
    }

    public List<Field> fields() {
        return fields;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Headers headers && fields.equals(headers.fields);
    }

    @Override
    public int hashCode() {
        return fields.hashCode();
    }

    /** Names only: values may be secrets. */
    @Override
    public String toString() {
        return fields.stream().map(Field::name).toList().toString();
    }

    /** One field: a token as name, and a value without control characters (RFC 9110 §5.5). */
    public record Field(String name, String value) {

        private static final boolean[] TOKEN = tokens();

        public Field {
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(value, "value");
            for (int i = 0; i < name.length(); i++) {
                if (!token(name.charAt(i))) {
                    throw new IllegalArgumentException("not a header name: " + name);
                }
            }
            if (name.isEmpty()) {
                throw new IllegalArgumentException("an empty header name");
            }
            for (int i = 0; i < value.length(); i++) {
                char c = value.charAt(i);
                if ((c < 0x20 && c != '\t') || c == 0x7f) {
                    throw new IllegalArgumentException("control character in header " + name);
                }
            }
        }

        public String lowerName() {
            return name.toLowerCase(Locale.ROOT);
        }

        private static boolean token(int c) {
            return c < TOKEN.length && TOKEN[c];
        }

        private static boolean[] tokens() {
            var token = new boolean[128];
            "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                    .chars()
                    .forEach(c -> token[c] = true);
            return token;
        }
    }
}

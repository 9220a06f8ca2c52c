package entrepot.http.eventstream;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.UUID;

/** The value of a header of a message: one of the format's types. */
public sealed interface HeaderValue {

    /** Of a text in UTF-8 and of bytes; readers elsewhere take the length as a signed short. */
    int VALUE_BYTES_MAX = Short.MAX_VALUE;

    /** Types 0 (true) and 1 (false). */
    record Bool(boolean value) implements HeaderValue {}

    /** Type 2. */
    record Int8(byte value) implements HeaderValue {}

    /** Type 3. */
    record Int16(short value) implements HeaderValue {}

    /** Type 4. */
    record Int32(int value) implements HeaderValue {}

    /** Type 5. */
    record Int64(long value) implements HeaderValue {}

    /** Type 6; not to be changed. Some readers refuse empty ones. */
    record Bytes(byte[] value) implements HeaderValue {

        public Bytes {
            limit(value.length);
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Bytes bytes && Arrays.equals(value, bytes.value);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(value);
        }

        @Override
        public String toString() {
            return value.length + " bytes";
        }
    }

    /** Type 7. Some readers refuse empty ones. */
    record Text(String value) implements HeaderValue {

        public Text {
            limit(value.getBytes(StandardCharsets.UTF_8).length);
        }
    }

    /** Type 8: milliseconds since 1970. */
    record Timestamp(long epochMillis) implements HeaderValue {}

    /** Type 9. */
    record Uuid(UUID value) implements HeaderValue {}

    private static void limit(int bytes) {
        if (bytes > VALUE_BYTES_MAX) {
            throw new IllegalArgumentException(
                    "a header value of " + bytes + " bytes, at most " + VALUE_BYTES_MAX);
        }
    }
}

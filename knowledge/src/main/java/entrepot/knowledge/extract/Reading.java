package entrepot.knowledge.extract;

import org.jspecify.annotations.Nullable;

import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the history holds of one file. */
final class Reading {

    private static final Pattern TRUNCATED =
            Pattern.compile("\\[truncated: showing bytes (\\d+)-(\\d+) of (\\d+)[^\\]]*\\]\\R?");

    private final TreeMap<Long, String> pieces = new TreeMap<>();
    private long nextByte;
    private long bytes;
    private int calls;
    private @Nullable String failure;

    void asked() {
        calls++;
    }

    void failed(String why) {
        failure = why;
    }

    void read(long offset, String result) {
        Matcher truncated = TRUNCATED.matcher(result);
        if (truncated.lookingAt()) {
            pieces.put(Long.parseLong(truncated.group(1)), result.substring(truncated.end()));
            nextByte = Math.max(nextByte, Long.parseLong(truncated.group(2)));
            bytes = Long.parseLong(truncated.group(3));
        } else {
            pieces.put(offset, result);
            nextByte = Long.MAX_VALUE;
        }
    }

    /** How often it was asked for, answered or not. */
    int calls() {
        return calls;
    }

    boolean hasText() {
        return !pieces.isEmpty();
    }

    boolean isWhole() {
        return nextByte == Long.MAX_VALUE || (bytes > 0 && nextByte >= bytes);
    }

    /** Where the next piece begins; 0 when nothing was read. */
    long nextByte() {
        return hasText() ? nextByte : 0;
    }

    /** The size of the file, or 0 when it was read in one piece. */
    long bytes() {
        return bytes;
    }

    @Nullable String failure() {
        return hasText() ? null : failure;
    }

    String text() {
        return String.join("", pieces.values());
    }
}

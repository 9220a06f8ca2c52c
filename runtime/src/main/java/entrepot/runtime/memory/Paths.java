package entrepot.runtime.memory;

import entrepot.conversation.Failed;
import entrepot.conversation.Failure;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.text.Normalizer;

/** Which paths memories may have. */
final class Paths {

    static final int BYTES_MAX = 1_024;
    static final int SEGMENTS_MAX = 20;

    private Paths() {}

    /**
     * @throws Failed saying what is wrong with it
     */
    static void check(String path) {
        String problem = problem(path);
        if (problem != null) {
            throw new Failed(
                    Failure.at(
                            Failure.Cause.INVALID_REQUEST,
                            "Invalid value for 'path': " + problem,
                            "path"));
        }
    }

    private static @Nullable String problem(String path) {
        if (!path.startsWith("/") || path.length() < 2) {
            return "it must begin with '/' and name something, such as /notes/harbour.md.";
        }
        if (path.getBytes(StandardCharsets.UTF_8).length > BYTES_MAX) {
            return "it must be at most " + BYTES_MAX + " bytes.";
        }
        String[] segments = path.substring(1).split("/", -1);
        if (segments.length > SEGMENTS_MAX) {
            return "it must have at most " + SEGMENTS_MAX + " segments.";
        }
        for (String segment : segments) {
            if (segment.isEmpty() || segment.equals(".") || segment.equals("..")) {
                return "no segment may be empty, '.' or '..'.";
            }
        }
        if (path.codePoints().anyMatch(Paths::isHidden)) {
            return "it must have no control or format characters and no line separators.";
        }
        return Normalizer.isNormalized(path, Normalizer.Form.NFC)
                ? null
                : "it must be in Unicode Normalization Form C.";
    }

    private static boolean isHidden(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE ->
                    true;
            default -> false;
        };
    }

    /** Whether one of two paths is above the other, or they are the same. */
    static boolean overlap(String one, String other) {
        return one.equals(other) || one.startsWith(other + "/") || other.startsWith(one + "/");
    }
}

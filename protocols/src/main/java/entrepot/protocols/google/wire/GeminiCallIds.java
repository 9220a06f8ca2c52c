package entrepot.protocols.google.wire;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * Ids of calls, which Gemini may leave out: results then belong to calls by name and order (R30).
 * The made ones are the same whenever the same thing is read. For one answer, or one conversation.
 */
public final class GeminiCallIds {

    /** What is left of a name in an id: other dialects allow 64 letters. */
    private static final int NAME_CHARS_MAX = 24;

    private static final int ANSWER_CHARS_MAX = 28;

    private final String answerId;
    private final Map<String, String> names = new HashMap<>();
    private final Map<String, Deque<String>> byName = new HashMap<>();
    private final Set<String> open = new LinkedHashSet<>();
    private boolean answering;
    private int calls;

    /**
     * @param answerId keeps the calls of different answers apart; empty in a conversation
     */
    public GeminiCallIds(String answerId) {
        this.answerId = plain(answerId, ANSWER_CHARS_MAX);
    }

    /** The id of the next call. */
    public String call(String given, String name) {
        if (answering) {
            // What was not answered by now will not be.
            open.clear();
            byName.clear();
            answering = false;
        }
        String id = given.isEmpty() ? made(name) : given;
        calls++;
        names.put(id, name);
        open.add(id);
        byName.computeIfAbsent(name, _ -> new ArrayDeque<>()).add(id);
        return id;
    }

    /** The id of the call that a result belongs to. */
    public String result(String given, String name) {
        answering = true;
        String id = given.isEmpty() ? match(name) : given;
        open.remove(id);
        return id;
    }

    /** The name of a call that was read or written before; null when there was none. */
    public @Nullable String nameOf(String id) {
        return names.get(id);
    }

    /** Remembers a call that is written. */
    public void written(String id, String name) {
        names.put(id, name);
    }

    private String match(String name) {
        Deque<String> same = byName.get(name);
        while (same != null && !same.isEmpty()) {
            String id = same.removeFirst();
            if (open.contains(id)) {
                return id;
            }
        }
        return open.isEmpty() ? made(name) + "_result" : open.iterator().next();
    }

    private String made(String name) {
        String middle = answerId.isEmpty() ? "" : "_" + answerId;
        return plain(name, NAME_CHARS_MAX) + middle + "_" + calls;
    }

    private static String plain(String text, int charsMax) {
        String cut = text.length() > charsMax ? text.substring(0, charsMax) : text;
        return cut.replaceAll("[^A-Za-z0-9_-]", "-");
    }
}

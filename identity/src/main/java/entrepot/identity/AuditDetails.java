package entrepot.identity;

import entrepot.identity.Audit.Entry;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Keeps secrets out of the audit log, should a caller put one in, and entries within bounds. A
 * second guard only: callers pass no secrets.
 */
final class AuditDetails {

    private static final int COUNT_MAX = 32;
    private static final int LENGTH_MAX = 1_000;
    private static final String MASK = "***";

    /** Not "tokens", which are counted, nor "key_id", which is public. */
    private static final Pattern SECRET_NAME =
            Pattern.compile(
                    "(?i).*(secrets?|passw(or)?d|passphrase|authorization|credentials?|cookies?"
                            + "|token|(api|access|private|signing)[-_. ]?key)");

    private static final Pattern SECRET_VALUE =
            Pattern.compile("(?i)ek_[0-9a-z]{8}_[0-9a-z]+|\\bbearer\\s+\\S+|\\bsk-[\\w-]{8,}");

    private AuditDetails() {}

    static Entry masked(Entry entry) {
        if (entry.details().size() > COUNT_MAX) {
            throw new IllegalArgumentException(
                    "The audit entry "
                            + entry.act()
                            + " has "
                            + entry.details().size()
                            + " details, at most "
                            + COUNT_MAX
                            + ".");
        }
        Map<String, String> details = new TreeMap<>();
        entry.details().forEach((name, value) -> details.put(cut(name), masked(name, value)));
        return new Entry(entry.at(), entry.tenant(), entry.principal(), cut(entry.act()), details);
    }

    private static String masked(String name, String value) {
        return SECRET_NAME.matcher(name).matches()
                ? MASK
                : cut(SECRET_VALUE.matcher(value).replaceAll(MASK));
    }

    /** What both databases can keep: no NUL, no half of a surrogate pair. */
    private static String cut(String text) {
        String start = text.length() <= LENGTH_MAX ? text : text.substring(0, LENGTH_MAX) + "...";
        byte[] bytes = start.replace('\0', ' ').getBytes(StandardCharsets.UTF_8);
        return new String(bytes, StandardCharsets.UTF_8);
    }
}

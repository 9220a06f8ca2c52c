package entrepot.knowledge.sources;

import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Who of a tenant may read a document: an access list. Its holders are {@code group:NAME}, {@code
 * team:NAME} and {@code principal:NAME}; {@code *} stands for everyone of the tenant. An empty list
 * is nobody: so reads a list that could not be read.
 *
 * @param holders sorted
 */
public record Access(List<String> holders) {

    /** The holder that everyone of the tenant is. */
    public static final String EVERYONE_HOLDER = "*";

    public static final Access EVERYONE = new Access(List.of(EVERYONE_HOLDER));
    public static final Access NOBODY = new Access(List.of());

    /** What an access list may hold at most: a long one is a group that has no name yet. */
    public static final int HOLDERS_MAX = 200;

    private static final Pattern HOLDER =
            Pattern.compile("(?:(group|team|principal):)?([A-Za-z0-9][A-Za-z0-9._@-]{0,63})");

    public Access {
        holders = List.copyOf(new TreeSet<>(holders));
    }

    /**
     * Reads holders as people write them: {@code everyone}, {@code nobody}, {@code finance} (a
     * group), {@code team:finance}, {@code principal:alice}.
     *
     * @throws IllegalArgumentException saying which word is none
     */
    public static Access of(Collection<String> words) {
        if (words.size() > HOLDERS_MAX) {
            throw new IllegalArgumentException(
                    "An access list has at most " + HOLDERS_MAX + " holders: use a group.");
        }
        Set<String> holders = new TreeSet<>();
        for (String written : words) {
            String word = written.strip();
            if (word.equals("everyone")) {
                holders.add(EVERYONE_HOLDER);
            } else if (!word.equals("nobody")) {
                holders.add(holder(word));
            }
        }
        return new Access(List.copyOf(holders));
    }

    private static String holder(String word) {
        var matcher = HOLDER.matcher(word);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    "'"
                            + word
                            + "' cannot be given access: write everyone, nobody, a group's name,"
                            + " team:NAME or principal:NAME.");
        }
        return (matcher.group(1) == null ? "group" : matcher.group(1)) + ":" + matcher.group(2);
    }

    /** As {@link #stored} wrote it. */
    public static Access read(String stored) {
        return stored.isEmpty() ? NOBODY : new Access(List.of(stored.split("\n")));
    }

    /** One holder a line; empty for nobody. */
    public String stored() {
        return String.join("\n", holders);
    }

    /**
     * Whether one who is any of these holders may read.
     *
     * @param who what a reader is, {@link #EVERYONE_HOLDER} included
     */
    public boolean admits(Set<String> who) {
        return holders.stream().anyMatch(who::contains);
    }

    /** For people: {@code everyone}, {@code nobody} or the holders. */
    public String shown() {
        if (holders.isEmpty()) {
            return "nobody";
        }
        return holders.contains(EVERYONE_HOLDER) ? "everyone" : String.join(", ", holders);
    }
}

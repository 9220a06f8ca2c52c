package entrepot.market.prices.sources;

import org.jspecify.annotations.Nullable;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** A list that is being made: models by channel and name, and what there is to say of them. */
final class Drafts {

    private static final Pattern DATED =
            Pattern.compile(
                    "(?:[-@:](?:\\d{4}-\\d{2}-\\d{2}|\\d{8}|\\d{6}|\\d{4}|latest|default"
                            + "|v\\d+(?::\\d+)?))+$");

    /** The day for which prices of two sources are compared. */
    final LocalDate date;

    private final Map<String, Map<String, Draft>> byChannel = new TreeMap<>();
    private final Map<String, Map<String, Draft>> byName = new TreeMap<>();
    private final List<String> notes = new ArrayList<>();

    Drafts(LocalDate date) {
        this.date = date;
    }

    void add(String channel, Draft draft) {
        byChannel.computeIfAbsent(channel, _ -> new TreeMap<>()).putIfAbsent(draft.name, draft);
        Map<String, Draft> names = byName.computeIfAbsent(channel, _ -> new TreeMap<>());
        names.putIfAbsent(key(draft.name), draft);
        draft.names.forEach(name -> names.putIfAbsent(key(name), draft));
    }

    /** Makes a name of one model that of another. */
    void take(String channel, String name, Draft from, Draft to) {
        from.names.remove(name);
        byChannel.computeIfAbsent(channel, _ -> new TreeMap<>()).put(to.name, to);
        byName.computeIfAbsent(channel, _ -> new TreeMap<>()).put(key(name), to);
    }

    @Nullable Draft find(String channel, String name) {
        return byName.getOrDefault(channel, Map.of()).get(key(name));
    }

    /** By a name, or by what it is without its date. */
    @Nullable Draft family(String channel, String name) {
        Draft exact = find(channel, name);
        return exact == null ? find(channel, undated(name)) : exact;
    }

    Collection<Draft> of(String channel) {
        return byChannel.getOrDefault(channel, Map.of()).values();
    }

    void note(String line) {
        notes.add(line);
    }

    List<String> notes() {
        return List.copyOf(notes);
    }

    static String undated(String name) {
        return DATED.matcher(name).replaceFirst("");
    }

    private static String key(String name) {
        return name.toLowerCase(Locale.ROOT);
    }
}

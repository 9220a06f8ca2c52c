package entrepot.gateway.door;

import org.jspecify.annotations.Nullable;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The decoded query of a request. Of a name that is given twice the first value holds. */
public final class Query {

    private static final int PAIRS_MAX = 256;

    private final Map<String, String> pairs = new LinkedHashMap<>();
    private final Map<String, List<String>> lists = new LinkedHashMap<>();
    private final Set<String> included = new HashSet<>();

    /**
     * @param raw as sent, without the question mark
     */
    public Query(String raw) {
        if (raw.isEmpty()) {
            return;
        }
        for (String pair : raw.split("&", PAIRS_MAX)) {
            int equals = pair.indexOf('=');
            String name = decode(equals < 0 ? pair : pair.substring(0, equals));
            String value = equals < 0 ? "" : decode(pair.substring(equals + 1));
            pairs.putIfAbsent(name, value);
            String list = name.replaceFirst("\\[\\d*]$", "");
            lists.computeIfAbsent(list, key -> new ArrayList<>()).add(value);
            if (name.equals("include") || name.startsWith("include[")) {
                included.add(value);
            }
        }
    }

    public @Nullable String get(String name) {
        return pairs.get(name);
    }

    /** All values of a name, written {@code name=}, {@code name[]=} or {@code name[0]=}. */
    public List<String> all(String name) {
        return List.copyOf(lists.getOrDefault(name, List.of()));
    }

    /**
     * Whether a word is among the values of {@code include}, which may stand any number of times.
     */
    public boolean includes(String word) {
        return included.contains(word);
    }

    /** Pairs written as {@code name[key]=value}, by key. */
    public Map<String, String> map(String name) {
        var map = new LinkedHashMap<String, String>();
        pairs.forEach((key, value) -> {
            if (key.startsWith(name + "[") && key.endsWith("]")) {
                map.put(key.substring(name.length() + 1, key.length() - 1), value);
            }
        });
        return map;
    }

    private static String decode(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException malformed) {
            return text;
        }
    }
}

package entrepot.runtime.tools.memory;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** A store that an agent may use, as its tool's URL says. */
record Grant(String storeId, boolean readOnly) {

    private static final int STORES_MAX = 8;
    private static final String READ_ONLY = ":read_only";

    /**
     * What follows {@code entrepot:memory/}: ids parted by commas, each with {@code :read_only} or
     * without; null when it is not that.
     */
    static @Nullable List<Grant> parse(String text) {
        var grants = new ArrayList<Grant>();
        Set<String> seen = new HashSet<>();
        for (String each : text.split(",", -1)) {
            boolean readOnly = each.endsWith(READ_ONLY);
            String id = readOnly ? each.substring(0, each.length() - READ_ONLY.length()) : each;
            if (!id.matches("[A-Za-z0-9_-]{1,64}") || !seen.add(id)) {
                return null;
            }
            grants.add(new Grant(id, readOnly));
        }
        return grants.size() <= STORES_MAX ? List.copyOf(grants) : null;
    }
}

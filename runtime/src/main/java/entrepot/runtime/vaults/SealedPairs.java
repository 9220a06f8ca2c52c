package entrepot.runtime.vaults;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

import java.util.Map;
import java.util.TreeMap;

/** Headers and variables that may be secret, as an agent's tool keeps them. */
public final class SealedPairs {

    private static final TypeReference<Map<String, String>> PAIRS = new TypeReference<>() {};
    private static final JsonMapper JSON = JsonMapper.shared();

    private SealedPairs() {}

    /** Null for none. */
    public static @Nullable String seal(Sealer sealer, String tenant, Map<String, String> pairs) {
        return pairs.isEmpty()
                ? null
                : sealer.seal(place(tenant), JSON.writeValueAsString(new TreeMap<>(pairs)));
    }

    public static Map<String, String> open(Sealer sealer, String tenant, @Nullable String sealed)
            throws Sealer.CannotOpen {
        return sealed == null
                ? Map.of()
                : JSON.readValue(sealer.open(place(tenant), sealed), PAIRS);
    }

    private static String place(String tenant) {
        return "tool/" + tenant;
    }
}

package entrepot.knowledge.index;

import java.util.Objects;

/** Which source: tenants never meet, so their name is in every key. */
public record SourceKey(String tenant, String id) {
    public SourceKey {
        Objects.requireNonNull(tenant, "tenant");
        Objects.requireNonNull(id, "id");
    }
}

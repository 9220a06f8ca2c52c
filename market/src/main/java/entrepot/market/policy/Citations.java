package entrepot.market.policy;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** Where policies stand and what they advise, for those who were told no. */
final class Citations {

    private final Map<String, Policy> policies;

    /**
     * @param policies by id
     */
    Citations(Map<String, Policy> policies) {
        this.policies = new LinkedHashMap<>(policies);
    }

    /** Such as {@code policy night-rest (main.cedar:7)}; null for none. */
    @Nullable String places(Set<String> ids) {
        var places = new ArrayList<String>();
        for (Policy policy : policies.values()) {
            if (ids.contains(policy.id())) {
                places.add(policy.place());
            }
        }
        return places.isEmpty() ? null : String.join(", ", places);
    }

    /** What the first of them that advises anything advises. */
    @Nullable String remedy(Set<String> ids) {
        for (Policy policy : policies.values()) {
            if (ids.contains(policy.id()) && policy.remedy() != null) {
                return policy.remedy();
            }
        }
        return null;
    }
}

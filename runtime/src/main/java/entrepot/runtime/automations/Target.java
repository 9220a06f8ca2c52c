package entrepot.runtime.automations;

import entrepot.conversation.Part;
import entrepot.runtime.agents.AgentSnapshot;
import entrepot.runtime.facts.SessionSettings;

import org.jspecify.annotations.Nullable;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Where an automation delivers to. */
public sealed interface Target {

    /**
     * A session of its own for each delivery.
     *
     * @param agentId of a saved agent, as it is when a delivery is made; null when inline
     * @param agent inline; null when it is a saved one
     */
    record NewSession(
            @Nullable String agentId,
            @Nullable AgentSnapshot agent,
            SessionSettings settings,
            Map<String, String> metadata,
            List<List<Part>> input)
            implements Target {
        public NewSession {
            metadata = Collections.unmodifiableMap(new TreeMap<>(metadata));
            input = List.copyOf(input);
        }
    }

    /** A session that there is. */
    record ExistingSession(String sessionId, String instructions) implements Target {}

    /** The session that there is; null for one of its own. */
    default @Nullable String sessionIdIf() {
        return switch (this) {
            case NewSession made -> null;
            case ExistingSession there -> there.sessionId();
        };
    }
}

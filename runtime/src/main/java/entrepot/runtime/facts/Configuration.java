package entrepot.runtime.facts;

import entrepot.runtime.agents.AgentSnapshot;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/** What may change about a session while it lives, as it stands at one moment. */
public record Configuration(
        AgentSnapshot agent, Map<String, String> metadata, SessionSettings settings) {

    public Configuration {
        metadata = Collections.unmodifiableMap(new TreeMap<>(metadata));
    }

    public Configuration with(AgentSnapshot now) {
        return new Configuration(now, metadata, settings);
    }

    public Configuration with(Map<String, String> now) {
        return new Configuration(agent, now, settings);
    }

    public Configuration with(SessionSettings now) {
        return new Configuration(agent, metadata, now);
    }
}

package entrepot.runtime.tools.automations;

import entrepot.runtime.agents.AgentSnapshot.ToolSpec;
import entrepot.runtime.automations.Automations;
import entrepot.runtime.tools.ToolServer;
import entrepot.runtime.tools.ToolServers;

import java.time.InstantSource;
import java.util.Optional;

/**
 * {@code entrepot:automations}: an agent schedules its own wake-ups. They come to its session and
 * to no other.
 */
public final class AutomationTools implements ToolServers {

    public static final String URL = "entrepot:automations";

    private final Automations automations;
    private final InstantSource clock;

    public AutomationTools(Automations automations, InstantSource clock) {
        this.automations = automations;
        this.clock = clock;
    }

    @Override
    public Optional<ToolServer> find(ToolSpec.Server spec, Context context) {
        return spec.address().equals(URL)
                ? Optional.of(new AutomationServer(automations, clock, context))
                : Optional.empty();
    }
}

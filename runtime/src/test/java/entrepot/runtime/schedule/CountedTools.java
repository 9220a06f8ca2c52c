package entrepot.runtime.schedule;

import entrepot.conversation.Extras;
import entrepot.conversation.Tool;
import entrepot.runtime.agents.AgentSnapshot.ToolSpec;
import entrepot.runtime.tools.ToolServer;
import entrepot.runtime.tools.ToolServers;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** The world outside: it counts how often each call really ran, whoever ran it. */
public final class CountedTools implements ToolServer, ToolServers {

    private final Map<String, AtomicInteger> changesByKey = new ConcurrentHashMap<>();
    private final Consumer<Use> watcher;

    public CountedTools(Consumer<Use> watcher) {
        this.watcher = watcher;
    }

    @Override
    public Optional<ToolServer> find(ToolSpec.Server spec, Context context) {
        return spec.label().equals("world") ? Optional.of(this) : Optional.empty();
    }

    @Override
    public List<Offer> offers() {
        return List.of(offer("look", Effect.READ), offer("change", Effect.ONCE));
    }

    private static Offer offer(String name, Effect effect) {
        return new Offer(new Tool.Function(name, null, null, null, Extras.NONE), effect);
    }

    @Override
    public Result use(Use use) {
        watcher.accept(use);
        if (use.name().equals("change")) {
            changesByKey.computeIfAbsent(use.key(), key -> new AtomicInteger()).incrementAndGet();
        }
        return Result.text("done");
    }

    public Map<String, AtomicInteger> changesByKey() {
        return changesByKey;
    }
}

package entrepot.runtime.faults;

import entrepot.conversation.Extras;
import entrepot.conversation.Tool;
import entrepot.runtime.agents.AgentSnapshot.ToolSpec;
import entrepot.runtime.tools.ToolServer;
import entrepot.runtime.tools.ToolServers;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** Tools that change the world outside, one for each class of effect. */
final class Effects implements ToolServer, ToolServers {

    static final String LOOK = "look";
    static final String BOOK = "book";
    static final String CHANGE = "change";

    /** Long enough for others to get between. */
    private static final int WORK_MILLIS = 2;

    private final Function<String, Outside> outsides;
    private final Fate fate;

    /**
     * @param outsides by tenant
     */
    Effects(Function<String, Outside> outsides, Fate fate) {
        this.outsides = outsides;
        this.fate = fate;
    }

    @Override
    public Optional<ToolServer> find(ToolSpec.Server spec, Context context) {
        return spec.label().equals("world") ? Optional.of(this) : Optional.empty();
    }

    @Override
    public List<Offer> offers() {
        return List.of(
                offer(LOOK, Effect.READ), offer(BOOK, Effect.KEYED), offer(CHANGE, Effect.ONCE));
    }

    private static Offer offer(String name, Effect effect) {
        return new Offer(new Tool.Function(name, null, null, null, Extras.NONE), effect);
    }

    @Override
    public Result use(Use use) throws InterruptedException {
        Point.Kind due = fate.tool();
        fate.at(Point.Kind.TOOL_BEFORE, due);
        TimeUnit.MILLISECONDS.sleep(WORK_MILLIS);
        outsides.apply(use.tenant()).effect(use.name(), use.key());
        fate.at(Point.Kind.TOOL_AFTER, due);
        TimeUnit.MILLISECONDS.sleep(WORK_MILLIS);
        return Result.text("done");
    }
}

package entrepot.runtime.driver;

import entrepot.runtime.tools.ToolServers;
import entrepot.runtime.tools.Toolbox;
import entrepot.runtime.turn.TurnState;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * Opens the toolbox of a session: anew before each model call, since what servers offer changes.
 * While a server elsewhere is asked, letters are heard.
 */
final class Opening {

    private static final long QUICK_MILLIS = 50;
    private static final long LOOK_MILLIS = 1_000;

    private final ToolServers servers;
    private final Hand hand;
    private final Bell bell;
    private @Nullable Toolbox opened;

    Opening(ToolServers servers, Hand hand, Bell bell) {
        this.servers = servers;
        this.hand = hand;
        this.bell = bell;
    }

    /** The toolbox the model was last told of; null when a letter asks to cancel. */
    @Nullable Toolbox latest() throws InterruptedException {
        return opened == null ? anew() : opened;
    }

    /** What there is now; null when a letter asks to cancel. */
    @Nullable Toolbox anew() throws InterruptedException {
        TurnState.Session session = hand.state().sessionIf();
        if (session == null) {
            throw new IllegalStateException("Session " + hand.key().id() + " has no beginning");
        }
        ToolServers.Context context = context(session);
        opened =
                Toolbox.asksServers(session.agent())
                        ? await(
                                Task.start(
                                        "offers",
                                        bell,
                                        () -> Toolbox.of(session.agent(), servers, context)))
                        : Toolbox.of(session.agent(), servers, context);
        return opened;
    }

    private ToolServers.Context context(TurnState.Session session) {
        return new ToolServers.Context(
                hand.key().tenant(),
                session.team(),
                session.principal(),
                hand.key().id(),
                session.configuration().settings().vaultIds(),
                session.configuration().settings().environmentId());
    }

    private @Nullable Toolbox await(Task<Toolbox> task) throws InterruptedException {
        try {
            long millis = QUICK_MILLIS;
            while (!ModelCalls.asksToCancel(hand, bell)) {
                Task.End<Toolbox> end = task.end();
                if (end != null) {
                    return toolbox(end);
                }
                bell.await(millis);
                if (task.end() == null) {
                    // It takes a while: what is decided shall be seen meanwhile.
                    hand.commit(Driver.STEP_MILLIS_MAX);
                    millis = LOOK_MILLIS;
                }
            }
            return null;
        } finally {
            task.interrupt();
        }
    }

    private static Toolbox toolbox(Task.End<Toolbox> end) {
        Toolbox toolbox = end.value();
        if (toolbox == null) {
            throw new IllegalStateException("The toolbox cannot be opened.", end.failure());
        }
        return toolbox;
    }

    /** Why a turn cannot go on with this toolbox; null when it can. */
    static @Nullable String refusal(Toolbox toolbox) {
        List<Toolbox.Missing> required =
                toolbox.missing().stream().filter(Toolbox.Missing::required).toList();
        return required.isEmpty()
                ? null
                : "The tool server "
                        + required.getFirst().label()
                        + " is required and could not be started. "
                        + required.getFirst().reason();
    }
}

package entrepot.runtime.driver;

import entrepot.runtime.environments.Workplaces;
import entrepot.runtime.facts.EnvironmentStatus;
import entrepot.runtime.facts.Fact;
import entrepot.runtime.turn.Action;
import entrepot.runtime.turn.TurnState;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes the environments of sessions ready and records how they stand. */
final class Places {

    private static final Logger LOG = LoggerFactory.getLogger(Places.class);

    /** As long as all setup commands of one environment may take together, and some. */
    private static final long PREPARE_MILLIS_MAX = 20 * 600_000L;

    private static final long LOOK_MILLIS = 1_000;

    private final Workplaces workplaces;

    Places(Workplaces workplaces) {
        this.workplaces = workplaces;
    }

    /** Letters are heard meanwhile: when one asks to cancel, what is begun is given up. */
    void prepare(Hand hand, Action.PrepareEnvironment prepare, Bell bell)
            throws InterruptedException {
        String id = prepare.environmentId();
        TurnState.Session session = hand.state().sessionIf();
        if (session != null && session.environment() == null) {
            hand.record(new Fact.EnvironmentChanged(id, EnvironmentStatus.PENDING, null, null));
        }
        hand.commit(PREPARE_MILLIS_MAX);
        String tenant = hand.key().tenant();
        Task<Workplaces.Prepared> task =
                Task.start("environment", bell, () -> workplaces.prepare(tenant, id));
        try {
            while (!ModelCalls.asksToCancel(hand, bell)) {
                Task.End<Workplaces.Prepared> end = task.end();
                if (end != null) {
                    hand.record(standing(id, end));
                    return;
                }
                bell.await(LOOK_MILLIS);
            }
        } finally {
            task.interrupt();
        }
    }

    private static Fact standing(String id, Task.End<Workplaces.Prepared> end) {
        Workplaces.Prepared prepared = end.value();
        if (prepared == null) {
            LOG.warn("environment {} could not be made ready", id, end.failure());
            return new Fact.EnvironmentChanged(
                    id, EnvironmentStatus.FAILED, "internal_error", "It could not be made ready.");
        }
        return new Fact.EnvironmentChanged(
                id, prepared.status(), prepared.code(), prepared.message());
    }

    /**
     * Looks whether a session's environment is still there, before a model is asked what to do.
     *
     * @return whether it is, or there is none
     */
    boolean isThere(Hand hand) {
        TurnState.Session session = hand.state().sessionIf();
        String id = session == null ? null : session.configuration().settings().environmentId();
        if (id == null) {
            return true;
        }
        String tenant = hand.key().tenant();
        return switch (workplaces.look(tenant, id)) {
            case HERE -> true;
            case LOST -> {
                hand.record(new Fact.EnvironmentReset(id, workplaces.reset(tenant, id)));
                yield false;
            }
            case EXPIRED -> {
                hand.record(
                        new Fact.EnvironmentChanged(
                                id,
                                EnvironmentStatus.EXPIRED,
                                "environment_expired",
                                "The environment is gone, with its files."));
                yield false;
            }
        };
    }
}

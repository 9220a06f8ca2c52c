package entrepot.runtime.environments;

import entrepot.runtime.facts.EnvironmentStatus;

import org.jspecify.annotations.Nullable;

/** What the driver of sessions needs of environments. Used by many threads at once. */
public interface Workplaces {

    /** A node on which there are none. */
    Workplaces NONE =
            new Workplaces() {
                @Override
                public Prepared prepare(String tenant, String environmentId) {
                    return new Prepared(
                            EnvironmentStatus.FAILED,
                            "environment_unavailable",
                            "This node has no environments.");
                }

                @Override
                public Look look(String tenant, String environmentId) {
                    return Look.HERE;
                }

                @Override
                public long reset(String tenant, String environmentId) {
                    return 0;
                }
            };

    /**
     * Makes an environment ready for commands, if it is not: puts in what it begins with and runs
     * its setup commands. Takes as long as these.
     */
    Prepared prepare(String tenant, String environmentId) throws InterruptedException;

    /** Whether what was made ready is still here. Quick. */
    Look look(String tenant, String environmentId);

    /** Notes that its files are lost, and how often that has happened. */
    long reset(String tenant, String environmentId);

    /**
     * How it stands.
     *
     * @param status connected or failed
     * @param code of what went wrong, and what that was; null when all is well
     */
    record Prepared(EnvironmentStatus status, @Nullable String code, @Nullable String message) {
        static final Prepared CONNECTED = new Prepared(EnvironmentStatus.CONNECTED, null, null);
    }

    /** Where its files are. */
    enum Look {
        HERE,
        /** On a node that is no more, or deleted. */
        LOST,
        /** Nobody used it for too long. */
        EXPIRED
    }
}

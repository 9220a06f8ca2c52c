package entrepot.app.client;

/** Hears how a turn goes on. */
public interface Progress {

    void session(String sessionId);

    /** An agent has begun to use a tool. */
    void toolStarted(String name, String arguments);

    /**
     * @param status as in the Agents API: {@code completed}, {@code failed}, {@code incomplete}
     */
    void toolEnded(String name, String arguments, String status, String output);

    /** A piece of the answer. */
    void text(String delta);

    /** The connection broke, and is being made again. */
    void reconnecting(int attempt);

    /** Says nothing. */
    Progress SILENT =
            new Progress() {
                @Override
                public void session(String sessionId) {}

                @Override
                public void toolStarted(String name, String arguments) {}

                @Override
                public void toolEnded(
                        String name, String arguments, String status, String output) {}

                @Override
                public void text(String delta) {}

                @Override
                public void reconnecting(int attempt) {}
            };
}

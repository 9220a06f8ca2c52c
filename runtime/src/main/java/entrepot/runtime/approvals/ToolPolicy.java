package entrepot.runtime.approvals;

import entrepot.runtime.tools.ToolServer;

/** Says what becomes of a use of a tool. Asked before each use, and again after an approval. */
@FunctionalInterface
public interface ToolPolicy {

    /** Every tool that an agent has may be used. */
    ToolPolicy ALLOW = use -> Judgement.ALLOWED;

    Judgement judge(Use use);

    /**
     * A use that is about to be.
     *
     * @param server label of the tool server, as the agent calls it
     * @param tool as the server offers it
     * @param arguments as the model wrote them
     */
    record Use(
            String tenant,
            String team,
            String principal,
            String sessionId,
            String agentId,
            String server,
            String tool,
            String arguments,
            ToolServer.Effect effect) {}

    /** What a policy says. */
    enum Verdict {
        ALLOW,
        /** Somebody has to approve it. */
        ASK,
        DENY
    }

    /**
     * @param reason why it is asked about or denied, in words for people and for the model
     */
    record Judgement(Verdict verdict, String reason) {
        public static final Judgement ALLOWED = new Judgement(Verdict.ALLOW, "");

        public static Judgement ask(String reason) {
            return new Judgement(Verdict.ASK, reason);
        }

        public static Judgement deny(String reason) {
            return new Judgement(Verdict.DENY, reason);
        }
    }
}

package entrepot.runtime.subagents;

import entrepot.runtime.agents.AgentSnapshot;

import tools.jackson.databind.JsonNode;

/** How many subagents there may be, how deep, and how much may be said. */
public final class SubagentLimits {

    /** How far below the root a subagent may be: subagents make none of their own. */
    public static final int DEPTH_MAX = 1;

    /** As many as are open at once where the agent does not say. */
    public static final long OPEN_DEFAULT = 6;

    /** As many as one session may make, closed ones counted. */
    public static final int MADE_MAX = 256;

    public static final int NAME_CHARS_MAX = 64;

    /** What one input, or one report, may have. */
    public static final int MESSAGE_CHARS_MAX = 64 << 10;

    /** The longest that a wait may last before the coordinator goes on. */
    public static final long WAIT_SECONDS_MAX = 7L * 24 * 3600;

    private SubagentLimits() {}

    /** Whether an agent may make subagents. */
    public static boolean enabled(AgentSnapshot agent) {
        return agent.settings().path("multi_agent").path("enabled").asBoolean(false);
    }

    /** As many as an agent may have open at once. */
    public static long openMax(AgentSnapshot agent) {
        JsonNode most = agent.settings().path("multi_agent").path("max_concurrent_subagents");
        return most.isIntegralNumber() ? most.longValue() : OPEN_DEFAULT;
    }
}

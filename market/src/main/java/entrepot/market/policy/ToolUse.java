package entrepot.market.policy;

/**
 * A use of a tool that policies are asked about.
 *
 * @param server the label that the agent gives its tool server
 * @param tool as the server offers it
 * @param effect {@code read}, {@code keyed} or {@code once}
 * @param agent id of the agent
 * @param session id of the session
 * @param arguments as the model wrote them
 */
public record ToolUse(
        String tenant,
        String team,
        String principal,
        String server,
        String tool,
        String effect,
        String agent,
        String session,
        String arguments) {

    String name() {
        return server + "/" + tool;
    }
}

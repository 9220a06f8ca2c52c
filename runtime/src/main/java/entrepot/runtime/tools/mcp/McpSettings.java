package entrepot.runtime.tools.mcp;

import java.util.List;

/**
 * Limits towards tool servers, and which of them may be elsewhere than on the public Internet.
 *
 * @param inside hosts, as {@code host} or {@code host:port}, that may be at private addresses and
 *     spoken to without TLS
 * @param listMillisMax for everything that comes before a tool is used
 * @param callMillisMax for one use of a tool
 * @param answerBytesMax of one answer
 * @param toolsMax of one server
 * @param freshMillis how long a list of tools is believed when the server does not say
 * @param idleMillis after how long without use a connection is given up
 * @param connectionsMax kept at once
 */
public record McpSettings(
        List<String> inside,
        long listMillisMax,
        long callMillisMax,
        int answerBytesMax,
        int toolsMax,
        long freshMillis,
        long idleMillis,
        int connectionsMax) {

    public static final McpSettings DEFAULT =
            new McpSettings(List.of(), 15_000, 300_000, 4 << 20, 512, 300_000, 600_000, 500);

    public McpSettings {
        inside = List.copyOf(inside);
    }

    public McpSettings withInside(List<String> hosts) {
        return new McpSettings(
                hosts,
                listMillisMax,
                callMillisMax,
                answerBytesMax,
                toolsMax,
                freshMillis,
                idleMillis,
                connectionsMax);
    }
}

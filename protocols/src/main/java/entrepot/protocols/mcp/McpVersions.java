package entrepot.protocols.mcp;

import java.util.List;

/**
 * Revisions of the protocol. The modern one says everything with each request; before it, a session
 * began with {@code initialize}.
 */
public final class McpVersions {

    public static final String MODERN = "2026-07-28";

    /** The newest that begins with {@code initialize}. */
    public static final String LEGACY = "2025-11-25";

    /** Those with {@code initialize} that are understood, newest first. */
    public static final List<String> LEGACIES = List.of(LEGACY, "2025-06-18", "2025-03-26");

    /** All that are understood, newest first. */
    public static final List<String> ALL = List.of(MODERN, LEGACY, "2025-06-18", "2025-03-26");

    private McpVersions() {}
}

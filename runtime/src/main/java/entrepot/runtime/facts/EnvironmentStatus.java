package entrepot.runtime.facts;

/** How the place where a session's commands run stands; the words are the Agents API's. */
public enum EnvironmentStatus {
    /** It is being made ready. */
    PENDING,
    /** It is ready, and no session has it. */
    READY,
    CONNECTED,
    DISCONNECTED,
    /** Nothing has run for a while; its files are kept. */
    SUSPENDED,
    /** It is gone. */
    EXPIRED,
    FAILED
}

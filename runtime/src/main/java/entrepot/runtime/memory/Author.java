package entrepot.runtime.memory;

import entrepot.identity.Caller;

import org.jspecify.annotations.Nullable;

/**
 * Who changed a memory. Comes from the credential and the journal, never from what was sent.
 *
 * @param principal who asked, or whose session it was
 * @param keyId of the key that asked; null for an agent
 * @param work null for a caller
 */
public record Author(String principal, @Nullable String keyId, @Nullable Work work) {

    /** The call of a tool that an agent made. */
    public record Work(String sessionId, String turnId, String callId) {}

    public static Author of(Caller caller) {
        return new Author(caller.principal(), caller.keyId(), null);
    }

    public static Author agent(String principal, String sessionId, String turnId, String callId) {
        return new Author(principal, null, new Work(sessionId, turnId, callId));
    }
}

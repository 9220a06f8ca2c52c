package entrepot.runtime.driver;

import entrepot.runtime.journal.SessionKey;

/**
 * The ownership of a session.
 *
 * @param attempts claims since the journal last grew, this one included
 */
public record Claim(SessionKey key, long epoch, long head, long attempts) {}

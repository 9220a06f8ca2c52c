package entrepot.runtime.journal;

import entrepot.runtime.facts.Fact;

/** What a fact of one session does to another session of the same tree and tenant. */
public sealed interface Post {

    /** The session it is for. */
    String sessionId();

    /**
     * Makes a session, with its first letter.
     *
     * @param summary of its first fact
     */
    record Make(String sessionId, Fact.SessionCreated created, String summary, Letter first)
            implements Post {}

    /**
     * Delivers a letter; to a session that is gone it is dropped.
     *
     * @param dedupe what makes it the same letter as another
     */
    record Send(String sessionId, Letter letter, String dedupe, Door door) implements Post {}

    /** What becomes of a subagent's door. */
    enum Door {
        AS_IT_IS,
        /** It takes no more input from its coordinator. */
        CLOSE
    }

    /** It takes input from its coordinator again. */
    record Reopen(String sessionId) implements Post {}
}

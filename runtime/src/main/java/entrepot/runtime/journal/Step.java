package entrepot.runtime.journal;

import entrepot.runtime.facts.Fact;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * What the owner of a session wants to write.
 *
 * @param epoch the ownership under which it writes
 * @param head the last fact it has seen
 * @param inputSeen number of the last letter that is in the journal, these facts included
 * @param summary what the session adds up to after these facts
 * @param approvals how many calls wait for approval
 * @param posts what becomes of other sessions of the tree, in the same transaction
 */
public record Step(
        SessionKey key,
        long epoch,
        long head,
        List<Fact> facts,
        long inputSeen,
        String summary,
        long approvals,
        Then then,
        List<Post> posts) {

    public Step {
        facts = List.copyOf(facts);
        posts = List.copyOf(posts);
    }

    /** Without anything for other sessions. */
    public Step(
            SessionKey key,
            long epoch,
            long head,
            List<Fact> facts,
            long inputSeen,
            String summary,
            long approvals,
            Then then) {
        this(key, epoch, head, facts, inputSeen, summary, approvals, then, List.of());
    }

    /** What becomes of the ownership. */
    public sealed interface Then {

        /**
         * The owner goes on.
         *
         * @param dueMillis when the watchdog may take the session away, from now
         */
        record Keep(long dueMillis) implements Then {}

        /**
         * Nobody owns it until a letter comes. Refused when one has come already.
         *
         * @param wakeMillis after which it is looked at even without one, from now; null for never
         */
        record Park(@Nullable Long wakeMillis) implements Then {}

        /** Anybody may go on after a while; at once if a letter has come. */
        record Release(long delayMillis) implements Then {}
    }

    /** How an append ended. */
    public sealed interface Written {

        /**
         * @param inboxHead number of the newest letter
         */
        record Done(long inboxHead) implements Written {}

        /** Another owner has written since: stop. */
        record Fenced() implements Written {}

        /** A letter came, so the session was not parked; nothing was written. */
        record LetterCame() implements Written {}
    }
}

package entrepot.runtime.driver;

import entrepot.runtime.facts.Fact;
import entrepot.runtime.journal.Hints;
import entrepot.runtime.journal.Inbox;
import entrepot.runtime.journal.Journal;
import entrepot.runtime.journal.Letter;
import entrepot.runtime.journal.Pieces;
import entrepot.runtime.journal.Post;
import entrepot.runtime.journal.SessionKey;
import entrepot.runtime.journal.Step;
import entrepot.runtime.turn.Posting;
import entrepot.runtime.turn.Replay;
import entrepot.runtime.turn.Summary;
import entrepot.runtime.turn.TurnState;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * The owner's hand on one session: its facts, what they add up to, the letters not yet read, and
 * facts that are decided but not yet written. Facts are gathered until something outside depends on
 * them, then written together.
 */
final class Hand {

    private static final int LOADED_AT_ONCE = 500;

    private final Journal journal;
    private final Inbox inbox;
    private final Pieces pieces;
    private final Hints hints;
    private final SessionKey key;
    private final long epoch;

    private final List<Fact> facts = new ArrayList<>();
    private final List<Fact> unwritten = new ArrayList<>();
    private final List<Post> unsent = new ArrayList<>();
    private final Deque<Letter.Numbered> letters = new ArrayDeque<>();
    private TurnState state = new TurnState.Nothing();
    private long head;
    private long parts;

    Hand(Journal journal, Inbox inbox, Pieces pieces, Hints hints, Claim claim) {
        this.journal = journal;
        this.inbox = inbox;
        this.pieces = pieces;
        this.hints = hints;
        this.key = claim.key();
        this.epoch = claim.epoch();
    }

    /** Reads the journal and the inbox. */
    void load(long headClaimed) {
        while (head < headClaimed) {
            List<Journal.Recorded> more = journal.facts(key, head, LOADED_AT_ONCE);
            if (more.isEmpty()) {
                throw new IllegalStateException(
                        "Session " + key.id() + " has " + head + " facts, not " + headClaimed);
            }
            for (Journal.Recorded recorded : more) {
                facts.add(recorded.fact());
                state = Replay.next(state, recorded.fact());
                head = recorded.seq();
            }
        }
        if (head != headClaimed) {
            throw new Fenced();
        }
        readLetters();
    }

    SessionKey key() {
        return key;
    }

    TurnState state() {
        return state;
    }

    List<Fact> facts() {
        return facts;
    }

    List<Letter.Numbered> letters() {
        return List.copyOf(letters);
    }

    /** Reads letters that have come since. */
    void readLetters() {
        long newest = letters.isEmpty() ? state.inputSeen() : letters.getLast().number();
        letters.addAll(inbox.after(key, newest));
    }

    /** Decides on a fact; it is written by the next commit. */
    void record(Fact fact) {
        unwritten.add(fact);
        facts.add(fact);
        unsent.addAll(Posting.of(key, state, facts, fact));
        state = Replay.next(state, fact);
        while (!letters.isEmpty() && letters.getFirst().number() <= state.inputSeen()) {
            letters.removeFirst();
        }
    }

    /** Writes what is decided, and keeps the session for so long at least. */
    void commit(long dueMillis) {
        if (!unwritten.isEmpty()) {
            write(new Step.Then.Keep(dueMillis));
        }
    }

    /** Writes what is decided and gives the session up for a while. */
    void release(long delayMillis) {
        write(new Step.Then.Release(delayMillis));
    }

    /**
     * Writes what is decided and lets the session sleep.
     *
     * @param wakeMillis after which it is looked at even without a letter; null for never
     * @return false when a letter came: then all is written, and the session is still ours
     */
    boolean park(@Nullable Long wakeMillis, long dueMillis) {
        if (write(new Step.Then.Park(wakeMillis))) {
            return true;
        }
        commit(dueMillis);
        readLetters();
        return false;
    }

    private boolean write(Step.Then then) {
        Summary summary = Summary.of(state);
        Step step =
                new Step(
                        key,
                        epoch,
                        head,
                        unwritten,
                        state.inputSeen(),
                        summary.written(),
                        summary.approvals(),
                        then,
                        unsent);
        return switch (journal.append(step)) {
            case Step.Written.Done done -> {
                written(done);
                yield true;
            }
            case Step.Written.LetterCame came -> false;
            case Step.Written.Fenced fenced -> throw new Fenced();
        };
    }

    private void written(Step.Written.Done done) {
        if (!unwritten.isEmpty()) {
            head += unwritten.size();
            parts = 0;
            unwritten.clear();
        }
        hints.grown(key);
        for (Post post : unsent) {
            hints.letter(new SessionKey(key.tenant(), post.sessionId()));
        }
        unsent.clear();
        long newest = letters.isEmpty() ? state.inputSeen() : letters.getLast().number();
        if (done.inboxHead() > newest) {
            readLetters();
        }
    }

    /** Stores pieces of the answer in flight, then shows them. */
    void show(List<Pieces.Piece> more) {
        for (Pieces.Piece piece : more) {
            if (!pieces.add(key, epoch, head, ++parts, piece)) {
                throw new Fenced();
            }
        }
        if (!more.isEmpty()) {
            hints.grown(key);
        }
    }
}

package entrepot.runtime.session;

import entrepot.conversation.Failed;
import entrepot.conversation.Failure;
import entrepot.runtime.journal.Inbox;
import entrepot.runtime.journal.Letter;
import entrepot.runtime.journal.SessionKey;
import entrepot.runtime.journal.SessionTable;
import entrepot.runtime.turn.Summary;
import entrepot.store.Sql;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Decides which of a caller's letters are delivered: all of them or none. Looks at what the journal
 * waits for and at the letters that lie unread, in the transaction that delivers.
 */
final class Admissions {

    private final Inbox inbox;
    private final SessionKey key;
    private final SessionTable.Admission admission;
    private final Set<String> open = new HashSet<>();
    private final Set<String> admitted = new HashSet<>();

    Admissions(Inbox inbox, SessionKey key, SessionTable.Admission admission) {
        this.inbox = inbox;
        this.key = key;
        this.admission = admission;
    }

    List<Inbox.Outgoing> admit(Sql sql, List<Letter> letters) throws SQLException {
        long unread = admission.inboxHead() - admission.inboxSeen();
        if (unread + letters.size() > Inbox.UNREAD_MAX) {
            throw new Failed(
                    Failure.of(
                            Failure.Cause.LIMITED,
                            "Session "
                                    + key.id()
                                    + " has "
                                    + unread
                                    + " inputs that it has not taken in yet; at most "
                                    + Inbox.UNREAD_MAX
                                    + " may wait."));
        }
        for (Summary.Waiting call : Summary.read(admission.summary()).waiting()) {
            open.add(mark(call.turnId(), call.callId()));
        }
        if (unread > 0) {
            inbox.after(sql, key, admission.inboxSeen()).forEach(each -> count(each.letter()));
        }
        List<Inbox.Outgoing> all = new ArrayList<>();
        for (Letter letter : letters) {
            if (!(letter instanceof Letter.Result result)) {
                all.add(new Inbox.Outgoing(letter, null));
                count(letter);
            } else if (isWanted(sql, result)) {
                String mark = mark(result.turnId(), result.callId());
                all.add(new Inbox.Outgoing(letter, mark));
                admitted.add(mark);
                count(letter);
            }
        }
        return all;
    }

    /**
     * @return false when the result is here already: then it changes nothing
     * @throws Failed when nobody waits for it
     */
    private boolean isWanted(Sql sql, Letter.Result result) throws SQLException {
        String mark = mark(result.turnId(), result.callId());
        if (open.contains(mark)) {
            return true;
        }
        if (admitted.contains(mark) || inbox.has(sql, key, mark)) {
            return false;
        }
        // Clients look for these words and try again shortly after.
        throw new Failed(
                Failure.of(
                        Failure.Cause.INVALID_REQUEST,
                        "Unknown pending tool call: " + result.callId()));
    }

    private void count(Letter letter) {
        switch (letter) {
            case Letter.Message message -> {}
            case Letter.Change change -> {}
            case Letter.Cancel cancel -> open.clear();
            case Letter.Result result -> open.remove(mark(result.turnId(), result.callId()));
        }
    }

    private static String mark(String turnId, String callId) {
        return "result/" + turnId + "/" + callId;
    }
}

package entrepot.runtime.session;

import entrepot.conversation.Failed;
import entrepot.conversation.Failure;
import entrepot.runtime.journal.Inbox;
import entrepot.runtime.journal.Letter;
import entrepot.runtime.journal.SessionKey;
import entrepot.runtime.journal.SessionTable;
import entrepot.runtime.turn.Call;
import entrepot.runtime.turn.Summary;
import entrepot.store.Sql;

import org.jspecify.annotations.Nullable;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Decides which of a caller's letters are delivered: all of them or none. Looks at what the journal
 * waits for and at the letters that lie unread, in the transaction that delivers.
 */
final class Admissions {

    private final Inbox inbox;
    private final SessionKey key;
    private final SessionTable.Admission admission;
    private final Set<String> open = new HashSet<>();

    /** Which subagent asks, by the mark of its question. */
    private final Map<String, String> askers = new HashMap<>();

    private final Map<String, List<Inbox.Outgoing>> forSubagents = new TreeMap<>();
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
            Call.Held question = call.approval();
            open(
                    question == null
                            ? mark(call.turnId(), call.callId())
                            : mark(question.approvalId()),
                    call.path());
        }
        if (unread > 0) {
            inbox.after(sql, key, admission.inboxSeen()).forEach(each -> count(each.letter()));
        }
        List<Inbox.Outgoing> all = new ArrayList<>();
        for (Letter letter : letters) {
            String mark = mark(letter);
            if (mark == null) {
                all.add(new Inbox.Outgoing(letter, null));
                count(letter);
            } else if (isWanted(sql, letter, mark)) {
                String asker = askers.get(mark);
                List<Inbox.Outgoing> to =
                        asker == null
                                ? all
                                : forSubagents.computeIfAbsent(asker, id -> new ArrayList<>());
                to.add(new Inbox.Outgoing(letter, mark));
                admitted.add(mark);
                count(letter);
            }
        }
        return all;
    }

    /** Letters that answer questions of subagents, for their own inboxes; in order of ids. */
    Map<String, List<Inbox.Outgoing>> forSubagents() {
        return forSubagents;
    }

    private void open(String mark, List<String> path) {
        open.add(mark);
        if (!path.isEmpty()) {
            askers.put(mark, path.getLast());
        }
    }

    /** What makes an answer the same answer as another; null for letters that answer nothing. */
    private static @Nullable String mark(Letter letter) {
        return switch (letter) {
            case Letter.Result result -> mark(result.turnId(), result.callId());
            case Letter.Approval approval -> mark(approval.approvalId());
            case Letter.Message _,
                    Letter.Cancel _,
                    Letter.Report _,
                    Letter.Question _,
                    Letter.Settled _ ->
                    null;
            case Letter.Change change -> null;
        };
    }

    /**
     * @return false when the answer is here already: then it changes nothing
     * @throws Failed when nobody waits for it
     */
    private boolean isWanted(Sql sql, Letter letter, String mark) throws SQLException {
        String asker = askers.get(mark);
        SessionKey to = asker == null ? key : new SessionKey(key.tenant(), asker);
        if (open.contains(mark) && (asker == null || inbox.find(sql, to, mark).isEmpty())) {
            return true;
        }
        if (admitted.contains(mark)) {
            return false;
        }
        Optional<Letter> before = answered(sql, to, mark);
        if (before.isPresent()) {
            requireSame(letter, before.get());
            return false;
        }
        throw new Failed(
                letter instanceof Letter.Result result
                        // Clients look for these words and try again shortly after.
                        ? Failure.of(
                                Failure.Cause.INVALID_REQUEST,
                                "Unknown pending tool call: " + result.callId())
                        : Failure.of(
                                Failure.Cause.CONFLICT,
                                "This approval is not asked for, or not any more: it lapsed, or"
                                        + " its turn has ended."));
    }

    /** The answer that is here already, be it in the inbox of a subagent that asked. */
    private Optional<Letter> answered(Sql sql, SessionKey to, String mark) throws SQLException {
        Optional<Letter> before = inbox.find(sql, to, mark);
        return before.isPresent() || !to.equals(key) ? before : inbox.findBelow(sql, key, mark);
    }

    /** Who comes second with another word is told so. */
    private static void requireSame(Letter letter, Letter before) {
        if (letter instanceof Letter.Approval now
                && before instanceof Letter.Approval first
                && now.approved() != first.approved()) {
            throw new Failed(
                    Failure.of(
                            Failure.Cause.CONFLICT,
                            first.by()
                                    + " has "
                                    + (first.approved() ? "approved" : "denied")
                                    + " this already, and that stands."));
        }
    }

    private void count(Letter letter) {
        switch (letter) {
            case Letter.Message _, Letter.Change _ -> {}
            case Letter.Report report -> {
                askers.entrySet().removeIf(each -> forget(each, report.subagentId()));
            }
            case Letter.Question question ->
                    open(mark(question.question().approvalId()), question.path());
            case Letter.Settled settled -> open.remove(mark(settled.approvalId()));
            case Letter.Approval approval -> open.remove(mark(approval.approvalId()));
            case Letter.Cancel cancel -> {
                open.clear();
                askers.clear();
            }
            case Letter.Result result -> open.remove(mark(result.turnId(), result.callId()));
        }
    }

    private boolean forget(Map.Entry<String, String> asked, String subagentId) {
        return asked.getValue().equals(subagentId) && open.remove(asked.getKey());
    }

    private static String mark(String approvalId) {
        return "approval/" + approvalId;
    }

    private static String mark(String turnId, String callId) {
        return "result/" + turnId + "/" + callId;
    }
}

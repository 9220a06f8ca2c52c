package entrepot.console;

import entrepot.conversation.Failed;
import entrepot.conversation.Failure;
import entrepot.identity.Caller;
import entrepot.runtime.session.Sessions;
import entrepot.runtime.session.View;
import entrepot.store.Page;

import org.jspecify.annotations.Nullable;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/** The calls that wait for approval, and the answers that a person gives on their page. */
final class OpenQuestions {

    private static final int SESSIONS_MAX = 100;
    private static final int NOTE_CHARS_MAX = 2_000;

    private final Sessions sessions;
    private final InstantSource clock;

    OpenQuestions(Sessions sessions, InstantSource clock) {
        this.sessions = sessions;
        this.clock = clock;
    }

    /** Those of the oldest sessions first. */
    List<ApprovalRow> rows(Caller caller) {
        var rows = new ArrayList<ApprovalRow>();
        var query = new Page.Query(null, SESSIONS_MAX, true);
        for (Sessions.Session session : sessions.awaitingApproval(caller, query).data()) {
            for (View.RequiredAction action : session.requiredActions()) {
                View.Approval approval = action.approval();
                if (approval != null) {
                    rows.add(ApprovalRow.of(session, action, approval));
                }
            }
        }
        return rows;
    }

    /**
     * Takes an answer.
     *
     * @param place the session's id and the question's, with a slash between
     * @throws Failed when nothing waits there, or something else than what was shown
     */
    void answer(Caller caller, String place, Form form) {
        int slash = place.indexOf('/');
        String session = place.substring(0, Math.max(0, slash));
        String id = place.substring(slash + 1);
        View.Approval asked = open(caller, session, id);
        if (asked == null || !asked.digest().equals(form.get("digest"))) {
            throw refused(
                    "This call does not wait any more: it was answered, lapsed, or its turn has"
                            + " ended.");
        }
        if (asked.expiresSeconds() <= clock.instant().getEpochSecond()) {
            throw refused("This question has lapsed, so the call is not made.");
        }
        boolean approved =
                switch (form.get("decision")) {
                    case "approve" -> true;
                    case "deny" -> false;
                    default -> throw refused("The answer must be approve or deny.");
                };
        String note = form.get("note");
        if (note.length() > NOTE_CHARS_MAX) {
            throw refused("A note is at most " + NOTE_CHARS_MAX + " characters.");
        }
        boolean forSession = form.get("scope").equals("session");
        sessions.post(
                caller,
                session,
                List.of(
                        new Sessions.Input.Approval(
                                id, approved, note.isEmpty() ? null : note, forSession)),
                null);
    }

    private View.@Nullable Approval open(Caller caller, String sessionId, String id) {
        Sessions.Session session = sessions.find(caller, sessionId).orElse(null);
        if (session != null) {
            for (View.RequiredAction action : session.requiredActions()) {
                View.Approval approval = action.approval();
                if (approval != null && approval.id().equals(id)) {
                    return approval;
                }
            }
        }
        return null;
    }

    private static Failed refused(String why) {
        return new Failed(Failure.of(Failure.Cause.CONFLICT, why));
    }
}

package entrepot.console;

import entrepot.runtime.session.Sessions;
import entrepot.runtime.session.View;

import java.time.Instant;

/** A call of a tool that waits for somebody's word. */
public record ApprovalRow(
        String id,
        String sessionId,
        String agent,
        String tool,
        String arguments,
        String reason,
        String digest,
        String expires) {

    static ApprovalRow of(
            Sessions.Session session, View.RequiredAction action, View.Approval approval) {
        return new ApprovalRow(
                approval.id(),
                session.id(),
                SessionPage.agent(session),
                approval.server() + "/" + approval.tool(),
                action.arguments(),
                approval.reason(),
                approval.digest(),
                Instant.ofEpochSecond(approval.expiresSeconds()).toString());
    }

    /** Where its answer is sent. */
    public String action() {
        return "/console/approvals/" + sessionId + "/" + id;
    }
}

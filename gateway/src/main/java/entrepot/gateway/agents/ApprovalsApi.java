package entrepot.gateway.agents;

import entrepot.conversation.Failed;
import entrepot.conversation.Failure;
import entrepot.gateway.door.Call;
import entrepot.gateway.door.Described;
import entrepot.gateway.door.ErrorShape;
import entrepot.gateway.door.Fields;
import entrepot.gateway.door.OpenAiShape;
import entrepot.gateway.door.Refusals;
import entrepot.gateway.door.Route;
import entrepot.identity.Caller;
import entrepot.protocols.json.Json;
import entrepot.runtime.session.Sessions;
import entrepot.runtime.session.View;
import entrepot.store.Page;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.List;

/**
 * Calls of tools that wait for somebody's word, over all sessions that the caller sees. The routes
 * are ours: they need no beta header.
 */
public final class ApprovalsApi {

    private static final ErrorShape ERRORS = new OpenAiShape();

    private static final Described LIST =
            Described.get(
                    "Lists the calls of tools that wait for approval, oldest session first.",
                    "{limit?: integer, after?: string}",
                    "{object: list, data: [{id: string, object: approval, session_id: string,"
                        + " turn_id: string, call_id: string, agent: {id: string, name:"
                        + " string|null}, server_label: string, name: string, arguments: any,"
                        + " subagent_path: [string], reason: string, digest: string, expires_at:"
                        + " integer}], has_more: boolean, next: string|null}");
    private static final Described ANSWER =
            new Described(
                    "Approves or denies a call that waits; the session goes on by itself.",
                    "",
                    "{decision: approve/deny, note?: string, scope?: once/session,"
                            + " digest?: string}",
                    200,
                    "{id: string, object: approval, session_id: string,"
                            + " decision: approve/deny, scope: once/session, digest: string}");

    private final Sessions sessions;

    public ApprovalsApi(Sessions sessions) {
        this.sessions = sessions;
    }

    public List<Route> routes() {
        String one = "/v1/agents/sessions/{session_id}/approvals/{approval_id}";
        return List.of(
                new Route("GET", "/v1/approvals", Caller.Scope.AGENTS, ERRORS, this::list)
                        .about(LIST),
                new Route("POST", one, Caller.Scope.AGENTS, ERRORS, this::answer).about(ANSWER));
    }

    private void list(Call call) {
        Page.Query asked = Lists.clamped(call.query());
        Page<Sessions.Session> page =
                sessions.awaitingApproval(
                        call.caller(), new Page.Query(asked.after(), asked.countMax(), true));
        ObjectNode json = Json.object().put("object", "list");
        ArrayNode data = json.putArray("data");
        for (Sessions.Session session : page.data()) {
            for (View.RequiredAction action : session.requiredActions()) {
                View.Approval approval = action.approval();
                if (approval != null) {
                    data.add(json(session, action, approval));
                }
            }
        }
        json.put("has_more", page.hasMore());
        json.put("next", page.hasMore() ? page.data().getLast().id() : null);
        call.respond(200, json);
    }

    private static ObjectNode json(
            Sessions.Session session, View.RequiredAction action, View.Approval approval) {
        ObjectNode json =
                Json.object()
                        .put("id", approval.id())
                        .put("object", "approval")
                        .put("session_id", session.id())
                        .put("turn_id", action.turnId())
                        .put("call_id", action.callId());
        json.putObject("agent").put("id", session.agent().id()).put("name", session.agent().name());
        json.put("server_label", approval.server()).put("name", approval.tool());
        json.set("arguments", ContentJson.arguments(action.arguments()));
        ArrayNode path = json.putArray("subagent_path");
        action.path().forEach(path::add);
        return json.put("reason", approval.reason())
                .put("digest", approval.digest())
                .put("expires_at", approval.expiresSeconds());
    }

    private void answer(Call call) {
        Sessions.Session session =
                sessions.find(call.caller(), call.parameter("session_id"))
                        .orElseThrow(Refusals::notFound);
        String id = call.parameter("approval_id");
        Fields body = call.fields();
        Sessions.Input.Approval answer = ApprovalJson.answer(id, body);
        String digest = body.text("digest");
        body.end();
        View.Approval asked = asked(call.caller(), session, id);
        if (asked == null) {
            throw Refusals.notFound();
        }
        if (digest != null && !digest.equals(asked.digest())) {
            throw new Failed(
                    Failure.at(
                            Failure.Cause.CONFLICT,
                            "The call that waits is not the one you decided on: its digest is"
                                    + " another. Read it again (GET /v1/approvals).",
                            "digest"));
        }
        ApprovalJson.requireInTime(session, id, call.startedAt());
        sessions.post(call.caller(), session.id(), List.of(answer), null);
        call.respond(
                200,
                Json.object()
                        .put("id", id)
                        .put("object", "approval")
                        .put("session_id", session.id())
                        .put("decision", answer.approved() ? "approve" : "deny")
                        .put("scope", answer.forSession() ? "session" : "once")
                        .put("digest", asked.digest()));
    }

    /** The question, open or not; null when it was never asked. */
    private View.@Nullable Approval asked(
            Caller caller, Sessions.Session session, String approvalId) {
        for (View.RequiredAction action : session.requiredActions()) {
            View.Approval approval = action.approval();
            if (approval != null && approval.id().equals(approvalId)) {
                return approval;
            }
        }
        View view = sessions.view(caller, session.id()).orElseThrow(Refusals::notFound);
        for (View.Item item : view.items()) {
            if (item instanceof View.Item.ApprovalRequest request
                    && request.id().equals(approvalId)) {
                return request.approval();
            }
        }
        return null;
    }
}

package entrepot.gateway.agents;

import entrepot.gateway.door.Call;
import entrepot.gateway.door.Refusals;
import entrepot.gateway.door.Route;
import entrepot.runtime.session.Sessions;
import entrepot.runtime.session.View;
import entrepot.store.Page;

import java.util.List;

/** The subagents of a session, with their turns and items. They are read only. */
final class SubagentsApi {

    private final Sessions sessions;

    SubagentsApi(Sessions sessions) {
        this.sessions = sessions;
    }

    List<Route> routes() {
        String all = "/v1/agents/sessions/{session_id}/subagents";
        String one = all + "/{subagent_id}";
        return List.of(
                AgentsApi.route("GET", all, this::list),
                AgentsApi.route("GET", one, this::get),
                AgentsApi.route("GET", one + "/items", this::listItems),
                AgentsApi.route("GET", one + "/turns", this::listTurns),
                AgentsApi.route("GET", one + "/turns/{turn_id}", this::getTurn),
                AgentsApi.route("GET", one + "/turns/{turn_id}/items", this::listTurnItems));
    }

    private void list(Call call) {
        Page.Query query = Lists.strict(call.query());
        Sessions.Session session = session(call);
        Page<Sessions.Subagent> page = sessions.subagents(call.caller(), session.id(), query);
        String agentId = session.agent().id();
        call.respond(200, Lists.json(page, subagent -> SubagentJson.subagent(subagent, agentId)));
    }

    private void get(Call call) {
        Sessions.Session session = session(call);
        call.respond(200, SubagentJson.subagent(subagent(call), session.agent().id()));
    }

    private void listItems(Call call) {
        Page.Query query = Lists.clamped(call.query());
        Page<View.Item> page = sessions.items(call.caller(), subagent(call).id(), query);
        call.respond(200, Lists.json(page, SessionJson::item));
    }

    private void listTurns(Call call) {
        Page.Query query = Lists.strict(call.query());
        Sessions.Subagent subagent = subagent(call);
        Page<View.Turn> page = sessions.turns(call.caller(), subagent.id(), query);
        call.respond(200, Lists.json(page, turn -> json(subagent, turn)));
    }

    private void getTurn(Call call) {
        Sessions.Subagent subagent = subagent(call);
        call.respond(200, json(subagent, AgentsApi.turn(call, view(call, subagent))));
    }

    private void listTurnItems(Call call) {
        Page.Query query = Lists.clamped(call.query());
        View view = view(call, subagent(call));
        String turnId = AgentsApi.turn(call, view).id();
        List<View.Item> items =
                view.items().stream().filter(item -> item.turnId().equals(turnId)).toList();
        call.respond(200, Lists.json(Lists.of(items, query, View.Item::id), SessionJson::item));
    }

    private static tools.jackson.databind.node.ObjectNode json(
            Sessions.Subagent subagent, View.Turn turn) {
        return SessionJson.turn(subagent.parent().rootId(), subagent.id(), subagent.id(), turn);
    }

    private Sessions.Session session(Call call) {
        return sessions.find(call.caller(), call.parameter("session_id"))
                .orElseThrow(Refusals::notFound);
    }

    private Sessions.Subagent subagent(Call call) {
        return sessions.subagent(
                        call.caller(), call.parameter("session_id"), call.parameter("subagent_id"))
                .orElseThrow(Refusals::notFound);
    }

    private View view(Call call, Sessions.Subagent subagent) {
        return sessions.view(call.caller(), subagent.id()).orElseThrow(Refusals::notFound);
    }
}

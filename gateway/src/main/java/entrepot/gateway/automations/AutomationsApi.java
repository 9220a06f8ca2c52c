package entrepot.gateway.automations;

import static entrepot.gateway.agents.AgentsApi.key;
import static entrepot.gateway.agents.AgentsApi.route;

import entrepot.gateway.agents.AgentsApi;
import entrepot.gateway.agents.Lists;
import entrepot.gateway.door.Call;
import entrepot.gateway.door.Fields;
import entrepot.gateway.door.Refusals;
import entrepot.gateway.door.Route;
import entrepot.protocols.json.Json;
import entrepot.runtime.automations.Automation;
import entrepot.runtime.automations.Automations;

import java.util.List;

/** The routes of automations and their invocations. */
public final class AutomationsApi {

    private final Automations automations;
    private final AutomationRequests requests;

    /**
     * @param agents reads the sessions that automations make
     */
    public AutomationsApi(Automations automations, AgentsApi agents) {
        this.automations = automations;
        this.requests = new AutomationRequests(agents);
    }

    public List<Route> routes() {
        String all = "/v1/agents/automations";
        String one = all + "/{automation_id}";
        return List.of(
                route("POST", all, this::create),
                route("GET", all, this::list),
                route("GET", one, this::get),
                route("POST", one, this::update),
                route("DELETE", one, this::delete),
                route("POST", one + "/pause", this::pause),
                route("POST", one + "/resume", this::resume),
                route("POST", one + "/invocations", this::invoke),
                route("GET", one + "/invocations", this::listInvocations),
                route("GET", one + "/invocations/{invocation_id}", this::getInvocation));
    }

    private void create(Call call) {
        Automations.Draft draft = requests.create(call);
        Automation made = automations.create(call.caller(), draft, null, key(call));
        call.respond(201, AutomationJson.automation(made));
    }

    private void list(Call call) {
        call.respond(
                200,
                Lists.json(
                        automations.list(
                                call.caller(),
                                call.query().get("session_id"),
                                Lists.clamped(call.query())),
                        AutomationJson::automation));
    }

    private void get(Call call) {
        call.respond(
                200,
                AutomationJson.automation(
                        automations.find(call.caller(), id(call)).orElseThrow(Refusals::notFound)));
    }

    private void update(Call call) {
        Automation old = automations.find(call.caller(), id(call)).orElseThrow(Refusals::notFound);
        Fields body = call.fields();
        Automations.Draft next =
                requests.update(
                        call,
                        body,
                        new Automations.Draft(
                                old.name(), old.metadata(), old.schedule(), old.target()));
        call.respond(
                200,
                AutomationJson.automation(
                        automations.update(call.caller(), id(call), before -> next)));
    }

    private void delete(Call call) {
        automations.delete(call.caller(), id(call));
        call.respond(
                200,
                Json.object()
                        .put("id", id(call))
                        .put("object", "agent.automation.deleted")
                        .put("deleted", true));
    }

    private void pause(Call call) {
        call.respond(200, AutomationJson.automation(automations.pause(call.caller(), id(call))));
    }

    private void resume(Call call) {
        call.respond(200, AutomationJson.automation(automations.resume(call.caller(), id(call))));
    }

    private void invoke(Call call) {
        call.respond(201, AutomationJson.invocation(automations.invoke(call.caller(), id(call))));
    }

    private void listInvocations(Call call) {
        call.respond(
                200,
                Lists.json(
                        automations.invocations(
                                call.caller(), id(call), Lists.clamped(call.query())),
                        AutomationJson::invocation));
    }

    private void getInvocation(Call call) {
        call.respond(
                200,
                AutomationJson.invocation(
                        automations
                                .invocation(
                                        call.caller(), id(call), call.parameter("invocation_id"))
                                .orElseThrow(Refusals::notFound)));
    }

    private static String id(Call call) {
        return call.parameter("automation_id");
    }
}

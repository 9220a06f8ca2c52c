package entrepot.gateway.knowledge;

import entrepot.gateway.door.Call;
import entrepot.gateway.door.Refusals;
import entrepot.gateway.door.Route;
import entrepot.identity.Groups;
import entrepot.protocols.json.Json;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** Groups of the caller's tenant, which access lists of company data name. */
public final class GroupsApi {

    private static final String MEMBER = "/groups/{group}/members/{principal}";

    private final Groups groups;

    public GroupsApi(Groups groups) {
        this.groups = groups;
    }

    public List<Route> routes() {
        return List.of(
                Answers.route("GET", "/groups", this::list, SourceShapes.LIST_GROUPS),
                Answers.route("PUT", MEMBER, this::add, SourceShapes.ADD_MEMBER),
                Answers.route("DELETE", MEMBER, this::remove, SourceShapes.REMOVE_MEMBER));
    }

    private void list(Call call) {
        var byGroup = new TreeMap<String, List<String>>();
        groups.members(call.caller().tenant())
                .forEach(member ->
                        byGroup.computeIfAbsent(member.group(), _ -> new ArrayList<>())
                                .add(member.principal()));
        call.respond(
                200,
                Answers.list(
                        List.copyOf(byGroup.entrySet()),
                        entry -> {
                            ObjectNode json = Json.object().put("id", entry.getKey());
                            ArrayNode members = json.putArray("members");
                            entry.getValue().forEach(members::add);
                            return json;
                        }));
    }

    private void add(Call call) {
        try {
            groups.add(
                    call.caller().tenant(), call.parameter("group"), call.parameter("principal"));
        } catch (IllegalArgumentException e) {
            throw Refusals.value("group", String.valueOf(e.getMessage()));
        }
        call.respond(200, json(call, true));
    }

    private void remove(Call call) {
        groups.remove(call.caller().tenant(), call.parameter("group"), call.parameter("principal"));
        call.respond(200, json(call, false));
    }

    private static ObjectNode json(Call call, boolean member) {
        return Json.object()
                .put("group", call.parameter("group"))
                .put("principal", call.parameter("principal"))
                .put("member", member);
    }
}

package entrepot.gateway.admin;

import entrepot.gateway.door.Call;
import entrepot.gateway.door.Route;
import entrepot.market.policy.Policy;
import entrepot.market.policy.PolicyFolder;
import entrepot.protocols.json.Json;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.List;

/** The policies in force on the node that answers. They are files; nothing is changed here. */
public final class PoliciesApi {

    private final PolicyFolder policies;

    public PoliciesApi(PolicyFolder policies) {
        this.policies = policies;
    }

    public List<Route> routes() {
        return List.of(AdminApi.route("GET", "/policies", this::show, RuleShapes.POLICIES));
    }

    private void show(Call call) {
        PolicyFolder.Status status = policies.status();
        ObjectNode json = AdminJson.list(status.policies(), PoliciesApi::policy);
        json.put("folder", status.folder().toString())
                .put("version", status.version())
                .put("since", AdminJson.seconds(status.since()));
        count(json.putObject("default_deny"), status.defaultDeny());
        ArrayNode problems = json.putArray("problems");
        status.problems().forEach(problem -> AdminJson.problem(problems.addObject(), problem));
        call.respond(200, json);
    }

    private static ObjectNode policy(PolicyFolder.Standing standing) {
        Policy policy = standing.policy();
        ObjectNode json =
                Json.object()
                        .put("id", policy.id())
                        .put("effect", policy.permits() ? "permit" : "forbid")
                        .put("mode", policy.mode().word())
                        .put("file", policy.file())
                        .put("line", policy.line())
                        .put("remedy", policy.remedy());
        count(json, standing.counts());
        return json;
    }

    private static void count(ObjectNode json, PolicyFolder.Counts counts) {
        json.put("refused", counts.refused()).put("would_refuse", counts.wouldRefuse());
    }
}

package entrepot.gateway.admin;

import entrepot.conversation.Failed;
import entrepot.conversation.Failure;
import entrepot.gateway.door.Call;
import entrepot.gateway.door.Fields;
import entrepot.gateway.door.Refusals;
import entrepot.gateway.door.Route;
import entrepot.market.terms.Acceptance;
import entrepot.market.terms.Agreements;
import entrepot.market.terms.Agreements.Standing;
import entrepot.market.terms.RequiredTerms;
import entrepot.protocols.json.Json;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.List;
import java.util.Objects;

/** What the caller's tenant has to accept, and accepting it. */
public final class TermsApi {

    private final Agreements agreements;

    public TermsApi(Agreements agreements) {
        this.agreements = agreements;
    }

    public List<Route> routes() {
        return List.of(
                AdminApi.route("GET", "/terms", this::list, RuleShapes.LIST_TERMS),
                AdminApi.route("GET", "/terms/{terms_id}", this::show, RuleShapes.SHOW_TERMS),
                AdminApi.route("POST", "/terms", this::accept, RuleShapes.ACCEPT_TERMS));
    }

    private void list(Call call) {
        call.respond(
                200, AdminJson.list(agreements.of(call.caller().tenant()), TermsApi::standing));
    }

    private void show(Call call) {
        String id = call.parameter("terms_id");
        String tenant = call.caller().tenant();
        List<Standing> named =
                agreements.of(tenant).stream()
                        .filter(standing -> standing.terms().id().equals(id))
                        .toList();
        List<Acceptance> accepted =
                agreements.accepted(tenant).stream()
                        .filter(acceptance -> acceptance.terms().equals(id))
                        .toList();
        if (named.isEmpty() && accepted.isEmpty()) {
            throw new Failed(
                    Failure.at(
                            Failure.Cause.NOT_FOUND,
                            "There are no terms '" + id + "'. GET /admin/v1/terms lists them.",
                            "terms_id"));
        }
        ObjectNode json = Json.object().put("id", id);
        ArrayNode inForce = json.putArray("in_force");
        named.forEach(standing -> inForce.add(standing(standing)));
        ArrayNode history = json.putArray("accepted");
        accepted.forEach(acceptance -> history.add(acceptance(acceptance)));
        call.respond(200, json);
    }

    private void accept(Call call) {
        Fields body = call.fields();
        String id = body.requiredText("id");
        String version = body.requiredText("version");
        body.end();
        try {
            call.respond(201, acceptance(agreements.accept(call.caller(), id, version)));
        } catch (IllegalArgumentException notInForce) {
            throw Refusals.invalid(
                    "invalid_value", Objects.requireNonNull(notInForce.getMessage()), "version");
        }
    }

    private static ObjectNode standing(Standing standing) {
        RequiredTerms terms = standing.terms();
        Acceptance acceptance = standing.acceptance();
        ObjectNode json =
                Json.object()
                        .put("id", terms.id())
                        .put("version", terms.version())
                        .put("title", terms.title())
                        .put("url", terms.url())
                        .put("source", terms.source());
        ArrayNode models = json.putArray("models");
        standing.models().forEach(models::add);
        return json.put(
                        "accepted_at",
                        acceptance == null ? null : AdminJson.seconds(acceptance.acceptedAt()))
                .put("accepted_by", acceptance == null ? null : acceptance.principal());
    }

    private static ObjectNode acceptance(Acceptance acceptance) {
        return Json.object()
                .put("id", acceptance.terms())
                .put("version", acceptance.version())
                .put("accepted_at", AdminJson.seconds(acceptance.acceptedAt()))
                .put("accepted_by", acceptance.principal())
                .put("key_id", acceptance.keyId());
    }
}

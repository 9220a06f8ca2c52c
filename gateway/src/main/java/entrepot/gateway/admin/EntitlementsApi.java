package entrepot.gateway.admin;

import entrepot.conversation.Failed;
import entrepot.conversation.Failure;
import entrepot.gateway.door.Call;
import entrepot.gateway.door.Fields;
import entrepot.gateway.door.Refusals;
import entrepot.gateway.door.Route;
import entrepot.market.terms.Entitlement;
import entrepot.market.terms.Entitlement.Holder;
import entrepot.market.terms.Entitlement.Kind;
import entrepot.market.terms.Entitlements;
import entrepot.protocols.json.Json;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.node.ObjectNode;

import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;

/** Which models the teams and principals of the caller's tenant may use. */
public final class EntitlementsApi {

    /** As teams and principals are named. */
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._@-]{0,63}");

    private final Entitlements entitlements;

    public EntitlementsApi(Entitlements entitlements) {
        this.entitlements = entitlements;
    }

    public List<Route> routes() {
        return List.of(
                AdminApi.route("GET", "/entitlements", this::list, RuleShapes.LIST_ENTITLEMENTS),
                AdminApi.route("POST", "/entitlements", this::grant, RuleShapes.GRANT),
                AdminApi.route(
                        "DELETE",
                        "/entitlements/{entitlement_id}",
                        this::revoke,
                        RuleShapes.REVOKE));
    }

    private void list(Call call) {
        String tenant = call.caller().tenant();
        ObjectNode json = AdminJson.list(entitlements.of(tenant), EntitlementsApi::entitlement);
        call.respond(200, json.put("default", entitlements.used(tenant) ? "deny" : "allow"));
    }

    private void grant(Call call) {
        Fields body = call.fields();
        String models = body.requiredText("models");
        Holder holder = holder(body);
        body.end();
        try {
            Entitlement made = entitlements.grant(call.caller(), holder, models);
            call.respond(201, entitlement(made));
        } catch (IllegalArgumentException unusable) {
            throw Refusals.invalid(
                    "invalid_value", Objects.requireNonNull(unusable.getMessage()), "models");
        }
    }

    private void revoke(Call call) {
        String id = call.parameter("entitlement_id");
        if (entitlements.revoke(call.caller(), id) == null) {
            throw new Failed(
                    Failure.at(
                            Failure.Cause.NOT_FOUND,
                            "There is no entitlement '"
                                    + id
                                    + "' in force. GET /admin/v1/entitlements lists them.",
                            "entitlement_id"));
        }
        call.respond(200, Json.object().put("id", id).put("revoked", true));
    }

    private static Holder holder(Fields body) {
        String team = name(body, "team");
        String principal = name(body, "principal");
        boolean everyone = Boolean.TRUE.equals(body.flag("everyone"));
        int named = (team == null ? 0 : 1) + (principal == null ? 0 : 1) + (everyone ? 1 : 0);
        if (named != 1) {
            throw Refusals.value("team", "give one of team, principal, or everyone: true.");
        }
        if (team != null) {
            return new Holder(Kind.TEAM, team);
        }
        return principal == null ? Holder.EVERYONE : new Holder(Kind.PRINCIPAL, principal);
    }

    private static @Nullable String name(Fields body, String field) {
        String name = body.text(field);
        if (name != null && !NAME.matcher(name).matches()) {
            throw Refusals.value(
                    field, "it must be 1 to 64 letters, digits or . _ @ - and begin with no sign.");
        }
        return name;
    }

    private static ObjectNode entitlement(Entitlement entitlement) {
        Holder holder = entitlement.holder();
        return Json.object()
                .put("id", entitlement.id())
                .put("models", entitlement.models())
                .put("team", holder.kind() == Kind.TEAM ? holder.name() : null)
                .put("principal", holder.kind() == Kind.PRINCIPAL ? holder.name() : null)
                .put("everyone", holder.kind() == Kind.EVERYONE)
                .put("granted_at", AdminJson.seconds(entitlement.grantedAt()))
                .put("granted_by", entitlement.grantedBy());
    }
}

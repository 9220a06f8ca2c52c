package entrepot.gateway.environments;

import entrepot.gateway.door.Call;
import entrepot.gateway.door.Endpoint;
import entrepot.gateway.door.Fields;
import entrepot.gateway.door.Refusals;
import entrepot.gateway.door.Route;
import entrepot.protocols.json.Json;
import entrepot.runtime.environments.Blueprint;
import entrepot.runtime.environments.Environment;
import entrepot.runtime.environments.Environments;
import entrepot.runtime.environments.Templates;

import org.jspecify.annotations.Nullable;

import java.util.List;

/** The routes of environments and of the templates they are made from. */
public final class EnvironmentsApi {

    private static final int NAME_CHARS_MAX = 256;
    private static final int KEY_CHARS_MAX = 256;

    private final Environments environments;
    private final Templates templates;
    private final SessionPlaces places;

    public EnvironmentsApi(Environments environments, Templates templates) {
        this.environments = environments;
        this.templates = templates;
        this.places = new SessionPlaces(environments, templates);
    }

    /** How a route of the Agents API is made. */
    @FunctionalInterface
    public interface Routing {
        Route of(String method, String path, Endpoint endpoint);
    }

    public List<Route> routes(Routing routing) {
        String all = "/v1/agents/environments";
        String templates = all + "/templates";
        String template = templates + "/{template_id}";
        return List.of(
                routing.of("POST", all, this::create),
                routing.of("GET", all, this::list),
                routing.of("GET", all + "/{environment_id}", this::get),
                routing.of("POST", templates, this::createTemplate),
                routing.of("GET", templates, this::listTemplates),
                routing.of("GET", template, this::getTemplate),
                routing.of("POST", template, this::updateTemplate),
                routing.of("DELETE", template, this::deleteTemplate));
    }

    private void create(Call call) {
        Fields body = call.fields();
        EnvironmentRequests.Wanted.Hosted wanted =
                EnvironmentRequests.prewarm(body.requiredObject("environment"));
        if (body.list("vault_ids") != null && !body.requiredList("vault_ids").isEmpty()) {
            throw Refusals.unsupported(
                    "vault_ids", "A vault of an environment", "Give it to the session.");
        }
        body.end();
        Environment made =
                environments.create(
                        call.caller(), places.blueprint(call.caller(), wanted), false, key(call));
        environments.warm(call.caller(), made);
        call.respond(201, EnvironmentJson.info(made));
    }

    private static @Nullable String key(Call call) {
        String key = call.header("idempotency-key");
        if (key != null && (key.isEmpty() || key.length() > KEY_CHARS_MAX)) {
            throw Refusals.value(
                    "Idempotency-Key", "it must be 1 to " + KEY_CHARS_MAX + " characters.");
        }
        return key;
    }

    private void list(Call call) {
        String type = call.query().get("type");
        if (type != null && !type.equals(EnvironmentJson.HOSTED)) {
            throw Refusals.value("type", "it must be 'openai_hosted'.");
        }
        call.respond(
                200,
                Listing.json(
                        environments.list(call.caller(), Listing.clamped(call.query())),
                        EnvironmentJson::info));
    }

    private void get(Call call) {
        call.respond(
                200,
                EnvironmentJson.info(
                        environments
                                .find(call.caller(), call.parameter("environment_id"))
                                .orElseThrow(Refusals::notFound)));
    }

    // ---- templates

    private static Fields body(Call call) {
        return call.body().length == 0 ? Fields.of("", Json.object()) : call.fields();
    }

    private static @Nullable String name(Fields body) {
        String name = body.text("name");
        if (name != null && (name.isBlank() || name.length() > NAME_CHARS_MAX)) {
            throw Refusals.value("name", "it must have 1 to " + NAME_CHARS_MAX + " characters.");
        }
        return name;
    }

    private void createTemplate(Call call) {
        Fields body = body(call);
        String name = name(body);
        Blueprint blueprint = EnvironmentRequests.blueprint(body, null);
        body.end();
        call.respond(
                201, EnvironmentJson.template(templates.create(call.caller(), name, blueprint)));
    }

    private void listTemplates(Call call) {
        call.respond(
                200,
                Listing.json(
                        templates.list(call.caller(), Listing.clamped(call.query())),
                        EnvironmentJson::template));
    }

    private void getTemplate(Call call) {
        call.respond(
                200,
                EnvironmentJson.template(
                        templates
                                .find(call.caller(), call.parameter("template_id"))
                                .orElseThrow(Refusals::notFound)));
    }

    /** What is left out stays; null clears. */
    private void updateTemplate(Call call) {
        Fields body = body(call);
        boolean renames = body.has("name");
        String name = name(body);
        Blueprint blueprint = EnvironmentRequests.blueprint(body, null);
        body.end();
        call.respond(
                200,
                EnvironmentJson.template(
                        templates.update(
                                call.caller(),
                                call.parameter("template_id"),
                                old -> renames ? name : old,
                                old -> changed(body, blueprint, old))));
    }

    private static Blueprint changed(Fields body, Blueprint now, Blueprint old) {
        return new Blueprint(
                old.size(),
                body.has("network") ? now.network() : old.network(),
                body.has("files") ? now.files() : old.files(),
                body.has("setup_commands") ? now.setup() : old.setup(),
                body.has("env") ? now.variables() : old.variables());
    }

    private void deleteTemplate(Call call) {
        String id = call.parameter("template_id");
        templates.delete(call.caller(), id);
        call.respond(200, EnvironmentJson.deleted(id, "agent.environment.template.deleted"));
    }
}

package entrepot.gateway.webhooks;

import entrepot.gateway.agents.AgentErrors;
import entrepot.gateway.agents.Lists;
import entrepot.gateway.door.Call;
import entrepot.gateway.door.Endpoint;
import entrepot.gateway.door.Fields;
import entrepot.gateway.door.Refusals;
import entrepot.gateway.door.Route;
import entrepot.identity.Caller;
import entrepot.protocols.json.Json;
import entrepot.runtime.webhooks.Delivery;
import entrepot.runtime.webhooks.EventType;
import entrepot.runtime.webhooks.WebhookEndpoint;
import entrepot.runtime.webhooks.WebhookRunner;
import entrepot.runtime.webhooks.Webhooks;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Webhook endpoints. The routes need no beta header. */
public final class WebhooksApi {

    private static final AgentErrors ERRORS = new AgentErrors();

    private final Webhooks webhooks;
    private final WebhookRunner runner;

    /**
     * @param runner sends sample events
     */
    public WebhooksApi(Webhooks webhooks, WebhookRunner runner) {
        this.webhooks = webhooks;
        this.runner = runner;
    }

    public List<Route> routes() {
        String all = "/v1/webhook_endpoints";
        String one = all + "/{webhook_endpoint_id}";
        return List.of(
                route("GET", "/v1/webhook_event_types", this::types),
                route("POST", all, this::create),
                route("GET", all, this::list),
                route("GET", one, this::get),
                route("POST", one, this::update),
                route("DELETE", one, this::delete),
                route("POST", one + "/rotate_secret", this::rotate),
                route("POST", one + "/test", this::test),
                route("GET", one + "/deliveries", this::deliveries));
    }

    private static Route route(String method, String path, Endpoint endpoint) {
        return new Route(method, path, Caller.Scope.AGENTS, ERRORS, endpoint);
    }

    private void types(Call call) {
        ObjectNode json = Json.object().put("object", "list");
        ArrayNode data = json.putArray("data");
        for (EventType type : EventType.values()) {
            data.add(type.word());
        }
        call.respond(200, json);
    }

    private void create(Call call) {
        Fields body = call.fields();
        var draft =
                new Webhooks.Draft(
                        body.requiredText("name"),
                        body.requiredText("url"),
                        eventTypes(body.requiredList("event_types")));
        body.end();
        call.respond(201, issued(webhooks.create(call.caller(), draft)));
    }

    private static Set<EventType> eventTypes(List<JsonNode> words) {
        var types = EnumSet.noneOf(EventType.class);
        for (int i = 0; i < words.size(); i++) {
            String path = "event_types[" + i + "]";
            types.add(eventType(path, Fields.text(path, words.get(i))));
        }
        return types;
    }

    private static EventType eventType(String path, String word) {
        EventType type = EventType.of(word);
        if (type == null) {
            throw Refusals.value(
                    path,
                    "it must be one of "
                            + Arrays.stream(EventType.values())
                                    .map(EventType::word)
                                    .collect(Collectors.joining(", "))
                            + ".");
        }
        return type;
    }

    private void list(Call call) {
        call.respond(
                200,
                Lists.json(
                        webhooks.list(call.caller(), Lists.clamped(call.query())),
                        WebhooksApi::json));
    }

    private void get(Call call) {
        call.respond(200, json(endpoint(call)));
    }

    private WebhookEndpoint endpoint(Call call) {
        return webhooks.find(call.caller(), id(call)).orElseThrow(Refusals::notFound);
    }

    private void update(Call call) {
        Fields body = call.fields();
        String name = body.text("name");
        String url = body.text("url");
        List<JsonNode> types = body.list("event_types");
        body.end();
        WebhookEndpoint changed =
                webhooks.update(
                        call.caller(),
                        id(call),
                        old ->
                                new Webhooks.Draft(
                                        name == null ? old.name() : name,
                                        url == null ? old.url() : url,
                                        types == null ? old.eventTypes() : eventTypes(types)));
        call.respond(200, json(changed));
    }

    private void delete(Call call) {
        webhooks.delete(call.caller(), id(call));
        call.respond(
                200,
                Json.object()
                        .put("id", id(call))
                        .put("object", "webhook_endpoint.deleted")
                        .put("deleted", true));
    }

    private void rotate(Call call) {
        boolean keepOld = false;
        if (call.body().length > 0) {
            Fields body = call.fields();
            keepOld = Boolean.TRUE.equals(body.flag("keep_old_secret_active_for_24_hours"));
            body.end();
        }
        call.respond(200, issued(webhooks.rotate(call.caller(), id(call), keepOld)));
    }

    private void test(Call call) throws InterruptedException {
        WebhookEndpoint endpoint = endpoint(call);
        Fields body = call.fields();
        EventType type = eventType("event_type", body.requiredText("event_type"));
        body.end();
        int status = runner.test(call.caller().tenant(), endpoint, type);
        call.respond(
                200,
                Json.object()
                        .put("object", "webhook_endpoint.test")
                        .put("webhook_endpoint_id", endpoint.id())
                        .put("event_type", type.word())
                        .put("status_code", status)
                        .put("success", true));
    }

    private void deliveries(Call call) {
        call.respond(
                200,
                Lists.json(
                        webhooks.deliveries(call.caller(), id(call), Lists.clamped(call.query())),
                        WebhooksApi::json));
    }

    private static String id(Call call) {
        return call.parameter("webhook_endpoint_id");
    }

    private static ObjectNode json(WebhookEndpoint endpoint) {
        ObjectNode json =
                Json.object()
                        .put("id", endpoint.id())
                        .put("object", "webhook_endpoint")
                        .put("name", endpoint.name())
                        .put("url", endpoint.url())
                        .put("created_at", endpoint.createdMillis() / 1000)
                        .put("updated_at", endpoint.updatedMillis() / 1000)
                        .put("signing_secret_hint", endpoint.hint());
        ArrayNode types = json.putArray("event_types");
        new TreeSet<>(endpoint.eventTypes()).forEach(type -> types.add(type.word()));
        return json;
    }

    private static ObjectNode issued(Webhooks.Issued issued) {
        return json(issued.endpoint()).put("signing_secret", issued.secret().reveal());
    }

    private static ObjectNode json(Delivery delivery) {
        return Json.object()
                .put("id", delivery.id())
                .put("object", "webhook_delivery")
                .put("webhook_endpoint_id", delivery.endpointId())
                .put("event_type", delivery.type().word())
                .put("session_id", delivery.sessionId())
                .put("status", delivery.status().name().toLowerCase(Locale.ROOT))
                .put("attempts", delivery.attempts())
                .put("last_status_code", delivery.lastStatus())
                .put("last_error", delivery.lastError())
                .put("created_at", delivery.createdMillis() / 1000)
                .put("next_attempt_at", seconds(delivery.dueMillis()));
    }

    private static @Nullable Long seconds(@Nullable Long millis) {
        return millis == null ? null : (Long) (millis / 1000);
    }
}

package entrepot.gateway.admin;

import entrepot.conversation.Failed;
import entrepot.conversation.Failure;
import entrepot.gateway.door.Call;
import entrepot.gateway.door.Described;
import entrepot.gateway.door.Endpoint;
import entrepot.gateway.door.ErrorShape;
import entrepot.gateway.door.Fields;
import entrepot.gateway.door.OpenAiShape;
import entrepot.gateway.door.Query;
import entrepot.gateway.door.Refusals;
import entrepot.gateway.door.Route;
import entrepot.identity.Caller;
import entrepot.identity.Caller.Scope;
import entrepot.identity.Keys;
import entrepot.market.Receipt;
import entrepot.market.ledger.Ledger;
import entrepot.market.routing.Broker;
import entrepot.protocols.json.Json;
import entrepot.runtime.tools.Folders;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.nio.file.Path;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;

/** The routes of the admin API and what each does. */
public final class AdminApi {

    private static final ErrorShape ERRORS = new OpenAiShape();
    private static final int RECEIPTS_DEFAULT = 100;
    private static final int RECEIPTS_MAX = 1_000;
    private static final int NAME_CHARS_MAX = 128;
    private static final long INSTANT_SECONDS_MAX = 253_402_300_799L;

    private final Keys keys;
    private final Folders folders;
    private final Ledger ledger;
    private final Node node;

    public AdminApi(Keys keys, Folders folders, Ledger ledger, Node node) {
        this.keys = keys;
        this.folders = folders;
        this.ledger = ledger;
        this.node = node;
    }

    public List<Route> routes() {
        return List.of(
                route("GET", "/keys", this::listKeys, AdminShapes.LIST_KEYS),
                route("POST", "/keys", this::createKey, AdminShapes.CREATE_KEY),
                route("DELETE", "/keys/{key_id}", this::revokeKey, AdminShapes.REVOKE_KEY),
                route("GET", "/folders", this::listFolders, AdminShapes.LIST_FOLDERS),
                route("POST", "/folders", this::allowFolder, AdminShapes.ALLOW_FOLDER),
                route("GET", "/receipts", this::listReceipts, AdminShapes.LIST_RECEIPTS),
                route("GET", "/catalogue", this::showCatalogue, AdminShapes.SHOW_CATALOGUE),
                route(
                        "GET",
                        "/capabilities",
                        this::showCapabilities,
                        AdminShapes.SHOW_CAPABILITIES),
                route("GET", "/health", this::showHealth, AdminShapes.SHOW_HEALTH));
    }

    static Route route(String method, String path, Endpoint endpoint, Described about) {
        return new Route(method, "/admin/v1" + path, Scope.ADMIN, ERRORS, endpoint).about(about);
    }

    private void listKeys(Call call) {
        call.respond(200, AdminJson.list(keys.list(call.caller().tenant()), AdminJson::key));
    }

    private void createKey(Call call) {
        Fields body = call.fields();
        Caller caller = call.caller();
        String name = name(body);
        String team = Objects.requireNonNullElse(body.text("team"), caller.team());
        String principal = Objects.requireNonNullElse(body.text("principal"), name);
        Set<Scope> scopes = scopes(body);
        Instant expiresAt = expiry(body, call.startedAt());
        boolean signing = signing(body);
        body.end();
        var wanted = new Keys.NewKey(caller.tenant(), team, principal, name, scopes, expiresAt);
        Keys.Issued issued = signing ? keys.createSigning(wanted) : keys.create(wanted);
        ObjectNode made = AdminJson.key(issued.key()).put("secret", issued.secret().reveal());
        if (signing) {
            made.put("access_key_id", issued.key().prefix());
            made.put("secret_access_key", issued.secret().reveal());
        }
        call.respond(201, made);
    }

    private void revokeKey(Call call) {
        String id = call.parameter("key_id");
        if (!keys.revoke(call.caller().tenant(), id)) {
            throw new Failed(
                    Failure.at(
                            Failure.Cause.NOT_FOUND,
                            "There is no key '" + id + "' in force. GET /admin/v1/keys lists them.",
                            "key_id"));
        }
        call.respond(200, Json.object().put("id", id).put("revoked", true));
    }

    private void listFolders(Call call) {
        call.respond(
                200,
                AdminJson.list(
                        List.copyOf(folders.allowed().entrySet()),
                        folder -> folder(folder.getKey(), folder.getValue())));
    }

    private void allowFolder(Call call) {
        Fields body = call.fields();
        String name = body.requiredText("name");
        String path = body.requiredText("path");
        body.end();
        try {
            Path folder = Path.of(path);
            if (!folder.isAbsolute()) {
                throw Refusals.value("path", "it must be absolute.");
            }
            folders.allow(name, folder);
            call.respond(201, folder(name, folder));
        } catch (IllegalArgumentException unusable) {
            throw Refusals.invalid(
                    "invalid_value",
                    Objects.requireNonNullElse(unusable.getMessage(), "unusable"),
                    "path");
        }
    }

    /** What each supplier of a model carries of what its callers may ask. */
    private void showCapabilities(Call call) {
        String model = call.query().get("model");
        if (model == null) {
            throw Refusals.missing("model");
        }
        List<Broker.Spoken> spoken = node.spoken().apply(model);
        if (spoken == null) {
            throw new Failed(
                    Failure.at(
                            Failure.Cause.MODEL_NOT_FOUND,
                            "There is no model '" + model + "'. GET /v1/models lists them.",
                            "model"));
        }
        call.respond(200, AdminJson.list(spoken, AdminJson::spoken).put("model", model));
    }

    private void listReceipts(Call call) {
        Query query = call.query();
        String session = query.get("session");
        String tenant = call.caller().tenant();
        List<Receipt> receipts =
                session == null
                        ? ledger.latest(tenant, limit(query))
                        : ledger.ofSession(tenant, session);
        call.respond(200, AdminJson.list(receipts, AdminJson::receipt));
    }

    private void showCatalogue(Call call) {
        call.respond(200, AdminJson.catalogue(node.catalogue().get()));
    }

    private void showHealth(Call call) {
        call.respond(200, AdminJson.health(node, ledger.status()));
    }

    private static ObjectNode folder(String name, Path path) {
        return Json.object().put("name", name).put("path", path.toString());
    }

    private static String name(Fields body) {
        String name = body.requiredText("name");
        if (name.isBlank() || name.length() > NAME_CHARS_MAX) {
            throw Refusals.value("name", "it must be 1 to " + NAME_CHARS_MAX + " characters.");
        }
        return name;
    }

    private static Set<Scope> scopes(Fields body) {
        Set<Scope> scopes = EnumSet.noneOf(Scope.class);
        List<JsonNode> words = body.requiredList("scopes");
        for (int i = 0; i < words.size(); i++) {
            String param = "scopes[" + i + "]";
            String word = Fields.text(param, words.get(i));
            scopes.add(scope(param, word));
        }
        if (scopes.isEmpty()) {
            throw Refusals.value("scopes", "a key needs at least one of models, agents, admin.");
        }
        return scopes;
    }

    /** A key is shown with every call, or a pair signs calls and is never shown. */
    private static boolean signing(Fields body) {
        String kind = body.text("kind");
        if (kind == null || kind.equals("bearer")) {
            return false;
        }
        if (kind.equals("aws")) {
            return true;
        }
        throw Refusals.value("kind", "it must be bearer or aws.");
    }

    private static Scope scope(String param, String word) {
        for (Scope scope : Scope.values()) {
            if (scope.name().toLowerCase(Locale.ROOT).equals(word)) {
                return scope;
            }
        }
        throw Refusals.value(param, "it must be one of models, agents, admin.");
    }

    private static @Nullable Instant expiry(Fields body, Instant now) {
        JsonNode value = body.get("expires_at");
        if (value == null) {
            return null;
        }
        if (!value.isIntegralNumber()) {
            throw Refusals.wrongType("expires_at", "Unix seconds", Fields.kind(value));
        }
        long seconds = value.canConvertToLong() ? value.longValue() : -1;
        if (seconds <= now.getEpochSecond() || seconds > INSTANT_SECONDS_MAX) {
            throw Refusals.value("expires_at", "it must be in the future, in Unix seconds.");
        }
        return Instant.ofEpochSecond(seconds);
    }

    private static int limit(Query query) {
        String limit = query.get("limit");
        if (limit == null) {
            return RECEIPTS_DEFAULT;
        }
        try {
            return Math.clamp(Long.parseLong(limit), 1, RECEIPTS_MAX);
        } catch (NumberFormatException notANumber) {
            throw Refusals.value("limit", "it must be a whole number.");
        }
    }
}

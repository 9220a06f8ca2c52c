package entrepot.gateway.agents;

import static entrepot.gateway.agents.AgentsApi.key;
import static entrepot.gateway.agents.AgentsApi.route;

import entrepot.gateway.door.Call;
import entrepot.gateway.door.Fields;
import entrepot.gateway.door.Query;
import entrepot.gateway.door.Refusals;
import entrepot.gateway.door.Route;
import entrepot.protocols.json.Json;
import entrepot.runtime.outside.Reach;
import entrepot.runtime.vaults.Credential;
import entrepot.runtime.vaults.Vault;
import entrepot.runtime.vaults.Vaults;
import entrepot.store.Page;

import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Vaults and their credentials. Secrets go in and never come out. Nothing is archived, so that the
 * filter for what is archived finds nothing.
 */
public final class VaultsApi {

    private static final Set<String> STATUSES = Set.of("active", "archived");

    private final Vaults vaults;
    private final VaultRequests requests;

    public VaultsApi(Vaults vaults, Reach reach) {
        this.vaults = vaults;
        this.requests = new VaultRequests(reach);
    }

    public List<Route> routes() {
        String vault = "/v1/vaults/{vault_id}";
        String credential = vault + "/credentials/{credential_id}";
        return List.of(
                route("POST", "/v1/vaults", this::create),
                route("GET", "/v1/vaults", this::list),
                route("GET", vault, this::get),
                route("POST", vault, this::update),
                route("DELETE", vault, this::delete),
                route("POST", vault + "/credentials", this::createCredential),
                route("GET", vault + "/credentials", this::listCredentials),
                route("GET", credential, this::getCredential),
                route("POST", credential, this::updateCredential),
                route("DELETE", credential, this::deleteCredential));
    }

    private void create(Call call) {
        Fields body = body(call);
        String name = VaultRequests.name(body);
        Map<String, String> metadata = AgentRequests.metadata(body);
        body.end();
        call.respond(201, VaultJson.vault(vaults.create(call.caller(), name, metadata, key(call))));
    }

    /** All of it may be left out, and so may the body. */
    private static Fields body(Call call) {
        return call.body().length == 0 ? Fields.of("", Json.object()) : call.fields();
    }

    private void list(Call call) {
        Page.Query query = Lists.clamped(call.query());
        Map<String, String> metadata = metadata(call.query());
        Page<Vault> page =
                wantsActive(call.query())
                        ? vaults.list(call.caller(), metadata, query)
                        : new Page<>(List.of(), false);
        call.respond(200, Lists.json(page, VaultJson::vault));
    }

    private void get(Call call) {
        call.respond(
                200,
                VaultJson.vault(
                        vaults.find(call.caller(), vaultId(call)).orElseThrow(Refusals::notFound)));
    }

    private void update(Call call) {
        Fields body = body(call);
        boolean renames = body.has("name");
        String name = VaultRequests.name(body);
        Map<String, String> metadata = body.has("metadata") ? AgentRequests.metadata(body) : null;
        body.end();
        Vault vault =
                vaults.update(call.caller(), vaultId(call), old -> renames ? name : old, metadata);
        call.respond(200, VaultJson.vault(vault));
    }

    private void delete(Call call) {
        vaults.delete(call.caller(), vaultId(call));
        call.respond(200, VaultJson.deleted(vaultId(call), "vault.deleted"));
    }

    private void createCredential(Call call) {
        Vaults.NewCredential wanted = requests.create(call.fields());
        Credential made = vaults.createCredential(call.caller(), vaultId(call), wanted, key(call));
        call.respond(201, VaultJson.credential(made));
    }

    private void listCredentials(Call call) {
        Page.Query query = Lists.clamped(call.query());
        Map<String, String> metadata = metadata(call.query());
        Page<Credential> page =
                vaults.listCredentials(call.caller(), vaultId(call), metadata, query);
        call.respond(
                200,
                Lists.json(
                        wantsActive(call.query()) ? page : new Page<>(List.of(), false),
                        VaultJson::credential));
    }

    private void getCredential(Call call) {
        call.respond(200, VaultJson.credential(credential(call)));
    }

    private void updateCredential(Call call) {
        Credential old = credential(call);
        Vaults.Change change = VaultRequests.change(call.fields(), old.auth());
        call.respond(
                200,
                VaultJson.credential(
                        vaults.updateCredential(call.caller(), old.vaultId(), old.id(), change)));
    }

    private void deleteCredential(Call call) {
        String id = call.parameter("credential_id");
        vaults.deleteCredential(call.caller(), vaultId(call), id);
        call.respond(200, VaultJson.deleted(id, "vault.credential.deleted"));
    }

    private Credential credential(Call call) {
        return vaults.findCredential(call.caller(), vaultId(call), call.parameter("credential_id"))
                .orElseThrow(Refusals::notFound);
    }

    private static String vaultId(Call call) {
        return call.parameter("vault_id");
    }

    private static Map<String, String> metadata(Query query) {
        Map<String, String> metadata = query.map("metadata");
        AgentRequests.check("metadata", metadata);
        return metadata;
    }

    /** Whether the filter lets in what is active; both are in when it is left out. */
    private static boolean wantsActive(Query query) {
        List<String> wanted = query.all("status");
        for (String status : wanted) {
            if (!STATUSES.contains(status)) {
                throw Refusals.invalid(
                        "invalid_request_error",
                        "Failed to deserialize query string: status: unknown variant '"
                                + status
                                + "', expected 'active' or 'archived'",
                        "status");
            }
        }
        return wanted.isEmpty() || wanted.contains("active");
    }
}

package entrepot.gateway.agents;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.openai.core.JsonValue;
import com.openai.errors.NotFoundException;
import com.openai.models.beta.agents.AgentSession;
import com.openai.models.beta.agents.AgentToolParam;
import com.openai.models.beta.agents.McpTransportParam;
import com.openai.models.beta.agents.sessions.SessionCreateParams;
import com.openai.models.beta.agents.vaults.Vault;
import com.openai.models.beta.agents.vaults.VaultCreateParams;
import com.openai.models.beta.agents.vaults.VaultListParams;
import com.openai.models.beta.agents.vaults.VaultUpdateParams;
import com.openai.models.beta.agents.vaults.credentials.Credential;
import com.openai.models.beta.agents.vaults.credentials.CredentialAuthCreateParam;
import com.openai.models.beta.agents.vaults.credentials.CredentialAuthRotateParam;
import com.openai.models.beta.agents.vaults.credentials.CredentialCreateParams;
import com.openai.models.beta.agents.vaults.credentials.CredentialDeleteParams;
import com.openai.models.beta.agents.vaults.credentials.CredentialListParams;
import com.openai.models.beta.agents.vaults.credentials.CredentialRetrieveParams;
import com.openai.models.beta.agents.vaults.credentials.CredentialUpdateParams;

import entrepot.gateway.KnownKeys;
import entrepot.gateway.Served;
import entrepot.runtime.testing.Scripted;
import entrepot.runtime.testing.ScriptedMarket;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import tools.jackson.databind.JsonNode;

import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;

/**
 * Vaults through {@code com.openai:openai-java} 4.98.0, unmodified, and a server that needs one.
 */
class VaultsTest {

    private static Served served(Scripted... answers) {
        return new Served(ScriptedMarket.of(answers));
    }

    private static CredentialCreateParams bearer(String vaultId, String url, String token) {
        return CredentialCreateParams.builder()
                .vaultId(vaultId)
                .name(" shop ")
                .auth(
                        CredentialAuthCreateParam.StaticBearer.builder()
                                .mcpServerUrl(url)
                                .token(token)
                                .build())
                .build();
    }

    @Test
    void createsUpdatesListsAndDeletesVaults() {
        try (var served = served(Scripted.says("x"))) {
            var vaults = served.client().beta().agents().vaults();
            var made = new ArrayList<String>();
            for (int i = 0; i < 3; i++) {
                Vault vault =
                        vaults.create(
                                VaultCreateParams.builder()
                                        .name("team " + i)
                                        .metadata(
                                                VaultCreateParams.Metadata.builder()
                                                        .putAdditionalProperty(
                                                                "n", JsonValue.from("" + i))
                                                        .build())
                                        .build());
                vault.validate();
                made.add(vault.id());
            }
            assertThat(vaults.create().name()).isEmpty();
            var listed = new ArrayList<String>();
            vaults.list(VaultListParams.builder().limit(2).order(VaultListParams.Order.ASC).build())
                    .autoPager()
                    .forEach(vault -> listed.add(vault.id()));
            assertThat(listed).hasSize(4).startsWith(made.toArray(String[]::new));
            Vault renamed =
                    vaults.update(
                            made.getFirst(), VaultUpdateParams.builder().name("Research").build());
            renamed.validate();
            assertThat(renamed.name()).contains("Research");
            assertThat(vaults.delete(made.getFirst()).deleted()).isTrue();
            assertThatThrownBy(() -> vaults.retrieve(made.getFirst()))
                    .isInstanceOf(NotFoundException.class);
        }
    }

    @Test
    void filtersByLabelAndStatus() throws Exception {
        try (var served = served(Scripted.says("x"))) {
            served.post("/v1/vaults", "{\"metadata\":{\"a\":\"1\"}}");
            served.post("/v1/vaults", "{\"metadata\":{\"a\":\"2\"}}");
            assertThat(size(served, "?metadata[a]=1")).isEqualTo(1);
            assertThat(size(served, "?metadata[a]=3")).isZero();
            assertThat(size(served, "?status=archived")).isZero();
            assertThat(size(served, "?status=active")).isEqualTo(2);
            assertThat(size(served, "?status[]=active&status[]=archived")).isEqualTo(2);
            assertThat(size(served, "?limit=0")).isEqualTo(1);
            assertThat(served.get("/v1/vaults?status=x").statusCode()).isEqualTo(400);
            assertThat(served.get("/v1/vaults?after=v").statusCode()).isEqualTo(404);
        }
    }

    private static int size(Served served, String query) throws Exception {
        return Served.json(served.get("/v1/vaults" + query).body()).path("data").size();
    }

    @Test
    void secretsGoInAndNeverComeOut() throws Exception {
        try (var served = served(Scripted.says("x"))) {
            var vaults = served.client().beta().agents().vaults();
            String vault = vaults.create().id();
            Credential made =
                    vaults.credentials()
                            .create(bearer(vault, "https://tools.test/mcp", "tok-4711"));
            made.validate();
            assertThat(made.name()).isEqualTo("shop");
            Credential rotated =
                    vaults.credentials()
                            .update(
                                    CredentialUpdateParams.builder()
                                            .vaultId(vault)
                                            .credentialId(made.id())
                                            .auth(
                                                    CredentialAuthRotateParam.StaticBearer.builder()
                                                            .token("tok-4712")
                                                            .build())
                                            .build());
            rotated.validate();
            assertThat(rotated.auth()).isEqualTo(made.auth());
            var listed = new ArrayList<String>();
            vaults.credentials()
                    .list(CredentialListParams.builder().vaultId(vault).build())
                    .autoPager()
                    .forEach(credential -> listed.add(credential.toString()));
            String path = "/v1/vaults/" + vault + "/credentials/" + made.id();
            HttpResponse<String> raw = served.get(path);
            assertThat(raw.body() + listed + rotated).doesNotContain("471");
            assertThat(
                            vaults.credentials()
                                    .delete(
                                            CredentialDeleteParams.builder()
                                                    .vaultId(vault)
                                                    .credentialId(made.id())
                                                    .build())
                                    .deleted())
                    .isTrue();
            assertThatThrownBy(() ->
                            vaults.credentials()
                                    .retrieve(
                                            CredentialRetrieveParams.builder()
                                                    .vaultId(vault)
                                                    .credentialId(made.id())
                                                    .build()))
                    .isInstanceOf(NotFoundException.class);
        }
    }

    @Test
    void anOAuthCredentialKeepsAllButItsSecretsInView() throws Exception {
        try (var served = served(Scripted.says("x"))) {
            String vault = served.client().beta().agents().vaults().create().id();
            String body =
                    """
                    {"name":"crm","auth":{"type":"mcp_oauth","mcp_server_url":"https://crm.test/mcp",
                     "access_token":"at-1","expires_at":"2026-11-20T17:00:00+01:00","refresh":{
                     "client_id":"c","refresh_token":"rt-1","token_endpoint":"https://id.test/token",
                     "token_endpoint_auth":{"type":"client_secret_post","client_secret":"cs-1"},
                     "scope":"a b"}}}
                    """;
            HttpResponse<String> made = served.post("/v1/vaults/" + vault + "/credentials", body);
            assertThat(made.statusCode()).isEqualTo(201);
            assertThat(made.body()).doesNotContain("at-1", "rt-1", "cs-1");
            JsonNode auth = Served.json(made.body()).path("auth");
            assertThat(auth.path("expires_at").asString("")).isEqualTo("2026-11-20T16:00:00Z");
            assertThat(auth.path("refresh").path("token_endpoint_auth").path("type").asString(""))
                    .isEqualTo("client_secret_post");
            String path =
                    "/v1/vaults/"
                            + vault
                            + "/credentials/"
                            + Served.json(made.body()).path("id").asString("");
            String token = "{\"auth\":{\"type\":\"mcp_oauth\",\"access_token\":\"at-2\"}}";
            JsonNode rotated = Served.json(served.post(path, token).body()).path("auth");
            assertThat(rotated.path("expires_at").isNull()).isTrue();
            assertThat(rotated.path("refresh").path("scope").asString("")).isEqualTo("a b");
            String other = "{\"auth\":{\"type\":\"static_bearer\",\"token\":\"t\"}}";
            assertThat(served.post(path, other).statusCode()).isEqualTo(400);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'name':'','auth':{'type':'static_bearer','mcp_server_url':'https://a.b/',"
                        + "'token':'t'}}",
                "{'name':'x','auth':{'type':'static_bearer','mcp_server_url':'http://a.b/',"
                        + "'token':'t'}}",
                "{'name':'x','auth':{'type':'static_bearer','mcp_server_url':'https://a.b/',"
                        + "'token':'t\\r\\nx: y'}}",
                "{'name':'x','auth':{'type':'static_bearer','mcp_server_url':'https://a.b/',"
                        + "'token':'t','more':1}}",
                "{'name':'x','auth':{'type':'environment_variable','secret_name':'CODEX_X',"
                        + "'secret_value':'v','networking':{'type':'unrestricted'}}}",
                "{'name':'x','auth':{'type':'environment_variable','secret_name':'K',"
                        + "'secret_value':'a\\nb','networking':{'type':'unrestricted'}}}",
                "{'name':'x','auth':{'type':'environment_variable','secret_name':'K',"
                        + "'secret_value':'v','networking':{'type':'limited','allowed_hosts':"
                        + "['*.a.b']}}}",
                "{'name':'x','auth':{'type':'environment_variable','secret_name':'K',"
                        + "'secret_value':'v','networking':{'type':'limited','allowed_hosts':[]}}}"
            })
    void aCredentialThatCannotBeUsedIsRefusedAndNotQuoted(String quoted) throws Exception {
        try (var served = served(Scripted.says("x"))) {
            String vault = served.client().beta().agents().vaults().create().id();
            HttpResponse<String> refused =
                    served.post("/v1/vaults/" + vault + "/credentials", quoted.replace('\'', '"'));
            assertThat(refused.statusCode()).isEqualTo(400);
            assertThat(refused.body()).contains("\"param\"");
        }
    }

    /** The server is our own {@code /mcp}, whose key stands in the vault. */
    @Test
    void aSessionsVaultOpensAnMcpServerForItsAgent() throws Exception {
        try (var served =
                served(
                        Scripted.calls(Scripted.call("c1", "list_agents", "{}")),
                        Scripted.says("Nobody."))) {
            var agents = served.client().beta().agents();
            String vault = agents.vaults().create().id();
            String url = served.url() + "/mcp";
            agents.vaults().credentials().create(bearer(vault, url, KnownKeys.ALL));
            AgentSession session =
                    agents.sessions()
                            .create(
                                    SessionCreateParams.builder()
                                            .environmentNone()
                                            .vaultIds(List.of(vault))
                                            .input("Who is there?")
                                            .agent(
                                                    SessionCreateParams.Agent.builder()
                                                            .model("scripted")
                                                            .addTool(tool(url))
                                                            .build())
                                            .build());
            session.validate();
            assertThat(session.vaultIds()).containsExactly(vault);
            served.until(session.id(), "idle");
            String items = served.get("/v1/agents/sessions/" + session.id() + "/items").body();
            assertThat(items)
                    .contains("\"type\":\"mcp_call\"", "\"server_label\":\"post\"")
                    .contains("\"name\":\"list_agents\"", "{\\\"agents\\\":[]}")
                    .doesNotContain(KnownKeys.ALL);
        }
    }

    private static AgentToolParam.Mcp tool(String url) {
        return AgentToolParam.Mcp.builder()
                .serverLabel("post")
                .transport(McpTransportParam.Http.builder().serverUrl(url).build())
                .required(true)
                .build();
    }

    @Test
    void withoutACredentialATurnFailsThatRequiresTheServer() throws Exception {
        try (var served = served(Scripted.says("x"))) {
            String body =
                    "{\"environment\":{\"type\":\"none\"},\"input\":\"Hi\",\"agent\":{\"model\":"
                            + "\"scripted\",\"tools\":[{\"type\":\"mcp\",\"server_label\":\"post\","
                            + "\"required\":true,\"transport\":{\"type\":\"http\",\"server_url\":\""
                            + served.url()
                            + "/mcp\",\"authorization\":\"wrong-4711\"}}]}}";
            JsonNode session = Served.json(served.post("/v1/agents/sessions", body).body());
            assertThat(session.toString()).doesNotContain("4711");
            String id = session.path("id").asString("");
            served.until(id, "idle");
            String turns = served.get("/v1/agents/sessions/" + id + "/turns").body();
            assertThat(turns).contains("mcp_server_startup_failed", "401").doesNotContain("4711");
        }
    }

    @Test
    void aVaultThatIsNotThereAndASavedSecretAreRefused() {
        try (var served = served(Scripted.says("x"))) {
            var agents = served.client().beta().agents();
            var params =
                    SessionCreateParams.builder()
                            .environmentNone()
                            .vaultIds(List.of("vault_none"))
                            .input("Hi")
                            .agent(SessionCreateParams.Agent.builder().model("scripted").build())
                            .build();
            assertThatThrownBy(() -> agents.sessions().create(params))
                    .isInstanceOf(NotFoundException.class)
                    .hasMessageContaining("vault_none");
            String body =
                    "{\"model\":\"scripted\",\"tools\":[{\"type\":\"mcp\","
                            + "\"server_label\":\"post\","
                            + "\"transport\":{\"type\":\"http\",\"server_url\":"
                            + "\"https://a.b/mcp\",\"authorization\":\"secret-1\"}}]}";
            HttpResponse<String> refused = served.post("/v1/agents", body);
            assertThat(refused.statusCode()).isEqualTo(400);
            assertThat(refused.body()).contains("vault").doesNotContain("secret-1");
        }
    }
}

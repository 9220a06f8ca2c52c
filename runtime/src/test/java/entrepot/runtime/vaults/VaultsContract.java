package entrepot.runtime.vaults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import entrepot.conversation.Failed;
import entrepot.http.Headers;
import entrepot.http.ServerSettings;
import entrepot.http.engine.HttpServer;
import entrepot.identity.Caller;
import entrepot.identity.Secret;
import entrepot.identity.testing.CountingIds;
import entrepot.runtime.AgentRuntime;
import entrepot.runtime.outside.Outside;
import entrepot.runtime.outside.Reach;
import entrepot.store.Database;
import entrepot.store.Page;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;

/** Vaults, whichever database keeps them. */
abstract class VaultsContract {

    private static final Caller ALICE = caller("acme", "research");
    private static final String SERVER = "https://tools.test/mcp";
    private static final Page.Query ALL = new Page.Query(null, 100, true);

    @TempDir Path folder;
    private Database database;
    private Sealer sealer;
    private Vaults vaults;

    abstract Database open(Path folder);

    @BeforeEach
    void openVaults() {
        database = open(folder);
        database.migrate(AgentRuntime.MIGRATIONS);
        database.migrate(List.of(Vaults.MIGRATIONS));
        sealer = new Sealer(Sealer.newKey(new Random(7)));
        vaults = new Vaults(database, new CountingIds("v"), sealer);
    }

    @AfterEach
    void close() {
        database.close();
    }

    private static Caller caller(String tenant, String team) {
        return new Caller(tenant, team, "alice", "key_1", Set.of(Caller.Scope.AGENTS));
    }

    private static Vaults.NewCredential bearer(String name, String token) {
        return new Vaults.NewCredential(
                name,
                Map.of("for", name),
                new Auth.StaticBearer(SERVER),
                new Secrets(token, null, null));
    }

    @Test
    void keepsVaultsAndFindsThemByTheirLabels() {
        Vault one = vaults.create(ALICE, "one", Map.of("app", "a", "env", "x"), null);
        Vault two = vaults.create(ALICE, null, Map.of("app", "a"), null);
        vaults.create(ALICE, "three", Map.of("app", "b"), null);
        assertThat(vaults.find(ALICE, one.id())).contains(one);
        assertThat(vaults.list(ALICE, Map.of("app", "a"), ALL).data()).containsExactly(one, two);
        Page<Vault> first = vaults.list(ALICE, Map.of(), new Page.Query(null, 2, true));
        assertThat(first.hasMore()).isTrue();
        assertThat(vaults.list(ALICE, Map.of(), new Page.Query(two.id(), 2, true)).data())
                .hasSize(1);
        Vault renamed = vaults.update(ALICE, one.id(), old -> null, Map.of());
        assertThat(renamed.name()).isNull();
        assertThat(renamed.metadata()).isEmpty();
        assertThat(vaults.update(ALICE, two.id(), old -> "named", null).metadata())
                .containsEntry("app", "a");
    }

    @Test
    void theSameKeyMakesOneThing() {
        Vault first = vaults.create(ALICE, "one", Map.of(), "key");
        assertThat(vaults.create(ALICE, "one", Map.of(), "key").id()).isEqualTo(first.id());
        assertThatThrownBy(() -> vaults.create(ALICE, "two", Map.of(), "key"))
                .isInstanceOf(Failed.class);
        Credential made =
                vaults.createCredential(ALICE, first.id(), bearer("github", "t"), "again");
        assertThat(vaults.createCredential(ALICE, first.id(), bearer("github", "t"), "again"))
                .isEqualTo(made);
        assertThatThrownBy(() ->
                        vaults.createCredential(
                                ALICE, first.id(), bearer("github", "other"), "again"))
                .isInstanceOf(Failed.class);
    }

    @Test
    void nobodyElseSeesAVault() {
        Vault vault = vaults.create(ALICE, "one", Map.of(), null);
        Credential kept = vaults.createCredential(ALICE, vault.id(), bearer("x", "t"), null);
        for (Caller other : List.of(caller("acme", "sales"), caller("globex", "research"))) {
            assertThat(vaults.find(other, vault.id())).isEmpty();
            assertThat(vaults.list(other, Map.of(), ALL).data()).isEmpty();
            assertThat(vaults.findCredential(other, vault.id(), kept.id())).isEmpty();
            assertThatThrownBy(() -> vaults.delete(other, vault.id())).isInstanceOf(Failed.class);
            assertThatThrownBy(() -> vaults.require(other, List.of(vault.id())))
                    .hasMessageContaining(vault.id());
        }
        vaults.require(ALICE, List.of(vault.id()));
    }

    @Test
    void secretsAreSealedInTheDatabase() throws Exception {
        Vault vault = vaults.create(ALICE, "one", Map.of(), null);
        Credential made = vaults.createCredential(ALICE, vault.id(), bearer("x", "tok-4711"), null);
        String row =
                database.read(sql ->
                        sql.one(
                                        "select auth, sealed from vault_credential where id = ?",
                                        each -> each.text("auth") + each.text("sealed"),
                                        made.id())
                                .orElseThrow());
        assertThat(row).doesNotContain("4711").contains(SERVER);
        assertThat(tokens(null).token(found(vault, null)).reveal()).isEqualTo("tok-4711");
    }

    @Test
    void deletingAVaultDeletesItsCredentials() {
        Vault vault = vaults.create(ALICE, "one", Map.of(), null);
        vaults.createCredential(ALICE, vault.id(), bearer("x", "t"), null);
        vaults.delete(ALICE, vault.id());
        long left =
                database.read(sql ->
                        sql.one("select count(*) n from vault_credential", row -> row.number("n"))
                                .orElseThrow());
        assertThat(left).isZero();
        assertThatThrownBy(() -> vaults.delete(ALICE, vault.id())).isInstanceOf(Failed.class);
    }

    @Test
    void rotatingChangesTheSecretAndNothingElse() throws Exception {
        Vault vault = vaults.create(ALICE, "one", Map.of(), null);
        Credential made = vaults.createCredential(ALICE, vault.id(), bearer("x", "old"), null);
        Credential rotated =
                vaults.updateCredential(
                        ALICE,
                        vault.id(),
                        made.id(),
                        new Vaults.Change(null, old -> old, new Secrets("new", null, null)));
        assertThat(rotated.auth()).isEqualTo(made.auth());
        assertThat(rotated.metadata()).isEqualTo(made.metadata());
        assertThat(tokens(null).token(found(vault, made.id())).reveal()).isEqualTo("new");
    }

    private McpTokens.Found found(Vault vault, @Nullable String credentialId)
            throws McpTokens.NoToken {
        return tokens(null)
                .find("acme", List.of(vault.id()), "HTTPS://Tools.test:443/mcp/", credentialId)
                .orElseThrow();
    }

    private McpTokens tokens(@Nullable Outside outside) {
        return new McpTokens(
                database,
                sealer,
                outside == null ? new Outside(new Reach(List.of())) : outside,
                Clock.systemUTC());
    }

    @Test
    void severalThatMatchAreToBeNamed() throws Exception {
        Vault vault = vaults.create(ALICE, "one", Map.of(), null);
        Credential first = vaults.createCredential(ALICE, vault.id(), bearer("a", "A"), null);
        assertThat(found(vault, null).credentialId()).isEqualTo(first.id());
        Credential second = vaults.createCredential(ALICE, vault.id(), bearer("b", "B"), null);
        assertThatThrownBy(() -> found(vault, null))
                .isInstanceOf(McpTokens.NoToken.class)
                .hasMessageContaining("credential_id");
        assertThat(tokens(null).token(found(vault, second.id())).reveal()).isEqualTo("B");
        assertThatThrownBy(() -> found(vault, "cred_none")).hasMessageContaining("cred_none");
        assertThat(tokens(null).find("acme", List.of(vault.id()), "https://other.test/", null))
                .isEmpty();
        assertThat(tokens(null).find("globex", List.of(vault.id()), SERVER, null)).isEmpty();
    }

    /** A token endpoint that gives each refresh token once. */
    private static final class Granter implements AutoCloseable {
        private final List<String> asked = new CopyOnWriteArrayList<>();
        private final HttpServer server;

        private Granter(Supplier<String> answer) {
            server =
                    HttpServer.start(
                            ServerSettings.loopback(0),
                            exchange -> {
                                asked.add(
                                        exchange.headers().get("authorization")
                                                + " "
                                                + new String(
                                                        exchange.body(), StandardCharsets.UTF_8));
                                String body = answer.get();
                                exchange.respond(
                                        body.isEmpty() ? 400 : 200,
                                        Headers.of("content-type", "application/json"),
                                        body.getBytes(StandardCharsets.UTF_8));
                            });
        }

        String url() {
            return "http://127.0.0.1:" + server.port() + "/token";
        }

        @Override
        public void close() {
            server.close();
        }
    }

    private Vault expired(String endpoint) {
        Vault vault = vaults.create(ALICE, "one", Map.of(), null);
        vaults.createCredential(
                ALICE,
                vault.id(),
                new Vaults.NewCredential(
                        "oauth",
                        Map.of(),
                        new Auth.McpOauth(
                                SERVER,
                                1L,
                                new Auth.Refresh(
                                        "client",
                                        endpoint,
                                        Auth.ClientAuth.CLIENT_SECRET_BASIC,
                                        SERVER,
                                        "read write")),
                        new Secrets("old", "refresh-1", "client secret")),
                null);
        return vault;
    }

    @Test
    void aTokenThatHasRunOutIsRenewedOnceHoweverManyAsk() throws Exception {
        try (Granter granter =
                        new Granter(() ->
                                "{\"access_token\":\"new\",\"refresh_token\":\"refresh-2\","
                                        + "\"expires_in\":3600}");
                Outside outside = new Outside(new Reach(List.of("127.0.0.1")))) {
            Vault vault = expired(granter.url());
            List<Future<String>> asking = new ArrayList<>();
            try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
                for (int i = 0; i < 8; i++) {
                    McpTokens node = tokens(outside);
                    asking.add(threads.submit(() -> node.token(found(vault, null)).reveal()));
                }
            }
            for (Future<String> each : asking) {
                assertThat(each.get()).isEqualTo("new");
            }
            assertThat(granter.asked)
                    .singleElement()
                    .asString()
                    .startsWith("Basic Y2xpZW50OmNsaWVudCtzZWNyZXQ=")
                    .contains("grant_type=refresh_token", "refresh_token=refresh-1")
                    .contains("scope=read+write", "resource=https%3A%2F%2Ftools.test%2Fmcp");
            assertThat(tokens(outside).renew(found(vault, null), new Secret("x"))).isTrue();
        }
    }

    @Test
    void withoutANewTokenTheOldOneStays() throws Exception {
        try (Granter granter = new Granter(() -> "");
                Outside outside = new Outside(new Reach(List.of("127.0.0.1")))) {
            Vault vault = expired(granter.url());
            assertThat(tokens(outside).token(found(vault, null)).reveal()).isEqualTo("old");
            assertThat(granter.asked).hasSize(1);
        }
    }
}

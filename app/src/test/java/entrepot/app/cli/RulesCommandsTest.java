package entrepot.app.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import entrepot.app.client.Api;
import entrepot.app.client.ApiFailed;
import entrepot.app.server.Server;
import entrepot.app.server.StartFailed;
import entrepot.app.settings.Setting;
import entrepot.app.settings.SettingsReader;
import entrepot.testkit.ChatScripts;
import entrepot.testkit.ScriptedSupplier;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.util.Map;

/** Terms, entitlements and policies from the command line, with a whole server behind it. */
class RulesCommandsTest extends CommandLine {

    private final ScriptedSupplier supplier = ScriptedSupplier.start();

    @AfterEach
    void close() {
        supplier.close();
    }

    @Test
    void theRemedyOfEachRefusalIsACommandThatWorks() throws Exception {
        catalogue();
        supplier.always(ChatScripts.answer("Good day", 3, 2));
        try (var server = start()) {
            assertThatThrownBy(() -> ask(server, "acme/one"))
                    .isInstanceOf(ApiFailed.class)
                    .hasMessageContaining("entrepot terms accept acme-use --version 2");
            assertThat(run(server, "terms", "list")).isZero();
            assertThat(told()).contains("acme-use").contains("to be accepted");
            assertThat(run(server, "terms", "accept", "acme-use", "--version", "1")).isEqualTo(1);
            assertThat(told()).contains("version 2 is");
            assertThat(run(server, "terms", "accept", "acme-use", "--version", "2")).isZero();
            assertThat(run(server, "terms", "show", "acme-use")).isZero();
            assertThat(told()).contains("https://acme.invalid/terms").contains("admin");
            assertThat(ask(server, "acme/one").at("/choices/0/message/content").asString())
                    .isEqualTo("Good day");

            assertThat(run(server, "entitlements", "grant", "acme/two", "--team", "desk")).isZero();
            String id = printed().strip();
            assertThat(id).startsWith("ent_");
            told();
            assertThatThrownBy(() -> ask(server, "acme/one"))
                    .hasMessageContaining("entrepot entitlements grant acme/one --team default");
            assertThat(run(server, "entitlements", "grant", "acme/one", "--team", "default"))
                    .isZero();
            assertThat(ask(server, "acme/one").path("model").isMissingNode()).isFalse();
            told();
            assertThat(run(server, "entitlements", "list")).isZero();
            assertThat(told()).contains(id).contains("team desk").contains("is refused");
            assertThat(run(server, "entitlements", "revoke", id)).isZero();
            assertThat(run(server, "entitlements", "revoke", id)).isEqualTo(1);
            told();
            assertThat(run(server, "models")).isZero();
            assertThat(told()).contains("acme/one").doesNotContain("acme/two");
        }
    }

    @Test
    void aServerDecidesByItsPoliciesAndShowsThem() throws Exception {
        catalogue();
        supplier.always(ChatScripts.answer("Good day", 3, 2));
        policies(
                """
                @id("all") permit(principal, action, resource);
                @id("not-two") @remedy("use acme/free")
                forbid(principal, action, resource == Entrepot::Model::"acme/two");
                @id("watch") @mode("log")
                forbid(principal, action, resource == Entrepot::Model::"acme/free");
                """);
        try (var server = start()) {
            assertThat(run(server, "terms", "accept", "acme-use", "--version", "2")).isZero();
            assertThatThrownBy(() -> ask(server, "acme/two"))
                    .hasMessageContaining("forbidden by not-two")
                    .hasMessageContaining("main.cedar:2")
                    .hasMessageContaining("use acme/free");
            ask(server, "acme/free");
            told();
            assertThat(run(server, "policies", "show")).isZero();
            assertThat(told())
                    .containsPattern("not-two +forbid +enforce +main.cedar:2 +1 +0")
                    .containsPattern("watch +forbid +log +main.cedar:4 +0 +1");
        }
    }

    @Test
    void aServerAndAFolderMindTheTermsAndPlacesOfContracts() throws Exception {
        catalogue();
        contract();
        supplier.always(ChatScripts.answer("Good day", 3, 2));
        assertThat(explain("acme/one")).isZero();
        told();
        assertThat(explain("acme/two")).isEqualTo(3);
        assertThat(told()).contains("NO  region").contains("by acme/place");
        try (var server = start()) {
            assertThatThrownBy(() -> ask(server, "acme/free"))
                    .hasMessageContaining("entrepot terms accept acme-use --version 2");
            assertThat(run(server, "terms", "accept", "acme-use", "--version", "2")).isZero();
            assertThatThrownBy(() -> ask(server, "acme/free"))
                    .hasMessageContaining("(acme/use)")
                    .hasMessageContaining("entrepot terms accept acme/use --version 7");
            assertThat(run(server, "terms", "show", "acme/use")).isZero();
            assertThat(told()).contains("Tenants agree").contains("in force by acme/use");
            assertThat(run(server, "terms", "accept", "acme/use", "--version", "7")).isZero();
            assertThat(ask(server, "acme/free").path("model").isMissingNode()).isFalse();

            assertThatThrownBy(() -> ask(server, "acme/two"))
                    .hasMessageContaining("the region of acme is not known")
                    .hasMessageContaining("(acme/place)");
            assertThat(ask(server, "acme/one").path("model").isMissingNode()).isFalse();
        }
    }

    private void contract() throws IOException {
        Files.createDirectories(folder.resolve("contracts"));
        Files.writeString(
                folder.resolve("contracts/acme.yaml"),
                """
                contracts:
                  acme:
                    title: A contract
                    learned: 2026-01-01
                    parties:
                      v: {name: Acme, vendor: acme, channels: [acme]}
                    documents:
                      d: {title: Agreement}
                    clauses:
                      use: {kind: terms, says: Tenants agree to the rules, source: d,
                            models: [acme/free], version: "7"}
                      place: {kind: residency, says: Calls stay in the EU, source: d,
                              models: [acme/two], regions: ["eu-*"]}
                """);
    }

    @Test
    void badPoliciesKeepAServerFromStarting() throws IOException {
        policies("permit(principal, action, resource) when { context.chanel == \"x\" };\n");
        assertThatThrownBy(this::start)
                .isInstanceOf(StartFailed.class)
                .hasMessageContaining("main.cedar:1:44")
                .hasMessageContaining("did you mean `channel`?");
    }

    private void catalogue() throws IOException {
        Files.writeString(
                folder.resolve("catalogue.yaml"),
                """
                suppliers:
                  acme: {kind: openai-compatible, base_url: "%s"}
                models:
                  acme/one: {offers: [{supplier: acme, name: one, prices: free}]}
                  acme/two: {offers: [{supplier: acme, name: two, prices: free}]}
                  acme/free: {offers: [{supplier: acme, name: free, prices: free}]}
                terms:
                  acme/*: {id: acme-use, version: "2", title: Acme, url: "https://acme.invalid/terms"}
                """
                        .formatted(supplier.baseUrl()));
    }

    private void policies(String text) throws IOException {
        Files.createDirectories(folder.resolve("policies"));
        Files.writeString(folder.resolve("policies/main.cedar"), text);
    }

    private Server start() {
        var flags = Map.of(Setting.PORT, "0");
        return Server.start(SettingsReader.read(flags, environment()), environment());
    }

    private static JsonNode ask(Server server, String model) throws Exception {
        var body = JsonNodeFactory.instance.objectNode().put("model", model);
        body.putArray("messages").addObject().put("role", "user").put("content", "Hi");
        try (var api = new Api(URI.create(server.url()), server.firstKey().orElseThrow())) {
            return api.post("/v1/chat/completions", body);
        }
    }

    private int explain(String model) {
        return run("explain", "--folder", folder.toString(), "--model", model);
    }
}

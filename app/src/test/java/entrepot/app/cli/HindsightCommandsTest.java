package entrepot.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import entrepot.app.client.Api;
import entrepot.app.server.Server;
import entrepot.app.settings.Setting;
import entrepot.app.settings.SettingsReader;
import entrepot.testkit.ChatScripts;
import entrepot.testkit.ScriptedSupplier;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What-if questions and evidence from the command line, over the ledger of a whole server. */
class HindsightCommandsTest extends CommandLine {

    private static final String[] EVER = {"--from", "2020-01", "--to", "2200-01"};

    private final ScriptedSupplier supplier = ScriptedSupplier.start();

    @AfterEach
    void close() {
        supplier.close();
    }

    @Test
    void aPastOrderIsAskedAgainAndItsDecisionProven() throws Exception {
        catalogue();
        contracts(folder.resolve("contracts"), "azure");
        contracts(folder.resolve("other"), "bedrock");
        supplier.always(ChatScripts.answer("Good day", 3, 2));
        Path proof = folder.resolve("proof.json");
        Path pem = folder.resolve("public.pem");
        try (var server = start()) {
            ask(server);
            assertThat(run(server, whatIf(folder.resolve("other").toString()))).isZero();
            assertThat(told())
                    .contains(": a1 -> b1, 0.000022 USD -> 0.000011 USD (-0.000011 USD)")
                    .contains("goes to b1, since the contracts do not allow")
                    .contains("1 orders decided again, 1 move")
                    .contains("difference: -0.000011 USD")
                    .contains("catalogue offers now");
            assertThat(run(server, whatIf(folder.resolve("other").toString(), "--json"))).isZero();
            JsonNode json = JsonMapper.shared().readTree(printed());
            assertThat(json.path("moved")).hasSize(1);
            told();
            Files.writeString(folder.resolve("other/bad.yaml"), "contracts:\n  c: {titel: x}\n");
            assertThat(run(server, whatIf(folder.resolve("other").toString()))).isEqualTo(1);
            assertThat(told()).contains("bad.yaml:2:7");

            assertThat(run(server, with(EVER, "evidence", "deal/sole", "--out", proof.toString())))
                    .isZero();
            assertThat(told()).contains("1 decisions, 0 records left out");
            try (var api = new Api(URI.create(server.url()), server.firstKey().orElseThrow())) {
                JsonNode key = api.get("/admin/v1/contracts/evidence-key");
                Files.writeString(pem, key.path("public_key").stringValue());
            }
        }
        Path secret = folder.resolve("evidence.pem");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(secret)))
                .isEqualTo("rw-------");
        verifies(proof, pem);
    }

    /** Without any server. */
    private void verifies(Path proof, Path pem) throws IOException {
        assertThat(run("contracts", "verify", proof.toString())).isZero();
        assertThat(told()).contains("good: signed with the key").contains("in the document itself");
        String[] withKey = {"contracts", "verify", proof.toString(), "--key", pem.toString()};
        assertThat(run(withKey)).isZero();
        Files.writeString(
                proof, Files.readString(proof).replace("\"allowed\":true", "\"allowed\":false"));
        assertThat(run(withKey)).isEqualTo(1);
        assertThat(told()).contains("NOT good: it was changed");
        Files.writeString(pem, "nothing");
        assertThat(run(withKey)).isEqualTo(1);
        assertThat(told()).contains("no public key of Ed25519");
    }

    private static String[] whatIf(String contracts, String... more) {
        var all = new ArrayList<>(List.of("whatif", contracts));
        all.addAll(List.of(more));
        return with(EVER, all.toArray(String[]::new));
    }

    private static String[] with(String[] period, String... command) {
        var all = new ArrayList<>(List.of("contracts"));
        all.addAll(List.of(command));
        all.addAll(List.of(period));
        return all.toArray(String[]::new);
    }

    private void catalogue() throws IOException {
        Files.writeString(
                folder.resolve("catalogue.yaml"),
                """
                suppliers:
                  a1: {kind: openai-compatible, base_url: "%1$s", channel: azure}
                  b1: {kind: openai-compatible, base_url: "%1$s", channel: bedrock}
                models:
                  openai/one:
                    offers:
                      - {supplier: a1, name: one, prices: {input: 2, output: 8}}
                      - {supplier: b1, name: one, prices: {input: 1, output: 4}}
                """
                        .formatted(supplier.baseUrl()));
    }

    private static void contracts(Path into, String channel) throws IOException {
        Files.createDirectories(into);
        Files.writeString(
                into.resolve("deal.yaml"),
                """
                contracts:
                  deal:
                    title: A deal
                    learned: 2026-01-01
                    parties:
                      openai: {name: OpenAI, vendor: openai}
                      clouds: {name: Clouds, channels: [azure, bedrock]}
                    documents: {d: {title: The deal}}
                    clauses:
                      sole:
                        kind: exclusivity
                        says: one cloud alone
                        models: [openai/*]
                        channels: [%s]
                        from: 2020-01-01
                        source: d
                """
                        .formatted(channel));
    }

    private Server start() {
        var flags = Map.of(Setting.PORT, "0");
        return Server.start(SettingsReader.read(flags, environment()), environment());
    }

    /** Buys an answer, and waits until the ledger has it. */
    private static void ask(Server server) throws Exception {
        var body = JsonNodeFactory.instance.objectNode().put("model", "openai/one");
        body.putArray("messages").addObject().put("role", "user").put("content", "Hi");
        try (var api = new Api(URI.create(server.url()), server.firstKey().orElseThrow())) {
            api.post("/v1/chat/completions", body);
            while (api.get("/admin/v1/receipts").path("data").isEmpty()) {
                Thread.onSpinWait();
            }
        }
    }
}

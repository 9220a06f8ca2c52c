package entrepot.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import entrepot.testkit.ChatScripts;
import entrepot.testkit.Script;
import entrepot.testkit.ScriptedSupplier;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** What people see of the commands: help, results on one stream, advice on the other. */
class EntrepotTest {

    @TempDir Path folder = Path.of("");

    private final ScriptedSupplier server = ScriptedSupplier.start();
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void helpNamesEveryCommandAndEveryCommandHasHelp() {
        assertThat(run("--help")).isZero();
        var commands =
                List.of(
                        "demo",
                        "serve",
                        "brief",
                        "chat",
                        "sessions",
                        "models",
                        "explain",
                        "keys",
                        "contracts",
                        "limits",
                        "terms",
                        "entitlements",
                        "policies",
                        "ledger",
                        "statements",
                        "focus",
                        "doctor",
                        "completion");
        assertThat(text(out)).contains(commands);
        for (var command : commands) {
            assertThat(run(command, "--help")).as(command).isZero();
        }
    }

    @Test
    void serveOffersEverySettingAsAFlag() {
        run("serve", "--help");
        for (var setting : entrepot.app.settings.Setting.values()) {
            assertThat(text(out).contains(setting.flag() + "=")).isEqualTo(setting.hasFlag());
        }
    }

    @Test
    void completionIsAScriptThatKnowsTheCommands() {
        assertThat(run("completion")).isZero();
        assertThat(text(out)).contains("complete ").contains("sessions").contains("--database-url");
        assertThat(text(out)).contains("concurrency").contains("--hold-if-unknown");
        String script = text(out);
        out.reset();
        run("--help");
        var commands =
                Pattern.compile("^  ([a-z]+) {2,}\\S", Pattern.MULTILINE)
                        .matcher(text(out))
                        .results()
                        .map(found -> found.group(1))
                        .toList();
        assertThat(commands).hasSizeGreaterThan(20).contains("capacity", "prices", "groups");
        for (var command : commands) {
            assertThat(script).as(command).containsPattern("\\b" + command + "\\b");
            assertThat(run(command, "--help")).as(command).isZero();
        }
    }

    @Test
    void aCommandThatDoesNotExistIsAnErrorOfUsage() {
        assertThat(run("sevre")).isEqualTo(2);
        assertThat(text(err)).contains("sevre");
    }

    @Test
    void modelsAreListedAsATable() {
        server.answer(
                Script.json(
                        200,
                        "{\"data\":[{\"id\":\"entrepot/extract-1\",\"owned_by\":\"entrepot\"}]}"));
        assertThat(run("models", "--url", url(), "--key", "ek")).isZero();
        assertThat(text(out))
                .isEqualTo("MODEL               VENDOR\nentrepot/extract-1  entrepot\n");
    }

    @Test
    void aCallIsExplainedGateByGateAndARefusalHasAnExitCodeOfItsOwn() {
        server.answer(
                Script.json(
                        200,
                        "{\"model\":\"openai/gpt\",\"at\":\"2026-03-01T00:00:00Z\","
                                + "\"allowed\":false,\"verdicts\":[{\"gate\":\"key\","
                                + "\"passed\":true,\"reason\":\"it may\"}],\"ways\":["
                                + "{\"supplier\":\"aws\",\"channel\":\"bedrock\","
                                + "\"name\":\"gpt\",\"place\":0,\"verdicts\":[{\"gate\":"
                                + "\"contract\",\"passed\":false,\"reason\":\"azure only\","
                                + "\"source\":\"clause 2\",\"remedy\":\"use azure\"}]}]}"));

        int code =
                run(
                        "explain",
                        "--model",
                        "gpt",
                        "--at",
                        "2026-03-01",
                        "--only",
                        "bedrock",
                        "--url",
                        url(),
                        "--key",
                        "ek");

        assertThat(code).isEqualTo(3);
        assertThat(server.last().text())
                .contains("\"at\":\"2026-03-01\"")
                .contains("\"entrepot\":{\"route\":{\"only\":[\"bedrock\"]}}");
        assertThat(text(out))
                .contains("openai/gpt, stateless, 2026-03-01T00:00:00Z: refused")
                .contains("NO  contract     azure only")
                .contains("by clause 2")
                .contains("what helps: use azure");
    }

    @Test
    void chatStreamsAnswersAndKeepsTheConversation() {
        server.answer(ChatScripts.stream(1, 2, "Good ", "day"));
        server.answer(ChatScripts.stream(1, 2, "Again"));
        assertThat(runWith("Hello\n\nMore\n", "chat", "-m", "m", "--url", url(), "--key", "ek"))
                .isZero();
        assertThat(text(out)).isEqualTo("Good day\nAgain\n");
        assertThat(server.last().text())
                .contains(
                        "{\"role\":\"assistant\",\"content\":\"Good day\"},"
                                + "{\"role\":\"user\",\"content\":\"More\"}");
    }

    @Test
    void sessionsAreListedAndShown() {
        server.answer(
                Script.json(
                        200,
                        "{\"data\":[{\"id\":\"sess_1\",\"status\":\"idle\",\"last_active_at\":0,"
                                + "\"agent\":{\"name\":null,\"model\":\"m/x\"}}]}"));
        assertThat(run("sessions", "list", "--limit", "5", "--url", url(), "--key", "ek"))
                .as(text(err))
                .isZero();
        assertThat(server.last().target()).isEqualTo("/v1/agents/sessions?limit=5");
        assertThat(text(out)).contains("sess_1   idle    1970-01-01T00:00:00Z  -      m/x");
        server.answer(Script.json(200, "{\"id\":\"sess_1\",\"status\":\"idle\",\"agent\":{}}"));
        server.answer(
                Script.json(
                        200,
                        "{\"data\":[{\"type\":\"message\",\"role\":\"user\","
                                + "\"content\":[{\"type\":\"input_text\",\"text\":\"Why?\"}]}]}"));
        assertThat(run("sessions", "show", "sess_1", "--url", url(), "--key", "ek")).isZero();
        assertThat(text(out)).contains("[user]").contains("Why?");
    }

    @Test
    void aSessionIsFollowedAsLinesOfJson() {
        server.answer(Script.events("{\"type\":\"a\"}", "{\"type\":\"b\"}"));
        assertThat(run("sessions", "tail", "sess_1", "--after", "0", "--url", url(), "--key", "ek"))
                .isZero();
        assertThat(text(out)).isEqualTo("{\"type\":\"a\"}\n{\"type\":\"b\"}\n");
        assertThat(server.last().header("last-event-id")).isEqualTo("0");
    }

    @Test
    void aNewKeyGoesToStandardOutputAlone() {
        server.answer(Script.json(201, "{\"id\":\"key_1\",\"secret\":\"ek_new\"}"));
        assertThat(run("keys", "create", "ci", "--scope", "models", "--url", url(), "--key", "ek"))
                .isZero();
        assertThat(text(out)).isEqualTo("ek_new\n");
        assertThat(server.last().text())
                .contains("\"name\":\"ci\"")
                .contains("\"scopes\":[\"models\"]");
    }

    @Test
    void aLimitIsSetAndChangedByWhatIsNamed() {
        String limit =
                "{\"id\":\"lim_1\",\"name\":\"n\",\"scope\":{\"kind\":\"team\",\"id\":\"r\"},"
                        + "\"measure\":\"money\",\"currency\":\"USD\",\"amount\":\"100\","
                        + "\"period\":\"month\",\"hard\":true}";
        server.answer(Script.json(201, limit));
        assertThat(limits("create", "money", "100", "--of", "team", "--id", "r", "--alert", "80"))
                .as(text(err))
                .isZero();
        assertThat(text(out)).isEqualTo("lim_1\n");
        assertThat(text(err)).contains("100 USD a month of team r");
        assertThat(server.last().text())
                .isEqualTo(
                        "{\"amount\":\"100\",\"scope\":{\"kind\":\"team\",\"id\":\"r\"},"
                                + "\"measure\":\"money\",\"period\":\"month\","
                                + "\"currency\":\"USD\",\"alert_percents\":[80]}");
        server.answer(Script.json(200, limit));
        assertThat(limits("update", "lim_1", "--no-hard", "--hold-if-unknown", "refuse", "--json"))
                .isZero();
        assertThat(server.last().text()).isEqualTo("{\"hard\":false,\"hold_if_unknown\":null}");
        assertThat(text(out)).endsWith(limit + "\n");
        assertThat(limits("update", "lim_1")).isEqualTo(1);
        assertThat(text(err)).contains("Nothing to change");
        assertThat(limits("create", "gold", "1", "--of", "team")).isEqualTo(2);
        assertThat(text(err)).contains("requests, tokens, concurrency, money");
    }

    @Test
    void limitsAreListedPageByPageAndShown() {
        String limit =
                "{\"id\":\"lim_%d\",\"name\":\"n\",\"scope\":{\"kind\":\"key\",\"id\":\"k\"},"
                        + "\"measure\":\"requests\",\"amount\":\"5\",\"period\":\"minute\"}";
        server.answer(
                Script.json(200, "{\"data\":[" + limit.formatted(1) + "],\"has_more\":true}"));
        server.answer(
                Script.json(200, "{\"data\":[" + limit.formatted(2) + "],\"has_more\":false}"));
        assertThat(limits("list")).isZero();
        assertThat(server.last().target()).isEqualTo("/admin/v1/limits?limit=100&after=lim_1");
        assertThat(text(out))
                .contains("lim_1", "lim_2  n     key k  5 requests a minute  in force");
        server.answer(Script.json(200, limit.formatted(3)));
        server.answer(
                Script.json(
                        200,
                        "{\"data\":[{\"period_start\":0,\"period_end\":60,\"settled\":\"4\","
                                + "\"alerted_percent\":80}]}"));
        assertThat(limits("show", "lim_3", "--periods", "3")).isZero();
        assertThat(server.last().target()).isEqualTo("/admin/v1/limits/lim_3/history?limit=3");
        assertThat(text(out)).contains("1970-01-01T00:00:00Z  1970-01-01T00:01:00Z  4        80 %");
    }

    private int limits(String... words) {
        var arguments = new java.util.ArrayList<>(List.of("limits"));
        arguments.addAll(List.of(words));
        arguments.addAll(List.of("--url", url(), "--key", "ek"));
        return run(arguments.toArray(String[]::new));
    }

    @Test
    void aRefusalGoesToStandardErrorInTheServersWords() {
        server.answer(ChatScripts.error(403, "forbidden", "x", "This key lacks the scope admin."));
        assertThat(run("keys", "list", "--url", url(), "--key", "ek")).isEqualTo(1);
        assertThat(text(err)).isEqualTo("This key lacks the scope admin.\n");
        assertThat(text(out)).isEmpty();
    }

    @Test
    void withoutAKeyTheCommandSaysWhereOneComesFrom() {
        assertThat(run("models", "--url", url())).isEqualTo(1);
        assertThat(text(err)).contains("--key").contains("ENTREPOT_KEY").contains("admin.key");
    }

    @Test
    void whatCannotBeAKeyOrAnAddressIsToldInWords() {
        assertThat(run("models", "--url", url(), "--key", "ek\nsecret")).isEqualTo(1);
        assertThat(text(err)).startsWith("The key holds").doesNotContain("secret", "\tat ");
        assertThat(run("models", "--url", "ftp://127.0.0.1", "--key", "ek")).isEqualTo(1);
        assertThat(text(err)).contains("ftp://127.0.0.1 is not the address").doesNotContain("\tat");
    }

    @Test
    void theKeyThatAServerLeftOnThisMachineIsUsed() throws Exception {
        Files.writeString(folder.resolve("admin.key"), "ek_left\n");
        server.answer(Script.json(200, "{\"data\":[{\"id\":\"a/b\"}]}"));
        assertThat(run("models", "--url", url())).isZero();
        assertThat(server.last().header("authorization")).isEqualTo("Bearer ek_left");
    }

    @Test
    void doctorSaysWhatWouldMendATakenPortAndABadCatalogue() throws Exception {
        Files.writeString(folder.resolve("catalogue.yaml"), "suppliers:\n  x: {kind: nonsense}\n");
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThat(run("doctor", "--port", Integer.toString(taken.getLocalPort())))
                    .isEqualTo(1);
        }
        assertThat(text(out))
                .containsPattern("ok +java")
                .containsPattern("ok +data")
                .containsPattern("fail +port .*\n.*--port")
                .containsPattern("fail +catalogue +.*catalogue.yaml:2:");
    }

    @Test
    void briefOfAFolderThatIsNotThereSaysSo() {
        assertThat(run("brief", folder.resolve("none").toString(), "Why?")).isEqualTo(1);
        assertThat(text(err)).contains("There is no folder");
    }

    private int run(String... arguments) {
        return runWith("", arguments);
    }

    private int runWith(String input, String... arguments) {
        Map<String, String> environment = new HashMap<>();
        environment.put("HOME", "/nowhere");
        environment.put("ENTREPOT_DATA", folder.toString());
        var terminal =
                new Terminal(
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8),
                        new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
                        false,
                        environment);
        return Entrepot.run(terminal, arguments);
    }

    private String url() {
        return "http://127.0.0.1:" + server.port();
    }

    private static String text(ByteArrayOutputStream stream) {
        return stream.toString(StandardCharsets.UTF_8);
    }
}

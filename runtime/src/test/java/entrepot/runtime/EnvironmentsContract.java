package entrepot.runtime;

import static entrepot.runtime.Node.ALICE;
import static entrepot.runtime.Node.agent;
import static entrepot.runtime.Node.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import entrepot.conversation.Failed;
import entrepot.identity.testing.CountingIds;
import entrepot.runtime.approvals.ToolPolicy;
import entrepot.runtime.driver.Driver;
import entrepot.runtime.environments.Blueprint;
import entrepot.runtime.environments.Environment;
import entrepot.runtime.environments.EnvironmentSettings;
import entrepot.runtime.environments.EnvironmentTools;
import entrepot.runtime.environments.Environments;
import entrepot.runtime.environments.Templates;
import entrepot.runtime.facts.Configuration;
import entrepot.runtime.facts.EnvironmentStatus;
import entrepot.runtime.facts.Fact;
import entrepot.runtime.facts.SessionSettings;
import entrepot.runtime.sandbox.Sandbox;
import entrepot.runtime.sandbox.SandboxSettings;
import entrepot.runtime.session.Entry;
import entrepot.runtime.session.Sessions;
import entrepot.runtime.session.View;
import entrepot.runtime.testing.Scripted;
import entrepot.runtime.testing.ScriptedMarket;
import entrepot.runtime.vaults.Sealer;
import entrepot.store.Page;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;

/** Sessions whose agents run commands, whichever database keeps them. */
abstract class EnvironmentsContract extends NodeContract {

    private final CountingIds ids = new CountingIds("e");
    private final Sealer sealer = new Sealer(Sealer.newKey(new Random(1)));
    private Environments.@Nullable Parts parts;
    private @Nullable Environments environments;

    @BeforeEach
    void openEnvironments() {
        var sandbox = new Sandbox(SandboxSettings.DEFAULT);
        String refusal = sandbox.refusal();
        Assumptions.assumeTrue(refusal == null, "bubblewrap does not run here: " + refusal);
        database.migrate(AgentRuntime.MIGRATIONS);
        database.migrate(List.of(Environments.MIGRATIONS));
        parts = parts(sandbox, Clock.systemUTC(), Duration.ofDays(7));
        environments = new Environments(parts);
    }

    private Environments.Parts parts(Sandbox sandbox, InstantSource clock, Duration expiry) {
        return new Environments.Parts(
                database,
                ids,
                sealer,
                sandbox,
                Environments.StoredCopies.NONE,
                EnvironmentSettings.in(folder.resolve("environments")).withExpiry(expiry),
                clock);
    }

    @AfterEach
    void closeEnvironments() {
        if (environments != null) {
            environments.close();
        }
    }

    private Environments environments() {
        if (environments == null) {
            throw new IllegalStateException();
        }
        return environments;
    }

    private Node node(String name, Scripted... answers) {
        return node(name, ScriptedMarket.of(answers));
    }

    private Node node(String name, ScriptedMarket market) {
        if (parts == null) {
            throw new IllegalStateException();
        }
        Driver.Tools tools =
                new Driver.Tools(new EnvironmentTools(parts), ToolPolicy.ALLOW, environments());
        return Node.on(database, market, tools, name, Node.QUICK);
    }

    private static Scripted runs(String command) {
        return Scripted.calls(
                Scripted.call(
                        "c_" + Integer.toHexString(command.hashCode()),
                        "run_command",
                        "{\"command\":\"" + command.replace("\"", "\\\"") + "\"}"));
    }

    private String session(Node node, Blueprint blueprint, String... inputs) {
        Environment made = environments().create(ALICE, blueprint, true, null);
        var parts = new ArrayList<List<entrepot.conversation.Part>>();
        for (String input : inputs) {
            parts.add(text(input));
        }
        String id =
                node.sessions()
                        .create(
                                ALICE,
                                new Sessions.NewSession(
                                        new Configuration(
                                                agent(),
                                                Map.of(),
                                                SessionSettings.DEFAULT.withEnvironment(
                                                        made.shown())),
                                        parts,
                                        null),
                                null)
                        .id();
        environments().bind(ALICE, made.id(), id);
        return id;
    }

    private static List<View.Item.Command> commands(Node node, String id) {
        return node.sessions().view(ALICE, id).orElseThrow().items().stream()
                .filter(View.Item.Command.class::isInstance)
                .map(View.Item.Command.class::cast)
                .toList();
    }

    private Environment environment(Node node, String id) {
        Sessions.Session session = node.sessions().find(ALICE, id).orElseThrow();
        String environmentId = session.configuration().settings().environmentId();
        return environments().find(ALICE, String.valueOf(environmentId)).orElseThrow();
    }

    private static Blueprint setUp(String... commands) {
        return new Blueprint(
                Blueprint.Size.SMALL,
                false,
                List.of(
                        new Blueprint.Given(
                                "",
                                "/workspace/data/in.txt",
                                5,
                                null,
                                Base64.getEncoder()
                                        .encodeToString("given".getBytes(StandardCharsets.UTF_8)))),
                Stream.of(commands).map(each -> new Blueprint.Setup(each, "/workspace")).toList(),
                Map.of("TOKEN", "s3cr3t-value"));
    }

    @Test
    void anAgentRunsCommandsAndItsFilesStay() throws Exception {
        try (Node node =
                node(
                                "a",
                                runs("cat data/in.txt ready; echo; echo more > kept; exit 2"),
                                Scripted.says("One."),
                                runs("cat kept; echo ${#TOKEN}"),
                                Scripted.says("Two."))
                        .started()) {
            String id = session(node, setUp("echo set up by $TOKEN > ready"), "Go");
            node.until(id, Fact.TurnCompleted.class::isInstance);
            node.post(id, Node.says("Again"));
            List<Entry> seen = node.until(id, Node.count(Fact.TurnCompleted.class, 2));
            List<View.Item.Command> commands = commands(node, id);
            assertThat(commands).hasSize(2);
            assertThat(commands.get(0).output()).isEqualTo("givenset up by s3cr3t-value\n\n");
            assertThat(commands.get(0).exitCode()).isEqualTo(2);
            assertThat(commands.get(0).status()).isEqualTo(View.ItemStatus.FAILED);
            assertThat(commands.get(1).output()).isEqualTo("more\n12\n");
            assertThat(commands.get(1).exitCode()).isZero();
            assertThat(commands.get(1).millis()).isNotNegative();
            assertThat(environment(node, id).status()).isEqualTo(EnvironmentStatus.CONNECTED);
            assertThat(seen.stream().filter(Entry.Piece.class::isInstance))
                    .anyMatch(each -> ((Entry.Piece) each).kind() == Entry.Kind.COMMAND);
            assertThat(statuses(node, id))
                    .containsExactly(EnvironmentStatus.PENDING, EnvironmentStatus.CONNECTED);
        }
    }

    private static List<EnvironmentStatus> statuses(Node node, String id) {
        return node.facts(id).stream()
                .filter(Fact.EnvironmentChanged.class::isInstance)
                .map(fact -> ((Fact.EnvironmentChanged) fact).status())
                .toList();
    }

    @Test
    void variablesAndSetupCommandsAreNowhereInTheJournalOrTheRows() {
        try (Node node = node("a", Scripted.says("One."))) {
            session(node, setUp("echo hidden-command"), "Go");
            List<String> rows =
                    database.read(sql ->
                            sql.query(
                                    "select shown, sealed from environment",
                                    row -> row.text("shown") + row.text("sealed")));
            List<String> facts =
                    database.read(sql ->
                            sql.query(
                                    "select payload from fact",
                                    row ->
                                            new String(
                                                    row.bytes("payload"), StandardCharsets.UTF_8)));
            assertThat(rows).hasSize(1);
            assertThat(rows + "" + facts)
                    .contains("/workspace/data/in.txt")
                    .doesNotContain("s3cr3t-value")
                    .doesNotContain("hidden-command")
                    .doesNotContain("TOKEN");
        }
    }

    @Test
    void filesAreWrittenEditedReadAndListed() throws Exception {
        Scripted writes =
                Scripted.calls(
                        Scripted.call(
                                "c1",
                                "write_file",
                                "{\"path\":\"src/a.txt\",\"content\":\"one two three\"}"));
        Scripted edits =
                Scripted.calls(
                        Scripted.call(
                                "c2",
                                "edit_file",
                                "{\"path\":\"src/a.txt\",\"old_text\":\"two\","
                                        + "\"new_text\":\"2\"}"));
        Scripted edits2 =
                Scripted.calls(
                        Scripted.call(
                                "c3",
                                "edit_file",
                                "{\"path\":\"src/a.txt\",\"old_text\":\"e\","
                                        + "\"new_text\":\"E\"}"));
        Scripted reads =
                Scripted.calls(
                        Scripted.call("c4", "read_file", "{\"path\":\"src/a.txt\"}"),
                        Scripted.call("c5", "list_files", "{}"),
                        Scripted.call("c6", "read_file", "{\"path\":\"none\"}"));
        try (Node node =
                node("a", writes, edits, edits2, reads, Scripted.says("Done.")).started()) {
            String id = session(node, Blueprint.NONE, "Go");
            node.until(id, Fact.TurnCompleted.class::isInstance);
            List<View.Item.ToolUse> uses =
                    node.sessions().view(ALICE, id).orElseThrow().items().stream()
                            .filter(View.Item.ToolUse.class::isInstance)
                            .map(View.Item.ToolUse.class::cast)
                            .toList();
            assertThat(uses.get(0).output()).contains("13 bytes");
            assertThat(uses.get(1).status()).isEqualTo(View.ItemStatus.COMPLETED);
            assertThat(uses.get(2).error()).contains("more than once");
            assertThat(uses.get(3).output()).isEqualTo("one 2 three");
            assertThat(uses.get(4).output()).contains("src/\n").contains("src/a.txt\t11");
            assertThat(uses.get(5).error()).contains("There is no file");
        }
    }

    @Test
    void aSessionWithoutInputIsMadeReadyToo() throws Exception {
        try (Node node = node("a", Scripted.says("One.")).started()) {
            String id = session(node, setUp("true"));
            node.until(
                    id,
                    fact ->
                            fact instanceof Fact.EnvironmentChanged changed
                                    && changed.status() == EnvironmentStatus.CONNECTED);
            assertThat(node.sessions().find(ALICE, id).orElseThrow().status())
                    .isEqualTo(View.Status.IDLE);
        }
    }

    @Test
    void aSetupThatFailsBlocksTheAgent() throws Exception {
        try (Node node = node("a", Scripted.says("never")).started()) {
            String id = session(node, setUp("true", "echo hidden-command; exit 7"), "Go");
            node.until(id, Fact.TurnFailed.class::isInstance);
            View.Turn turn = node.sessions().view(ALICE, id).orElseThrow().turns().getLast();
            assertThat(turn.errorCode()).isEqualTo("sandbox_error");
            assertThat(turn.errorMessage())
                    .isEqualTo("Setup command 2 of 2 ended with exit code 7.");
            assertThat(environment(node, id).status()).isEqualTo(EnvironmentStatus.FAILED);
        }
    }

    /** E59: what a cancelled turn has running is killed. */
    @Test
    void cancellingKillsTheCommand() throws Exception {
        try (Node node =
                node(
                                "a",
                                runs("echo begun; sleep 4005; echo late > late"),
                                runs("cat late"),
                                Scripted.says("Two."))
                        .started()) {
            String id = session(node, Blueprint.NONE, "Go");
            untilOutput(node, id);
            node.post(id, new Sessions.Input.Cancel());
            node.until(id, Fact.TurnCancelled.class::isInstance);
            while (ProcessHandle.allProcesses()
                    .anyMatch(each -> each.info().commandLine().orElse("").contains("4005"))) {
                Thread.onSpinWait();
            }
            View.Item.Command command = commands(node, id).getFirst();
            assertThat(command.status()).isEqualTo(View.ItemStatus.INCOMPLETE);
            assertThat(command.output()).startsWith("begun\n").contains("The turn ended");
            node.post(id, Node.says("And?"));
            node.until(id, Fact.TurnCompleted.class::isInstance);
            assertThat(commands(node, id).getLast().output()).contains("No such file");
        }
    }

    private static void untilOutput(Node node, String id) throws InterruptedException {
        try (var feed = node.sessions().follow(ALICE, id, entrepot.runtime.session.Cursor.START)) {
            while (feed.next(Duration.ofSeconds(20)).stream()
                    .noneMatch(Entry.Piece.class::isInstance)) {
                Thread.onSpinWait();
            }
        }
    }

    /** E14: a workspace that is not there is noticed, and told. */
    @Test
    void aLostWorkspaceIsMadeAnewAndEverybodyIsTold() throws Exception {
        ScriptedMarket market =
                ScriptedMarket.of(
                        runs("echo x > kept"),
                        Scripted.says("One."),
                        runs("ls"),
                        Scripted.says("Two."));
        try (Node node = node("a", market).started()) {
            String id = session(node, setUp("touch made"), "Go");
            node.until(id, Fact.TurnCompleted.class::isInstance);
            try (Stream<Path> all = Files.walk(folder.resolve("environments"))) {
                for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(each);
                }
            }
            node.post(id, Node.says("Again"));
            node.until(id, Node.count(Fact.TurnCompleted.class, 2));
            assertThat(commands(node, id).getLast().output()).isEqualTo("data\nmade\n");
            assertThat(node.facts(id))
                    .filteredOn(Fact.EnvironmentReset.class::isInstance)
                    .singleElement()
                    .extracting(fact -> ((Fact.EnvironmentReset) fact).count())
                    .isEqualTo(1L);
            assertThat(market.requests().getLast().messages().toString())
                    .contains("The environment was made anew");
        }
    }

    @Test
    void aCommandThatWasRunningWhenItsNodeDiedIsNotRunAgain() throws Exception {
        ScriptedMarket market =
                ScriptedMarket.of(runs("echo x >> count; sleep 4006"), Scripted.says("never"));
        Node first = node("a", market).started();
        String id = session(first, Blueprint.NONE, "Go");
        untilStarted(first, id);
        first.close();
        try (Node second = node("b", runs("cat count"), Scripted.says("Two.")).started()) {
            second.until(id, Fact.TurnCompleted.class::isInstance);
            List<View.Item.Command> commands = commands(second, id);
            assertThat(commands.getFirst().status()).isEqualTo(View.ItemStatus.INCOMPLETE);
            assertThat(commands.getLast().output())
                    .isIn("x\n", "cat: count: No such file or directory\n");
        }
    }

    private static void untilStarted(Node node, String id) throws InterruptedException {
        node.until(id, Fact.ToolStarted.class::isInstance);
    }

    @Test
    void whatNobodyUsesExpires() throws Exception {
        try (Node node = node("a", Scripted.says("One."), Scripted.says("never")).started()) {
            String id = session(node, Blueprint.NONE, "Go");
            node.until(id, Fact.TurnCompleted.class::isInstance);
            database.once(sql -> sql.update("update environment set used_ms = 1"));
            environments().sweep();
            assertThat(environment(node, id).status()).isEqualTo(EnvironmentStatus.EXPIRED);
            node.post(id, Node.says("Again"));
            node.until(id, Fact.TurnFailed.class::isInstance);
            assertThat(
                            node.sessions()
                                    .view(ALICE, id)
                                    .orElseThrow()
                                    .turns()
                                    .getLast()
                                    .errorMessage())
                    .contains("gone, with its files");
        }
    }

    @Test
    void aPrewarmedEnvironmentHasOneSession() throws Exception {
        Environment made = environments().create(ALICE, setUp("touch warm"), false, "key");
        assertThat(environments().create(ALICE, setUp("touch warm"), false, "key").id())
                .isEqualTo(made.id());
        assertThat(environments().prepare("acme", made.id()).status())
                .isEqualTo(EnvironmentStatus.CONNECTED);
        assertThat(environments().find(ALICE, made.id()).orElseThrow().status())
                .isEqualTo(EnvironmentStatus.READY);
        environments().take(ALICE, made.id());
        assertThatThrownBy(() -> environments().take(ALICE, made.id()))
                .isInstanceOf(Failed.class)
                .hasMessageContaining("has a session already");
        assertThat(environments().list(ALICE, new Page.Query(null, 9, true)).data()).hasSize(1);
    }

    @Test
    void tenantsAndTeamsSeeTheirOwn() {
        Environment made = environments().create(ALICE, Blueprint.NONE, false, null);
        assertThat(environments().find(Node.caller("other", "eve"), made.id())).isEmpty();
        var templates = new Templates(database, ids, sealer);
        String id = templates.create(ALICE, "tools", setUp("true")).id();
        assertThat(templates.find(Node.caller("other", "eve"), id)).isEmpty();
        assertThat(templates.apply(ALICE, id, Blueprint.NONE).setup()).hasSize(1);
        assertThatThrownBy(() ->
                        templates.apply(ALICE, id, new Blueprint(null, true, null, null, null)))
                .isInstanceOf(Failed.class)
                .hasMessageContaining("no network");
        assertThatThrownBy(() ->
                        environments()
                                .create(
                                        ALICE,
                                        new Blueprint(null, true, null, null, null),
                                        false,
                                        null))
                .isInstanceOf(Failed.class)
                .hasMessageContaining("ENTREPOT_SANDBOX_NETWORK");
        templates.delete(ALICE, id);
        assertThat(templates.list(ALICE, new Page.Query(null, 9, false)).data()).isEmpty();
    }
}

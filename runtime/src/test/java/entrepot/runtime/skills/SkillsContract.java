package entrepot.runtime.skills;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.nio.charset.StandardCharsets.UTF_8;

import entrepot.conversation.Failed;
import entrepot.conversation.Part;
import entrepot.identity.Caller;
import entrepot.identity.testing.CountingIds;
import entrepot.runtime.agents.AgentSnapshot.ToolSpec;
import entrepot.runtime.tools.ToolServer;
import entrepot.runtime.tools.ToolServers;
import entrepot.runtime.tools.skills.SkillTools;
import entrepot.store.Database;
import entrepot.store.Page;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Skills, whichever database keeps them, and the tool that reads them. */
abstract class SkillsContract {

    private static final Caller ALICE = caller("acme", "research");
    private static final Skills.Viewer VIEWER = Skills.Viewer.of(ALICE);
    private static final Page.Query ALL = new Page.Query(null, 100, true);

    @TempDir Path folder;
    private Database database;
    private Skills skills;

    abstract Database open(Path folder);

    @BeforeEach
    void openSkills() {
        database = open(folder);
        database.migrate(List.of(Skills.MIGRATIONS));
        skills = new Skills(database, new CountingIds("s"));
    }

    @AfterEach
    void close() {
        database.close();
    }

    private static Caller caller(String tenant, String team) {
        return new Caller(tenant, team, "alice", "key_1", Set.of(Caller.Scope.AGENTS));
    }

    static Bundle bundle(String name, String body) {
        String skill = "---\nname: " + name + "\ndescription: does " + name + "\n---\n" + body;
        return Bundle.of(
                Map.of(
                        "SKILL.md",
                        skill.getBytes(UTF_8),
                        "scripts/run.py",
                        "print(1)".getBytes(UTF_8)));
    }

    @Test
    void keepsVersionsAndNamesADefault() {
        Skill made = skills.create(ALICE, bundle("tides", "One."));
        assertThat(made.defaultVersion()).isEqualTo(1);
        skills.addVersion(VIEWER, made.id(), bundle("tides", "Two."), false);
        Skill.Version third = skills.addVersion(VIEWER, made.id(), bundle("ebb", "Three."), true);
        assertThat(third.version()).isEqualTo(3);
        Skill now = skills.find(VIEWER, made.id()).orElseThrow();
        assertThat(now.name()).isEqualTo("ebb");
        assertThat(now.latestVersion()).isEqualTo(3);
        assertThatThrownBy(() -> skills.deleteVersion(VIEWER, made.id(), 3))
                .isInstanceOf(Failed.class)
                .hasMessageContaining("default");
        skills.setDefault(VIEWER, made.id(), 1);
        skills.deleteVersion(VIEWER, made.id(), 3);
        // A number is given once, whatever was deleted.
        assertThat(skills.addVersion(VIEWER, made.id(), bundle("tides", "4"), false).version())
                .isEqualTo(4);
        assertThat(skills.versions(VIEWER, made.id()))
                .extracting(Skill.Version::version)
                .containsExactly(1L, 2L, 4L);
        assertThat(Bundle.read(skills.content(VIEWER, made.id(), null)).paths())
                .containsExactly("SKILL.md", "scripts/run.py");
        skills.delete(VIEWER, made.id());
        assertThat(skills.find(VIEWER, made.id())).isEmpty();
    }

    @Test
    void whatASessionBringsIsKeptOnceAndNotListed() {
        Skill first = skills.keepInline(ALICE, bundle("tides", "One."));
        assertThat(skills.keepInline(ALICE, bundle("tides", "One.")).id()).isEqualTo(first.id());
        assertThat(skills.keepInline(ALICE, bundle("tides", "Two.")).id()).isNotEqualTo(first.id());
        assertThat(skills.list(VIEWER, ALL).data()).isEmpty();
    }

    /** E71, E72: another team, and another tenant, sees nothing. */
    @Test
    void nobodyElseSeesASkill() {
        Skill made = skills.create(ALICE, bundle("tides", "One."));
        for (Caller other : List.of(caller("acme", "sales"), caller("globex", "research"))) {
            Skills.Viewer viewer = Skills.Viewer.of(other);
            assertThat(skills.find(viewer, made.id())).isEmpty();
            assertThat(skills.list(viewer, ALL).data()).isEmpty();
            assertThat(skills.version(viewer, made.id(), "latest")).isEmpty();
            assertThat(find(other, "entrepot:skills/" + made.id(), null)).isEmpty();
            List<Runnable> attempts =
                    List.of(
                            () -> skills.content(viewer, made.id(), null),
                            () -> skills.versions(viewer, made.id()),
                            () -> skills.delete(viewer, made.id()),
                            () -> skills.addVersion(viewer, made.id(), bundle("a", "b"), true));
            for (Runnable attempt : attempts) {
                assertThatThrownBy(attempt::run).isInstanceOf(Failed.class);
            }
        }
    }

    private Optional<ToolServer> find(Caller caller, String url, @Nullable String session) {
        return new SkillTools(skills)
                .find(
                        ToolSpec.Server.at("skills", url, null),
                        new ToolServers.Context(
                                caller.tenant(),
                                caller.team(),
                                caller.principal(),
                                session,
                                List.of(),
                                null));
    }

    @Test
    void theModelIsToldOfSkillsAndReadsThemOnDemand() throws Exception {
        Skill tides = skills.create(ALICE, bundle("tides", "Read the table."));
        skills.addVersion(VIEWER, tides.id(), bundle("tides", "Read the new table."), false);
        Skill ships = skills.create(ALICE, bundle("ships", "x".repeat(40_000)));
        ToolServer server =
                find(ALICE, "entrepot:skills/" + tides.id() + "@latest," + ships.id(), "sess_1")
                        .orElseThrow();
        assertThat(server.offers()).hasSize(1);
        assertThat(server.offers().getFirst().tool().description())
                .contains("- tides: does tides")
                .contains("- ships: does ships")
                .doesNotContain("table");
        assertThat(use(server, "{\"skill\":\"tides\"}"))
                .contains("Read the new table.")
                .contains("scripts/run.py");
        assertThat(use(server, "{\"skill\":\"tides\",\"path\":\"scripts/run.py\"}"))
                .contains("print(1)");
        assertThat(use(server, "{\"skill\":\"ships\"}")).contains("\"to\":32000");
        for (String path : List.of("../SKILL.md", "/etc/passwd", "scripts", "SKILL.md/x")) {
            assertThat(use(server, "{\"skill\":\"tides\",\"path\":\"" + path + "\"}"))
                    .contains("has no file");
        }
        assertThat(use(server, "{\"skill\":\"other\"}")).contains("no skill other");
        skills.delete(VIEWER, tides.id());
        assertThat(use(server, "{\"skill\":\"tides\"}")).contains("no skill tides");
    }

    private static String use(ToolServer server, String arguments) throws Exception {
        ToolServer.Result result =
                server.use(new ToolServer.Use("acme", "sess_1", "read_skill", arguments, "key"));
        return ((Part.Text) result.output().getFirst()).text();
    }
}

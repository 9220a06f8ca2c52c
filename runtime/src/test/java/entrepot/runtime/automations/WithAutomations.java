package entrepot.runtime.automations;

import entrepot.conversation.Extras;
import entrepot.conversation.Part;
import entrepot.identity.Caller;
import entrepot.identity.testing.CountingIds;
import entrepot.runtime.AgentRuntime;
import entrepot.runtime.agents.AgentSnapshot;
import entrepot.runtime.session.Sessions;
import entrepot.runtime.testing.Scripted;
import entrepot.runtime.testing.ScriptedMarket;
import entrepot.runtime.tools.ToolServers;
import entrepot.store.Database;
import entrepot.store.Page;
import entrepot.testkit.SettableClock;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.json.JsonMapper;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A database with automations, a runner and nobody who drives. */
abstract class WithAutomations {

    static final Caller ALICE = caller("acme", "research");
    static final Page.Query ALL = new Page.Query(null, 100, true);
    static final Schedule EACH_MINUTE = new Schedule.Periodic("* * * * *", "UTC");

    @TempDir Path folder;
    final SettableClock clock = SettableClock.at("2026-11-20T10:00:30Z");
    final CountingIds ids = new CountingIds("t");
    Database database;
    AgentRuntime runtime;
    Automations automations;
    AutomationRunner runner;

    abstract Database open(Path folder);

    @BeforeEach
    void openAutomations() {
        database = open(folder);
        database.migrate(AgentRuntime.MIGRATIONS);
        database.migrate(List.of(Automations.MIGRATIONS));
        // Not started: what is delivered stays to be counted.
        runtime =
                AgentRuntime.of(
                        AgentRuntime.Parts.of(
                                database,
                                ScriptedMarket.of(Scripted.says("x")),
                                ToolServers.NONE,
                                ids,
                                clock));
        automations = new Automations(database, ids, clock);
        runner = runner(runtime.sessions());
    }

    AutomationRunner runner(Sessions sessions) {
        return new AutomationRunner(database, sessions, runtime.agents(), ids, clock);
    }

    @AfterEach
    void close() {
        runtime.close();
        database.close();
    }

    static Caller caller(String tenant, String team) {
        return new Caller(tenant, team, "alice", "key_1", Set.of(Caller.Scope.AGENTS));
    }

    static AgentSnapshot agent() {
        return new AgentSnapshot(
                "agent_x",
                "Tester",
                "scripted",
                "Be brief.",
                List.of(),
                JsonMapper.shared().createObjectNode());
    }

    static List<Part> text(String text) {
        return List.of(new Part.Text(text, Extras.NONE));
    }

    String session() {
        return runtime.sessions()
                .create(ALICE, new Sessions.NewSession(agent(), Map.of(), List.of()), null)
                .id();
    }

    Automation make(Schedule schedule, Target target) {
        return automations.create(
                ALICE, new Automations.Draft("tick", Map.of(), schedule, target), null, null);
    }

    Automation toSession(Schedule schedule, String session) {
        return make(schedule, new Target.ExistingSession(session, "Look again."));
    }

    Automation find(Automation automation) {
        return automations.find(ALICE, automation.id()).orElseThrow();
    }

    List<Invocation> invocations(Automation automation) {
        return automations.invocations(ALICE, automation.id(), ALL).data();
    }

    static String code(Invocation invocation) {
        Invocation.Failure error = invocation.error();
        return error == null ? "" : error.code();
    }

    long letters(String session) {
        return database.read(sql ->
                        sql.one(
                                "select count(*) n from inbox where tenant = ? and session = ?",
                                row -> row.number("n"),
                                "acme",
                                session))
                .orElseThrow();
    }

    int sessions() {
        return runtime.sessions().list(ALICE, Sessions.Filter.ALL, ALL).data().size();
    }
}

package entrepot.runtime;

import entrepot.conversation.Extras;
import entrepot.conversation.Part;
import entrepot.identity.Caller;
import entrepot.identity.testing.CountingIds;
import entrepot.market.Market;
import entrepot.runtime.agents.AgentSnapshot;
import entrepot.runtime.approvals.ToolPolicy;
import entrepot.runtime.driver.Driver;
import entrepot.runtime.driver.DriverSettings;
import entrepot.runtime.facts.Fact;
import entrepot.runtime.schedule.ScheduleSettings;
import entrepot.runtime.session.Cursor;
import entrepot.runtime.session.Entry;
import entrepot.runtime.session.Feed;
import entrepot.runtime.session.Sessions;
import entrepot.runtime.tools.ToolServers;
import entrepot.runtime.turn.Limits;
import entrepot.store.Database;

import tools.jackson.databind.json.JsonMapper;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/** A running node, and short words for what tests do with it. */
public final class Node implements AutoCloseable {

    public static final Caller ALICE = caller("acme", "alice");
    public static final DriverSettings QUICK =
            new DriverSettings(
                    new Limits(8, 3, 20, 4, 10_000), 30_000, 10_000, 1_000, 20, 8192, 5, 5, 100);
    public static final ScheduleSettings BRISK = new ScheduleSettings(64, 100, 1_000, 20, 200, 4);

    private final AgentRuntime runtime;

    private Node(AgentRuntime runtime) {
        this.runtime = runtime;
    }

    public static Node on(Database database, Market market, ToolServers servers, String name) {
        return on(database, market, servers, name, QUICK);
    }

    public static Node on(
            Database database,
            Market market,
            ToolServers servers,
            String name,
            DriverSettings settings) {
        return on(database, market, new Driver.Tools(servers, ToolPolicy.ALLOW), name, settings);
    }

    public static Node on(
            Database database,
            Market market,
            Driver.Tools tools,
            String name,
            DriverSettings settings) {
        database.migrate(AgentRuntime.MIGRATIONS);
        return new Node(
                AgentRuntime.of(
                        new AgentRuntime.Parts(
                                database,
                                market,
                                tools,
                                new CountingIds(name),
                                Clock.systemUTC(),
                                settings,
                                BRISK)));
    }

    public static Caller caller(String tenant, String principal) {
        return new Caller(
                tenant,
                "research",
                principal,
                "key_" + principal,
                Set.of(Caller.Scope.MODELS, Caller.Scope.AGENTS));
    }

    public Node started() {
        runtime.start();
        return this;
    }

    public AgentRuntime runtime() {
        return runtime;
    }

    public Sessions sessions() {
        return runtime.sessions();
    }

    public static AgentSnapshot agent(AgentSnapshot.ToolSpec... tools) {
        return new AgentSnapshot(
                "agent_test",
                "Tester",
                "scripted",
                "Be brief.",
                List.of(tools),
                JsonMapper.shared().createObjectNode());
    }

    public static AgentSnapshot.ToolSpec function(String name) {
        return new AgentSnapshot.ToolSpec.Function(name, "asks the application", null);
    }

    public static AgentSnapshot.ToolSpec server(String label) {
        return AgentSnapshot.ToolSpec.Server.at(label, "test:" + label, null);
    }

    public static List<Part> text(String text) {
        return List.of(new Part.Text(text, Extras.NONE));
    }

    public static Sessions.Input says(String text) {
        return new Sessions.Input.Message(text(text));
    }

    public String session(AgentSnapshot agent, String... inputs) {
        List<List<Part>> parts = new ArrayList<>();
        for (String input : inputs) {
            parts.add(text(input));
        }
        return sessions().create(ALICE, new Sessions.NewSession(agent, Map.of(), parts), null).id();
    }

    public void post(String sessionId, Sessions.Input... inputs) {
        sessions().post(ALICE, sessionId, List.of(inputs), null);
    }

    /** Follows a session from its start until a fact comes; fails after a generous while. */
    public List<Entry> until(String sessionId, Predicate<Fact> last) throws InterruptedException {
        List<Entry> seen = new ArrayList<>();
        try (Feed feed = sessions().follow(ALICE, sessionId, Cursor.START)) {
            while (true) {
                List<Entry> more = feed.next(Duration.ofSeconds(20));
                if (more.isEmpty()) {
                    throw new AssertionError("the awaited fact did not come; seen: " + seen);
                }
                for (Entry entry : more) {
                    seen.add(entry);
                    if (entry instanceof Entry.Recorded recorded && last.test(recorded.fact())) {
                        return seen;
                    }
                }
            }
        }
    }

    public static Predicate<Fact> count(Class<? extends Fact> kind, int wanted) {
        int[] seen = {0};
        return fact -> kind.isInstance(fact) && ++seen[0] == wanted;
    }

    public List<Fact> facts(String sessionId) {
        List<Fact> facts = new ArrayList<>();
        Cursor after = Cursor.START;
        while (true) {
            List<Entry> more = sessions().recorded(ALICE, sessionId, after, 100);
            if (more.isEmpty()) {
                return facts;
            }
            for (Entry entry : more) {
                if (entry instanceof Entry.Recorded recorded) {
                    facts.add(recorded.fact());
                }
                after = entry.cursor();
            }
        }
    }

    public static List<String> kinds(List<Fact> facts) {
        return facts.stream().map(fact -> fact.getClass().getSimpleName()).toList();
    }

    @Override
    public void close() {
        runtime.close();
    }
}

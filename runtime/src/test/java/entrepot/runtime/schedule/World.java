package entrepot.runtime.schedule;

import entrepot.conversation.Extras;
import entrepot.conversation.Failed;
import entrepot.conversation.Part;
import entrepot.identity.Caller;
import entrepot.identity.Ids;
import entrepot.identity.testing.CountingIds;
import entrepot.runtime.agents.AgentCheck;
import entrepot.runtime.agents.AgentSnapshot;
import entrepot.runtime.agents.IdempotencyKeys;
import entrepot.runtime.approvals.ToolPolicy;
import entrepot.runtime.driver.Bell;
import entrepot.runtime.driver.Claim;
import entrepot.runtime.driver.Driver;
import entrepot.runtime.driver.DriverSettings;
import entrepot.runtime.facts.Fact;
import entrepot.runtime.facts.FactCodec;
import entrepot.runtime.journal.Hints;
import entrepot.runtime.journal.Inbox;
import entrepot.runtime.journal.Journal;
import entrepot.runtime.journal.Pieces;
import entrepot.runtime.session.Cursor;
import entrepot.runtime.session.Entry;
import entrepot.runtime.session.JournalSessions;
import entrepot.runtime.session.Sessions;
import entrepot.runtime.session.View;
import entrepot.runtime.spend.SpendControl;
import entrepot.runtime.testing.ScriptedMarket;
import entrepot.runtime.tools.ToolServer;
import entrepot.runtime.turn.Limits;
import entrepot.store.Database;
import entrepot.testkit.Seeds;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * One simulated history: callers, readers, two processes that die and freeze, and a world that
 * counts what was done to it. The seed chooses what happens next; nothing waits for a clock.
 */
final class World {

    private static final DriverSettings SETTINGS =
            new DriverSettings(
                    new Limits(6, 3, 20, 8, 100_000), 60_000, 60_000, 60_000, 5, 64, 50, 0, 0);
    private static final List<String> PLANS =
            List.of(
                    "", "L", "C", "B", "A", "M", "U", "LC", "BA", "CM", "LLL", "AB", "SW", "S",
                    "SSW", "SK", "SWL", "SA", "SC", "SWSW");

    private final Seeds seeds;
    private final Database database;
    private final Database engines;
    private final Leases leases;
    private final Ids ids;
    private final Caller caller;
    private final Sessions sessions;
    private final CountedTools tools;
    private final ScriptedMarket market;
    private final List<Worker> processes = new ArrayList<>();
    private final Map<String, List<String>> accepted = new TreeMap<>();
    private final Map<String, List<Entry>> read = new TreeMap<>();
    private final List<String> broken = new ArrayList<>();
    private int messages;

    World(Seeds seeds, Database database, String tenant) {
        this(seeds, database, database, tenant);
    }

    /**
     * @param engines the same database as the engines see it; callers and the world see it as it is
     */
    World(Seeds seeds, Database database, Database engines, String tenant) {
        this.seeds = seeds;
        this.database = database;
        this.engines = engines;
        this.leases = new Leases(engines);
        this.ids = new CountingIds(tenant);
        this.caller = new Caller(tenant, "team", "alice", "key_1", Set.of(Caller.Scope.AGENTS));
        this.tools = new CountedTools(this::notAgain);
        this.market =
                ScriptedMarket.answering(
                        new PlannedModel(seeds.oneIn(2) ? 2 + seeds.upTo(6) : 0)::answer);
        this.sessions = sessions(database, new Hints());
        processes.add(new Worker());
        processes.add(new Worker());
    }

    private Sessions sessions(Database through, Hints hints) {
        Journal journal = new Journal(through, new FactCodec());
        return new JournalSessions(
                through,
                journal,
                new Inbox(through),
                new Pieces(through),
                hints,
                new IdempotencyKeys(through),
                ids,
                AgentCheck.NONE,
                SpendControl.NONE);
    }

    /** A process: its own view of the database, and its name among the members. */
    private final class Worker {
        private final FaultyDatabase view = new FaultyDatabase(engines);
        private final String node = ids.next("node_");
        private final Driver driver;

        Worker() {
            leases.join(node, 3_600_000);
            Hints hints = new Hints();
            driver =
                    new Driver(
                            new Driver.Tables(
                                    new Journal(view, new FactCodec()),
                                    new Inbox(view),
                                    new Pieces(view),
                                    hints),
                            market,
                            new Driver.Tools(tools, ToolPolicy.ALLOW),
                            ids,
                            Clock.systemUTC(),
                            SETTINGS);
        }

        void drive(Claim claim) {
            try {
                driver.drive(claim, new Bell(claim.key()));
            } catch (FaultyDatabase.Died died) {
                // As a process does: without a word.
            }
        }

        void buryAndReap() {
            expire(node);
            leases.reap();
        }
    }

    private void expire(String node) {
        database.once(sql -> sql.update("update node set expires_ms = 0 where id = ?", node));
    }

    /** Brings every date forward: what is due some time is due now. */
    private void warp() {
        database.once(sql ->
                sql.update(
                        "update session set wake_ms = 0"
                                + " where tenant = ? and wake_ms is not null",
                        caller.tenant()));
    }

    void live(int moments) {
        for (int moment = 0; moment < moments; moment++) {
            switch (seeds.upTo(6)) {
                case 0 -> create();
                case 1, 2 -> post();
                case 3 -> readOn();
                default -> work();
            }
        }
    }

    private void create() {
        if (accepted.size() < 4) {
            String text = message();
            AgentSnapshot agent =
                    new AgentSnapshot(
                            "agent_1",
                            null,
                            "planned",
                            "Work.",
                            List.of(
                                    new AgentSnapshot.ToolSpec.Function("ask", null, null),
                                    AgentSnapshot.ToolSpec.Server.at("world", "test:w", null)),
                            settings());
            String key = "create-" + messages;
            Sessions.NewSession wanted =
                    new Sessions.NewSession(agent, Map.of(), List.of(text(text)));
            String id = sessions.create(caller, wanted, key).id();
            if (seeds.oneIn(3)) {
                same(id, sessions.create(caller, wanted, key).id());
            }
            accepted.put(id, new ArrayList<>(List.of(text)));
            read.put(id, new ArrayList<>());
        }
    }

    private static JsonNode settings() {
        ObjectNode settings = JsonMapper.shared().createObjectNode();
        settings.putObject("multi_agent").put("enabled", true).put("max_concurrent_subagents", 2);
        return settings;
    }

    private void same(String one, String other) {
        if (!one.equals(other)) {
            broken.add("a repeated request made " + other + " beside " + one);
        }
    }

    private String message() {
        return "m" + ++messages + ":" + seeds.pick(PLANS);
    }

    private static List<Part> text(String text) {
        return List.of(new Part.Text(text, Extras.NONE));
    }

    private void post() {
        if (accepted.isEmpty()) {
            return;
        }
        String id = seeds.pick(List.copyOf(accepted.keySet()));
        switch (seeds.upTo(5)) {
            case 0 -> sessions.post(caller, id, List.of(new Sessions.Input.Cancel()), null);
            case 1, 2, 3 -> answerCalls(id);
            default -> {
                String text = message();
                List<Sessions.Input> inputs = List.of(new Sessions.Input.Message(text(text)));
                sessions.post(caller, id, inputs, "post-" + text);
                if (seeds.oneIn(2)) {
                    sessions.post(caller, id, inputs, "post-" + text);
                }
                accepted.computeIfAbsent(id, unknown -> new ArrayList<>()).add(text);
            }
        }
    }

    private void answerCalls(String id) {
        View view = sessions.view(caller, id).orElseThrow();
        for (View.RequiredAction action : view.requiredActions()) {
            Sessions.Input result =
                    new Sessions.Input.ToolResult(
                            action.turnId(), action.callId(), true, text("yes"), null);
            try {
                sessions.post(caller, id, List.of(result), null);
                if (seeds.oneIn(3)) {
                    sessions.post(caller, id, List.of(result), null);
                }
            } catch (Failed late) {
                // The turn ended between looking and answering.
            }
        }
    }

    /** Reads on in every stream, from where it stood: E9, E24, E31. */
    private void readOn() {
        for (Map.Entry<String, List<Entry>> stream : read.entrySet()) {
            List<Entry> seen = stream.getValue();
            Cursor from = seen.isEmpty() ? Cursor.START : seen.getLast().cursor();
            seen.addAll(sessions.recorded(caller, stream.getKey(), from, 1 + seeds.upTo(9)));
        }
    }

    private void work() {
        warp();
        int index = seeds.upTo(processes.size() - 1);
        Worker process = processes.get(index);
        for (Claim claim : leases.claim(process.node, 1, 60_000)) {
            FaultyDatabase.Fault fault = seeds.pick(List.of(FaultyDatabase.Fault.values()));
            process.view.arm(fault, 1 + seeds.upTo(7), this::post);
            if (fault == FaultyDatabase.Fault.FREEZES) {
                freeze(process, claim);
            } else {
                process.drive(claim);
            }
            process.view.disarm();
        }
        if (process.view.isDead()) {
            process.buryAndReap();
            processes.set(index, new Worker());
        }
    }

    /** The process stands still, is taken for dead, others go on, and then it wakes: E1, E7. */
    private void freeze(Worker zombie, Claim claim) {
        Thread thread = Thread.ofVirtual().start(() -> zombie.drive(claim));
        try {
            while (thread.isAlive()
                    && !zombie.view.frozen().await(1, java.util.concurrent.TimeUnit.MILLISECONDS)) {
                // It either gets that far or is done.
            }
            if (thread.isAlive()) {
                zombie.buryAndReap();
                processes.remove(zombie);
                Worker other = new Worker();
                processes.add(other);
                warp();
                List<Claim> taken = leases.claim(other.node, 1, 60_000);
                if (seeds.oneIn(2)) {
                    // The zombie wakes before the new owner has done anything.
                    zombie.view.thaw();
                    thread.join();
                }
                taken.forEach(other::drive);
                zombie.view.thaw();
            }
            thread.join();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** No more faults and no more input: whatever was begun must come to its end. */
    void settle() {
        for (int round = 0; round < 200; round++) {
            warp();
            boolean quiet = true;
            for (String id : accepted.keySet()) {
                answerCalls(id);
            }
            warp();
            Worker process = processes.getFirst();
            for (Claim claim : leases.claim(process.node, 8, 60_000)) {
                process.drive(claim);
                quiet = false;
            }
            if (quiet) {
                break;
            }
        }
        readOn();
        for (String id : read.keySet()) {
            while (read.get(id).size() < everything(id).size() && broken.isEmpty()) {
                int before = read.get(id).size();
                readOn();
                if (read.get(id).size() == before) {
                    broken.add("FeedHasNoGapAndNoRepeat: " + id + " cannot be read to its end");
                }
            }
        }
        processes.forEach(process -> leases.leave(process.node));
    }

    private List<Entry> everything(String id) {
        List<Entry> all = new ArrayList<>();
        List<Entry> more;
        do {
            Cursor from = all.isEmpty() ? Cursor.START : all.getLast().cursor();
            more = sessions.recorded(caller, id, from, 1_000);
            all.addAll(more);
        } while (!more.isEmpty());
        return all;
    }

    /** What is recorded is not done again: E3, E5, E41. */
    private void notAgain(ToolServer.Use use) {
        List<Entry> entries = everything(use.sessionId());
        for (Entry started : entries) {
            if (started instanceof Entry.Recorded one
                    && one.fact() instanceof Fact.ToolStarted tool
                    && tool.key().equals(use.key())) {
                boolean known =
                        entries.stream()
                                .anyMatch(each ->
                                        each instanceof Entry.Recorded other
                                                && other.fact() instanceof Fact.ToolReturned back
                                                && back.turnId().equals(tool.turnId())
                                                && back.callId().equals(tool.callId()));
                if (known) {
                    broken.add("NoToolRunsTwiceUnasked: " + tool + " ran after its result");
                }
            }
        }
    }

    Laws laws() {
        Map<String, List<Entry>> all = new TreeMap<>();
        accepted.keySet().forEach(id -> all.put(id, everything(id)));
        var families = new Families(database, caller.tenant(), this::everything);
        return new Laws(database, caller, sessions, accepted, read, all, tools, families, broken);
    }
}

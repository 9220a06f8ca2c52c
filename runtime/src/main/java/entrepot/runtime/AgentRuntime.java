package entrepot.runtime;

import entrepot.identity.Ids;
import entrepot.market.Market;
import entrepot.runtime.agents.AgentCheck;
import entrepot.runtime.agents.AgentTable;
import entrepot.runtime.agents.Agents;
import entrepot.runtime.agents.IdempotencyKeys;
import entrepot.runtime.approvals.ToolPolicy;
import entrepot.runtime.driver.Driver;
import entrepot.runtime.driver.DriverSettings;
import entrepot.runtime.facts.FactCodec;
import entrepot.runtime.journal.Hints;
import entrepot.runtime.journal.Inbox;
import entrepot.runtime.journal.Journal;
import entrepot.runtime.journal.Pieces;
import entrepot.runtime.journal.SessionKey;
import entrepot.runtime.journal.SessionTable;
import entrepot.runtime.schedule.ScheduleSettings;
import entrepot.runtime.schedule.Scheduler;
import entrepot.runtime.session.Histories;
import entrepot.runtime.session.JournalSessions;
import entrepot.runtime.session.Sessions;
import entrepot.runtime.spend.SpendControl;
import entrepot.runtime.tools.ToolServers;
import entrepot.runtime.tools.Toolbox;
import entrepot.store.Database;

import java.time.InstantSource;
import java.util.List;
import java.util.function.Consumer;

/**
 * One node's runtime, put together: the tables, the driver, the scheduler and the doors, {@link
 * #sessions()}, {@link #histories()} and {@link #agents()}. The doors work whether or not the node
 * itself drives.
 */
public final class AgentRuntime implements AutoCloseable {

    /** The tables of this module, in the order in which they are brought up to date. */
    public static final List<Database.Migrations> MIGRATIONS =
            List.of(
                    new Database.Migrations("agents", "entrepot/runtime/agents/migrations"),
                    new Database.Migrations("journal", "entrepot/runtime/journal/migrations"));

    private final Sessions sessions;
    private final Histories histories;
    private final Agents agents;
    private final Scheduler scheduler;
    private final Hints hints;

    private AgentRuntime(
            Sessions sessions,
            Histories histories,
            Agents agents,
            Scheduler scheduler,
            Hints hints) {
        this.hints = hints;
        this.sessions = sessions;
        this.histories = histories;
        this.agents = agents;
        this.scheduler = scheduler;
    }

    /**
     * What a runtime is made with.
     *
     * @param database migrated with {@link #MIGRATIONS}
     * @param tools where agents' tool servers are found, and which uses need approval
     */
    public record Parts(
            Database database,
            Market market,
            Driver.Tools tools,
            Ids ids,
            InstantSource clock,
            DriverSettings driver,
            ScheduleSettings schedule,
            SpendControl spending) {

        /** Where no budgets of sessions are kept. */
        public Parts(
                Database database,
                Market market,
                Driver.Tools tools,
                Ids ids,
                InstantSource clock,
                DriverSettings driver,
                ScheduleSettings schedule) {
            this(database, market, tools, ids, clock, driver, schedule, SpendControl.NONE);
        }

        /** With the settings of every day; agents may use every tool they have. */
        public static Parts of(
                Database database,
                Market market,
                ToolServers servers,
                Ids ids,
                InstantSource clock) {
            return new Parts(
                    database,
                    market,
                    new Driver.Tools(servers, ToolPolicy.ALLOW),
                    ids,
                    clock,
                    DriverSettings.DEFAULT,
                    ScheduleSettings.DEFAULT);
        }
    }

    /** Puts a runtime together. It drives nothing until {@link #start}. */
    public static AgentRuntime of(Parts parts) {
        Database database = parts.database();
        Journal journal = new Journal(database, new FactCodec());
        Inbox inbox = new Inbox(database);
        Pieces pieces = new Pieces(database);
        Hints hints = Hints.shared(database);
        IdempotencyKeys keys = new IdempotencyKeys(database);
        AgentCheck check =
                (caller, agent, vaultIds) ->
                        Toolbox.check(
                                agent,
                                parts.tools().servers(),
                                ToolServers.Context.of(caller, vaultIds));
        Driver driver =
                new Driver(
                        new Driver.Tables(journal, inbox, pieces, hints, parts.spending()),
                        parts.market(),
                        parts.tools(),
                        parts.ids(),
                        parts.clock(),
                        parts.driver());
        return new AgentRuntime(
                new JournalSessions(
                        database,
                        journal,
                        inbox,
                        pieces,
                        hints,
                        keys,
                        parts.ids(),
                        check,
                        parts.spending()),
                new Histories(
                        database,
                        journal,
                        new SessionTable(database, journal, inbox),
                        hints,
                        keys,
                        new Histories.Doors(parts.ids(), check)),
                new AgentTable(database, keys, parts.ids(), check),
                new Scheduler(
                        database,
                        driver,
                        hints,
                        parts.ids(),
                        parts.clock(),
                        parts.schedule(),
                        keys::sweep),
                hints);
    }

    public Sessions sessions() {
        return sessions;
    }

    public Histories histories() {
        return histories;
    }

    public Agents agents() {
        return agents;
    }

    /** Tells of each session that this node lets grow. The watcher must return at once. */
    public void onGrowth(Consumer<SessionKey> watcher) {
        hints.onGrowth(watcher);
    }

    /** Takes up what was left, and begins to drive sessions. */
    public void start() {
        scheduler.start();
    }

    /** Sessions that are driven on this node now. */
    public int driving() {
        return scheduler.driving();
    }

    /** As {@link Scheduler#stop}. */
    public void stop(long waitMillisMax) throws InterruptedException {
        scheduler.stop(waitMillisMax);
    }

    @Override
    public void close() {
        scheduler.close();
        hints.close();
    }
}

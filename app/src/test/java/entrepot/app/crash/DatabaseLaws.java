package entrepot.app.crash;

import static org.assertj.core.api.Assertions.assertThat;

import entrepot.runtime.facts.Fact;
import entrepot.runtime.facts.FactCodec;
import entrepot.store.Database;
import entrepot.store.DatabaseSettings;
import entrepot.store.Databases;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** What the journal must look like when everybody is gone, whatever happened. */
final class DatabaseLaws {

    private static final int SESSIONS_MAX = 10_000;

    private DatabaseLaws() {}

    static void hold(DatabaseSettings settings) {
        try (Database database = Databases.open(settings)) {
            noFactIsMissing(database);
            eachSessionHolds(database);
        }
    }

    /** Numbers without gap or repeat, up to the head; epochs never fall. */
    private static void noFactIsMissing(Database database) {
        long broken =
                count(
                        database,
                        "select count(*) as n from session s where s.head <> (select count(*)"
                                + " from fact f where f.tenant = s.tenant and f.session = s.id)"
                                + " or s.head <> (select max(f.seq) from fact f"
                                + " where f.tenant = s.tenant and f.session = s.id)");
        assertThat(broken).as("NoFactIsLost: sessions whose facts have a gap").isZero();
        long fallen =
                count(
                        database,
                        "select count(*) as n from fact a join fact b on a.tenant = b.tenant and"
                            + " a.session = b.session and b.seq = a.seq + 1 and b.epoch < a.epoch");
        assertThat(fallen).as("epochs never fall along a journal").isZero();
        long unread =
                count(database, "select count(*) as n from session where inbox_seen < inbox_head");
        assertThat(unread).as("EveryAcceptedInputIsAnswered: sessions with unread input").isZero();
    }

    private static long count(Database database, String sql) {
        return database.read(
                connection -> connection.one(sql, row -> row.number("n")).orElseThrow());
    }

    private static void eachSessionHolds(Database database) {
        var codec = new FactCodec();
        var sessions = new HashMap<String, Laws>();
        for (String id :
                database.read(sql ->
                        sql.query(
                                "select id from session limit ?",
                                row -> row.text("id"),
                                SESSIONS_MAX))) {
            Laws laws = sessions.computeIfAbsent(id, Laws::new);
            database.read(sql ->
                            sql.query(
                                    "select type, version, payload from fact"
                                            + " where session = ? order by seq",
                                    row ->
                                            codec.read(
                                                    new FactCodec.Written(
                                                            row.text("type"),
                                                            (int) row.number("version"),
                                                            row.bytes("payload"))),
                                    id))
                    .forEach(laws::accept);
        }
        assertThat(sessions).isNotEmpty();
    }

    /** The laws of one journal, fact by fact. */
    private static final class Laws {

        private final String session;
        private final Map<String, Integer> returned = new HashMap<>();
        private final Set<String> ended = new HashSet<>();

        Laws(String session) {
            this.session = session;
        }

        void accept(Fact fact) {
            switch (fact) {
                case Fact.ToolStarted it ->
                        assertThat(returned)
                                .as("NoToolRunsTwiceUnasked: %s in %s", it.callId(), session)
                                .doesNotContainKey(it.callId());
                case Fact.ToolReturned it -> once(it.callId());
                case Fact.ResultAccepted it -> once(it.callId());
                case Fact.TurnCompleted it -> end(it.turnId());
                case Fact.TurnFailed it -> end(it.turnId());
                case Fact.TurnCancelled it -> end(it.turnId());
                case Fact.ModelCallStarted it ->
                        assertThat(ended)
                                .as("nothing of a turn after its end in %s", session)
                                .doesNotContain(it.turnId());
                default -> {}
            }
        }

        private void once(String callId) {
            assertThat(returned.merge(callId, 1, Integer::sum))
                    .as("one result of %s in %s", callId, session)
                    .isEqualTo(1);
        }

        private void end(String turnId) {
            assertThat(ended.add(turnId)).as("OneTerminalPerTurn in %s", session).isTrue();
        }
    }
}

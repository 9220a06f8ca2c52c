package entrepot.store;

import static org.assertj.core.api.Assertions.assertThat;

import entrepot.store.notices.Notices;
import entrepot.store.testing.TestDatabases;

import org.junit.jupiter.api.Test;

import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Words between two processes on one server. */
class PostgresNoticesTest {

    private static final String CHANNEL = "trying";

    private final DatabaseSettings settings = TestDatabases.postgresSettings();
    private final BlockingQueue<String> heardByOne = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> heardByOther = new LinkedBlockingQueue<>();

    private static String next(BlockingQueue<String> heard) throws InterruptedException {
        String word = heard.poll(30, TimeUnit.SECONDS);
        if (word == null) {
            throw new AssertionError("nothing was heard");
        }
        return word;
    }

    @Test
    void theOthersHearEachWordAndTheTellerDoesNot() throws Exception {
        try (Database one = Databases.open(settings);
                Database other = Databases.open(settings);
                Notices here = one.notices(CHANNEL, heardByOne::add);
                Notices there = other.notices(CHANNEL, heardByOther::add)) {
            // Whoever begins to listen may have missed something.
            assertThat(next(heardByOne)).isEqualTo(Notices.ANYTHING);
            assertThat(next(heardByOther)).isEqualTo(Notices.ANYTHING);
            Set<String> told = new HashSet<>();
            for (int i = 0; i < 2_000; i++) {
                String word = "a rather long word with ü and the number " + i;
                here.tell(word);
                here.tell(word);
                told.add(word);
            }
            Set<String> heard = new HashSet<>();
            while (heard.size() < told.size()) {
                heard.add(next(heardByOther));
            }
            assertThat(heard).isEqualTo(told);
            there.tell("enough");
            assertThat(next(heardByOne)).as("nothing of its own").isEqualTo("enough");
        }
    }

    @Test
    void aListenerThatWasCutOffComesBackAndLooksEverywhere() throws Exception {
        try (Database one = Databases.open(settings);
                Notices here = one.notices(CHANNEL, heardByOne::add);
                Notices there = one.notices(CHANNEL, heardByOther::add)) {
            assertThat(next(heardByOne)).isEqualTo(Notices.ANYTHING);
            assertThat(next(heardByOther)).isEqualTo(Notices.ANYTHING);
            one.read(sql ->
                    sql.query(
                            "select pg_terminate_backend(pid)::text as gone from"
                                    + " pg_stat_activity where query like 'listen %' and"
                                    + " datname = current_database()",
                            row -> row.text("gone")));
            assertThat(next(heardByOne)).isEqualTo(Notices.ANYTHING);
            assertThat(next(heardByOther)).isEqualTo(Notices.ANYTHING);
            here.tell("again");
            assertThat(next(heardByOther)).isEqualTo("again");
            there.tell("and back");
            assertThat(next(heardByOne)).isEqualTo("and back");
        }
    }

    @Test
    void aFileHasNoOtherProcess(@org.junit.jupiter.api.io.TempDir java.nio.file.Path folder) {
        try (Database database = TestDatabases.sqlite(folder);
                Notices notices = database.notices(CHANNEL, heardByOne::add)) {
            notices.tell("hello");
            assertThat(heardByOne).isEmpty();
        }
    }
}

package entrepot.knowledge.sources;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import entrepot.knowledge.sources.SourceSettings.Columns;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Rows as documents, from either kind of database, and nothing but reading. */
abstract class SqlConnectorContract {

    private static final String QUERY =
            "select id, changed, subject, body, team from ticket where open = 1";

    @TempDir Path folder = Path.of("");

    abstract String url();

    @BeforeEach
    void fill() throws SQLException {
        run(
                "create table ticket (id integer primary key, changed text, subject text, body"
                        + " text, team text, open integer)");
        run("insert into ticket values (1, 'a', 'Printer', 'It is on fire.', 'everyone', 1)");
        run("insert into ticket values (2, 'a', 'Salary', 'It is late.', 'team:pay, hr', 1)");
        run("insert into ticket values (3, 'a', 'Odd', 'Nobody knows.', 'a:b', 1)");
        run("insert into ticket values (4, 'a', 'Null', 'Nobody said.', null, 1)");
        run("insert into ticket values (5, 'a', 'Closed', 'Gone.', 'everyone', 0)");
    }

    private void run(String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url());
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private SqlConnector open(String query, @Nullable String revision) throws SourceFailed {
        return new SqlConnector(
                new SourceSettings.Sql(
                        url(),
                        null,
                        null,
                        query,
                        new Columns("id", revision, "subject", "body", "team")),
                Access.NOBODY);
    }

    @Test
    void eachRowIsADocumentWithItsOwnAccess() throws Exception {
        try (SqlConnector sql = open(QUERY, "changed")) {
            Listing listing = sql.list(null, count -> {});
            Map<String, Access> access =
                    listing.entries().stream().collect(Collectors.toMap(Entry::id, Entry::access));
            assertThat(access)
                    .containsOnly(
                            Map.entry("1", Access.EVERYONE),
                            Map.entry("2", Access.of(List.of("team:pay", "group:hr"))),
                            Map.entry("3", Access.NOBODY),
                            Map.entry("4", Access.NOBODY));
            assertThat(listing.warnings()).singleElement().asString().contains("read 3");
            Entry first = listing.entries().getFirst();
            Content content = sql.read(first);
            assertThat(new String(content.bytes(), StandardCharsets.UTF_8))
                    .isEqualTo("It is on fire.");
            assertThat(content.revision()).isEqualTo("a");
            assertThat(first.title()).isEqualTo("Printer");
        }
    }

    @Test
    void aChangedRowHasAnotherStampWithARevisionOrWithout() throws Exception {
        try (SqlConnector named = open(QUERY, "changed");
                SqlConnector hashed = open(QUERY, null)) {
            String before = stamp(named);
            String hash = stamp(hashed);
            run("update ticket set body = 'It is out.', changed = 'b' where id = 1");
            assertThat(stamp(named)).isEqualTo("b").isNotEqualTo(before);
            assertThat(stamp(hashed)).isNotEqualTo(hash);
            assertThat(new String(named.read(one(named)).bytes(), StandardCharsets.UTF_8))
                    .isEqualTo("It is out.");
        }
    }

    private static String stamp(SqlConnector sql) throws Exception {
        return one(sql).stamp();
    }

    private static Entry one(SqlConnector sql) throws Exception {
        return sql.list(null, count -> {}).entries().stream()
                .filter(entry -> entry.id().equals("1"))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void itsConnectionCannotWrite() throws Exception {
        for (String change :
                List.of(
                        "update ticket set body = 'x' where id = 1 returning id, changed,"
                                + " subject, body, team",
                        "delete from ticket returning id, changed, subject, body, team")) {
            assertThatThrownBy(
                            () -> {
                                try (SqlConnector sql = open(change, "changed")) {
                                    sql.list(null, count -> {});
                                }
                            })
                    .isInstanceOf(SourceFailed.class)
                    .hasMessageMatching("(?is).*read-?\\s?only.*");
        }
        try (SqlConnector sql = open(QUERY, "changed")) {
            assertThat(sql.list(null, count -> {}).entries()).hasSize(4);
        }
    }

    @Test
    void aKeyIsAValueAndNoSql() throws Exception {
        try (SqlConnector sql = open(QUERY, "changed")) {
            var entry = new Entry("1' or '1'='1", "", "", "", -1, Access.NOBODY);
            assertThatThrownBy(() -> sql.read(entry)).hasMessageContaining("is gone");
        }
    }
}

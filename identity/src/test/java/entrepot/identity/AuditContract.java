package entrepot.identity;

import static org.assertj.core.api.Assertions.assertThat;

import entrepot.identity.Audit.Entry;
import entrepot.store.Sql;

import org.junit.jupiter.api.Test;

import java.sql.SQLException;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

abstract class AuditContract extends OnDatabase {

    @Test
    void the_newest_entries_of_a_tenant_come_first_and_whole() {
        StoredAudit audit = new StoredAudit(database);
        audit.record(entry("acme", "key.create", Map.of("id", "key_1", "name", "desk")));
        audit.record(entry("rival", "key.create", Map.of()));
        audit.record(entry("acme", "key.revoke", Map.of("id", "key_1")));
        assertThat(audit.latest("acme", 10))
                .containsExactly(
                        entry("acme", "key.revoke", Map.of("id", "key_1")),
                        entry("acme", "key.create", Map.of("id", "key_1", "name", "desk")));
        assertThat(audit.latest("acme", 1)).hasSize(1);
        assertThat(audit.latest("nobody", 10)).isEmpty();
    }

    @Test
    void a_chain_that_nobody_touched_is_in_order() {
        StoredAudit audit = new StoredAudit(database);
        assertThat(audit.verify("acme").brokenAt()).isNull();
        String before = audit.verify("acme").hash();
        fill(audit, 7);
        StoredAudit.Chain chain = audit.verify("acme");
        assertThat(chain.entries()).isEqualTo(7);
        assertThat(chain.brokenAt()).isNull();
        assertThat(chain.hash()).hasSize(64).isNotEqualTo(before);
    }

    @Test
    void a_changed_entry_shows() {
        assertThat(brokenAfter("update audit set act = 'nothing' where seq = 3")).isEqualTo(3);
    }

    @Test
    void a_changed_detail_shows() {
        assertThat(brokenAfter("update audit_detail set value = 'x' where seq = 4")).isEqualTo(4);
    }

    @Test
    void a_detail_taken_out_shows() {
        assertThat(brokenAfter("delete from audit_detail where seq = 2")).isEqualTo(2);
    }

    @Test
    void an_entry_taken_out_shows() {
        assertThat(brokenAfter("delete from audit where seq = 5")).isEqualTo(5);
    }

    @Test
    void an_end_cut_off_shows() {
        assertThat(brokenAfter("delete from audit where seq > 5")).isEqualTo(6);
    }

    @Test
    void an_end_cut_off_with_its_head_set_back_shows_by_the_hash() {
        assertThat(brokenAfter("delete from audit where seq > 5", "update audit_head set seq = 5"))
                .isEqualTo(6);
    }

    @Test
    void entries_written_at_once_stand_in_one_line() throws Exception {
        StoredAudit audit = new StoredAudit(database);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int thread = 0; thread < 8; thread++) {
                var _ = threads.submit(() -> fill(audit, 10));
            }
        }
        StoredAudit.Chain chain = audit.verify("acme");
        assertThat(chain.entries()).isEqualTo(80);
        assertThat(chain.brokenAt()).isNull();
    }

    @Test
    void r72_a_secret_that_slips_in_is_masked() {
        StoredAudit audit = new StoredAudit(database);
        String key = "ek_01234567_0123456789abcdefghjkmnpqrstvwxyz";
        audit.record(
                entry(
                        "acme",
                        "gate.refuse",
                        Map.of(
                                "Authorization", "Basic abc",
                                "client_secret", "abc",
                                "refreshToken", "abc",
                                "note", "called with " + key + " twice",
                                "inputTokens", "12",
                                "keyId", "key_1")));
        assertThat(audit.latest("acme", 1).getFirst().details())
                .isEqualTo(
                        Map.of(
                                "Authorization", "***",
                                "client_secret", "***",
                                "refreshToken", "***",
                                "note", "called with *** twice",
                                "inputTokens", "12",
                                "keyId", "key_1"));
        assertThat(audit.verify("acme").brokenAt()).isNull();
    }

    @Test
    void any_text_can_be_recorded_and_verified() {
        StoredAudit audit = new StoredAudit(database);
        audit.record(
                entry(
                        "acme",
                        "odd",
                        Map.of("nul", "a\0b", "half", "\ud83c", "long", "x".repeat(5_000))));
        StoredAudit.Chain chain = audit.verify("acme");
        assertThat(chain.entries()).isEqualTo(1);
        assertThat(chain.brokenAt()).isNull();
        assertThat(audit.latest("acme", 1).getFirst().details().get("long")).hasSize(1_003);
    }

    private long brokenAfter(String... tampering) {
        StoredAudit audit = new StoredAudit(database);
        fill(audit, 7);
        database.write(sql -> runAll(sql, tampering));
        StoredAudit.Chain chain = audit.verify("acme");
        Long broken = chain.brokenAt();
        assertThat(broken).isNotNull();
        assertThat(chain.entries()).isEqualTo(broken - 1);
        return broken;
    }

    private static int runAll(Sql sql, String... statements) throws SQLException {
        int count = 0;
        for (String statement : statements) {
            count += sql.update(statement);
        }
        return count;
    }

    private static void fill(StoredAudit audit, int count) {
        for (int i = 0; i < count; i++) {
            audit.record(entry("acme", "act." + i, Map.of("number", "" + i)));
        }
    }

    private static Entry entry(String tenant, String act, Map<String, String> details) {
        Instant at = Instant.parse("2026-04-12T09:00:00.123Z");
        return new Entry(at, tenant, "ann", act, details);
    }
}

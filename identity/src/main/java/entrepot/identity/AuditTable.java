package entrepot.identity;

import entrepot.identity.Audit.Entry;
import entrepot.store.Sql;

import org.jspecify.annotations.Nullable;

import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The rows of the audit log: only ever added to. */
final class AuditTable {

    /** An entry with its place in its tenant's chain. */
    record Row(long seq, byte[] hash, Entry entry) {}

    /** The last place of a chain. */
    record Head(long seq, byte[] hash) {}

    private static final String SELECT =
            "select seq, at_millis, principal, act, hash from audit where tenant = ? ";

    private AuditTable() {}

    static long append(Sql sql, Entry entry) throws SQLException {
        String tenant = entry.tenant();
        Head before = lockHead(sql, tenant);
        long seq = before.seq + 1;
        byte[] hash = AuditChain.next(before.hash, seq, entry);
        sql.update(
                "insert into audit (tenant, seq, at_millis, principal, act, hash)"
                        + " values (?, ?, ?, ?, ?, ?)",
                tenant,
                seq,
                entry.at().toEpochMilli(),
                entry.principal(),
                entry.act(),
                hash);
        List<@Nullable Object[]> details = new ArrayList<>();
        entry.details()
                .forEach((name, value) -> details.add(new Object[] {tenant, seq, name, value}));
        sql.updateAll(
                "insert into audit_detail (tenant, seq, name, value) values (?, ?, ?, ?)", details);
        sql.update("update audit_head set seq = ?, hash = ? where tenant = ?", seq, hash, tenant);
        return seq;
    }

    /** An update that changes nothing locks the row on both engines. */
    private static Head lockHead(Sql sql, String tenant) throws SQLException {
        String lock = "update audit_head set seq = seq where tenant = ? returning seq, hash";
        Optional<Head> head = sql.one(lock, AuditTable::head, tenant);
        if (head.isPresent()) {
            return head.get();
        }
        sql.update(
                "insert into audit_head (tenant, seq, hash) values (?, 0, ?)"
                        + " on conflict do nothing",
                tenant,
                AuditChain.START);
        return sql.one(lock, AuditTable::head, tenant).orElseThrow();
    }

    static Optional<Head> head(Sql sql, String tenant) throws SQLException {
        return sql.one(
                "select seq, hash from audit_head where tenant = ?", AuditTable::head, tenant);
    }

    static List<Row> latest(Sql sql, String tenant, int countMax) throws SQLException {
        return rows(sql, tenant, SELECT + "order by seq desc limit ?", tenant, countMax);
    }

    static List<Row> page(Sql sql, String tenant, long after, int countMax) throws SQLException {
        String select = SELECT + "and seq > ? order by seq limit ?";
        return rows(sql, tenant, select, tenant, after, countMax);
    }

    private static List<Row> rows(
            Sql sql, String tenant, String select, @Nullable Object... parameters)
            throws SQLException {
        List<Row> bare = sql.query(select, row -> row(tenant, row), parameters);
        if (bare.isEmpty()) {
            return bare;
        }
        long one = bare.getFirst().seq;
        long other = bare.getLast().seq;
        Map<Long, Map<String, String>> details =
                details(sql, tenant, Math.min(one, other), Math.max(one, other));
        return bare.stream()
                .map(row -> with(row, details.getOrDefault(row.seq, Map.of())))
                .toList();
    }

    private static Map<Long, Map<String, String>> details(
            Sql sql, String tenant, long first, long last) throws SQLException {
        Map<Long, Map<String, String>> details = new HashMap<>();
        sql.query(
                "select seq, name, value from audit_detail"
                        + " where tenant = ? and seq between ? and ?",
                row -> {
                    String value = row.text("value");
                    details.computeIfAbsent(row.number("seq"), _ -> new HashMap<>())
                            .put(row.text("name"), value);
                    return value;
                },
                tenant,
                first,
                last);
        return details;
    }

    private static Head head(Sql.Row row) throws SQLException {
        return new Head(row.number("seq"), row.bytes("hash"));
    }

    private static Row row(String tenant, Sql.Row row) throws SQLException {
        Entry entry =
                new Entry(
                        Instant.ofEpochMilli(row.number("at_millis")),
                        tenant,
                        row.text("principal"),
                        row.text("act"),
                        Map.of());
        return new Row(row.number("seq"), row.bytes("hash"), entry);
    }

    private static Row with(Row row, Map<String, String> details) {
        Entry bare = row.entry;
        return new Row(
                row.seq,
                row.hash,
                new Entry(bare.at(), bare.tenant(), bare.principal(), bare.act(), details));
    }
}

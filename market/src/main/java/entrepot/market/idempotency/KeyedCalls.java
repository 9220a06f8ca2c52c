package entrepot.market.idempotency;

import entrepot.http.Headers;
import entrepot.identity.Ids;
import entrepot.store.Database;
import entrepot.store.Sql;

import org.jspecify.annotations.Nullable;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The keyed calls of all nodes on one database. Whoever claims one runs it, under a lease that it
 * renews while it does; when a runner is gone, its lease ends and another may run the call anew.
 * All calls block; times are the database's.
 */
public final class KeyedCalls {

    /** The tables of this package. */
    public static final Database.Migrations MIGRATIONS =
            new Database.Migrations("idempotency", "entrepot/market/idempotency/migrations");

    private static final int TRIMMED_ROWS_MAX = 1_000;

    private static final String NAMED =
            " tenant = ? and key_id = ? and operation = ? and idempotency_key = ?";
    private static final String HELD = NAMED + " and holder = ? and state = 'running'";

    private final Database database;
    private final Ids ids;
    private final KeepLimits limits;
    private final String now;

    /** Bytes of bodies that are kept, as far as this node knows. */
    private final AtomicLong bytes = new AtomicLong();

    /**
     * @param database whose {@link #MIGRATIONS} have run
     */
    public KeyedCalls(Database database, Ids ids, KeepLimits limits) {
        this.database = database;
        this.ids = ids;
        this.limits = limits;
        this.now = database.engine().nowMillis();
    }

    public KeepLimits limits() {
        return limits;
    }

    /** Asks to run a call. */
    public Claim claim(KeyedCall call) {
        String holder = ids.next("hold_");
        return database.write(sql -> claim(sql, call, holder));
    }

    private Claim claim(Sql sql, KeyedCall call, String holder) throws SQLException {
        int fresh =
                sql.update(
                        "insert into keyed_call (tenant, key_id, operation, idempotency_key,"
                                + " fingerprint, state, holder, lease_millis, expires_millis,"
                                + " body_bytes) values (?, ?, ?, ?, ?, 'running', ?, "
                                + now
                                + " + ?, "
                                + now
                                + " + ?, 0) on conflict do nothing",
                        call.tenant(),
                        call.keyId(),
                        call.operation(),
                        call.key(),
                        call.fingerprint(),
                        holder,
                        limits.lease().toMillis(),
                        limits.retention().toMillis());
        if (fresh == 1) {
            return new Claim.Mine(call, holder);
        }
        Known known =
                sql.one(
                                "select fingerprint, state, holder, reason,"
                                        + " case when expires_millis <= "
                                        + now
                                        + " then 1 else 0 end as expired,"
                                        + " case when lease_millis <= "
                                        + now
                                        + " then 1 else 0 end as lapsed"
                                        + " from keyed_call where"
                                        + NAMED,
                                Known::of,
                                name(call))
                        .orElse(null);
        if (known == null) {
            return new Claim.Busy(); // given up in this very moment: the next look will tell
        }
        boolean over = known.expired() && (known.lapsed() || !known.runs());
        if (!over && !known.fingerprint().equals(call.fingerprint())) {
            return new Claim.Taken();
        }
        if (over || (known.runs() && known.lapsed())) {
            return takeOver(sql, call, known.holder(), holder);
        }
        return switch (known.state()) {
            case "running" -> new Claim.Busy();
            case "spent" -> new Claim.Spent(known.reason() == null ? "" : known.reason());
            default -> answered(sql, call);
        };
    }

    private Claim takeOver(Sql sql, KeyedCall call, String from, String holder)
            throws SQLException {
        int taken =
                sql.update(
                        "update keyed_call set fingerprint = ?, state = 'running', holder = ?,"
                                + " lease_millis = "
                                + now
                                + " + ?, expires_millis = "
                                + now
                                + " + ?, reason = null, status = null, streamed = null,"
                                + " broken = null, headers = null, body = null, body_bytes = 0"
                                + " where"
                                + NAMED
                                + " and holder = ?",
                        call.fingerprint(),
                        holder,
                        limits.lease().toMillis(),
                        limits.retention().toMillis(),
                        call.tenant(),
                        call.keyId(),
                        call.operation(),
                        call.key(),
                        from);
        return taken == 1 ? new Claim.Mine(call, holder) : new Claim.Busy();
    }

    private static Claim answered(Sql sql, KeyedCall call) throws SQLException {
        return sql.<Claim>one(
                        "select status, streamed, broken, headers, body from keyed_call where"
                                + NAMED
                                + " and state = 'answered'",
                        row ->
                                new Claim.Answered(
                                        new KeptAnswer(
                                                (int) row.number("status"),
                                                headers(row.text("headers")),
                                                row.number("streamed") == 1,
                                                row.number("broken") == 1,
                                                row.bytes("body"))),
                        name(call))
                .orElse(new Claim.Busy());
    }

    /** Goes on holding these. */
    public void renew(Collection<Claim.Mine> held) {
        if (held.isEmpty()) {
            return;
        }
        long lease = limits.lease().toMillis();
        List<@Nullable Object[]> rows = new ArrayList<>();
        held.forEach(mine -> rows.add(held(mine, lease)));
        String renewing = "update keyed_call set lease_millis = " + now + " + ? where" + HELD;
        int[] _ = database.write(sql -> sql.updateAll(renewing, rows));
    }

    /**
     * Keeps the answer of a call; durable when this returns.
     *
     * @return whether the call was still its runner's
     */
    public boolean keep(Claim.Mine mine, KeptAnswer answer) {
        int length = answer.body().length;
        int kept =
                database.once(sql ->
                        sql.update(
                                "update keyed_call set state = 'answered', expires_millis = "
                                        + now
                                        + " + ?, status = ?, streamed = ?, broken = ?,"
                                        + " headers = ?, body_bytes = ?, body = ? where"
                                        + HELD,
                                held(
                                        mine,
                                        limits.retention().toMillis(),
                                        answer.status(),
                                        answer.streamed(),
                                        answer.broken(),
                                        text(answer.headers()),
                                        length,
                                        answer.body())));
        if (kept == 1 && bytes.addAndGet(length) > limits.bytesMax()) {
            trim();
        }
        return kept == 1;
    }

    /**
     * Ends a call whose answer cannot be given again.
     *
     * @param reason a sentence for those who ask again
     */
    public void spend(Claim.Mine mine, String reason) {
        int _ =
                database.once(sql ->
                        sql.update(
                                "update keyed_call set state = 'spent', reason = ?,"
                                        + " expires_millis = "
                                        + now
                                        + " + ? where"
                                        + HELD,
                                held(mine, reason, limits.retention().toMillis())));
    }

    /** Gives a call back, as if it had never come. */
    public void release(Claim.Mine mine) {
        int _ = database.once(sql -> sql.update("delete from keyed_call where" + HELD, held(mine)));
    }

    /**
     * Forgets what nobody will ask for again, and the oldest answers when all are too large.
     *
     * @return how many calls were forgotten for their age
     */
    public int sweep() {
        int old =
                database.once(sql ->
                        sql.update(
                                "delete from keyed_call where expires_millis <= "
                                        + now
                                        + " and (state <> 'running' or lease_millis <= "
                                        + now
                                        + ")"));
        trim();
        return old;
    }

    private void trim() {
        long left = database.write(this::trim);
        bytes.set(left);
    }

    /** Returns how many bytes are kept afterwards. */
    private long trim(Sql sql) throws SQLException {
        long all =
                sql.one(
                                "select coalesce(sum(body_bytes), 0) as total from keyed_call",
                                row -> row.number("total"))
                        .orElse(0L);
        while (all > limits.bytesMax()) {
            List<long[]> oldest =
                    sql.query(
                            "select expires_millis, body_bytes from keyed_call"
                                    + " where state = 'answered' order by expires_millis limit "
                                    + TRIMMED_ROWS_MAX,
                            row ->
                                    new long[] {
                                        row.number("expires_millis"), row.number("body_bytes")
                                    });
            long last = Long.MIN_VALUE;
            for (long[] row : oldest) {
                if (all <= limits.bytesMax() && row[0] > last) {
                    break;
                }
                last = row[0];
                all -= row[1];
            }
            int gone =
                    sql.update(
                            "delete from keyed_call where state = 'answered'"
                                    + " and expires_millis <= ?",
                            last);
            if (gone == 0) {
                break;
            }
        }
        return all;
    }

    private static Object[] name(KeyedCall call) {
        return new Object[] {call.tenant(), call.keyId(), call.operation(), call.key()};
    }

    /** What is set, then what {@link #HELD} asks for. */
    private static Object[] held(Claim.Mine mine, Object... set) {
        var all = new ArrayList<Object>(List.of(set));
        all.addAll(List.of(name(mine.call())));
        all.add(mine.holder());
        return all.toArray();
    }

    private static String text(Headers headers) {
        var lines = new StringBuilder();
        for (Headers.Field field : headers.fields()) {
            lines.append(field.name()).append(':').append(field.value()).append('\n');
        }
        return lines.toString();
    }

    private static Headers headers(String text) {
        var fields = new ArrayList<Headers.Field>();
        text.lines()
                .forEach(line -> {
                    int colon = line.indexOf(':');
                    fields.add(
                            new Headers.Field(line.substring(0, colon), line.substring(colon + 1)));
                });
        return Headers.of(fields);
    }

    private record Known(
            String fingerprint,
            String state,
            String holder,
            @Nullable String reason,
            boolean expired,
            boolean lapsed) {

        static Known of(Sql.Row row) throws SQLException {
            return new Known(
                    row.text("fingerprint"),
                    row.text("state"),
                    row.text("holder"),
                    row.textIf("reason").orElse(null),
                    row.number("expired") == 1,
                    row.number("lapsed") == 1);
        }

        boolean runs() {
            return state.equals("running");
        }
    }
}

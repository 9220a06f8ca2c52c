package entrepot.identity;

import entrepot.identity.AuditTable.Head;
import entrepot.identity.AuditTable.Row;
import entrepot.store.Database;

import org.jspecify.annotations.Nullable;

import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;

/**
 * The audit log in a database. Each tenant has a chain of its own: an entry's hash covers the entry
 * and the hash before it, so that nothing can be changed, taken out or put in without it showing.
 * Who can write to the database can still replace a whole chain; keep {@link Chain#hash} elsewhere
 * to see that too.
 */
public final class StoredAudit implements Audit {

    private static final int PAGE = 1_000;

    private final Database database;

    public StoredAudit(Database database) {
        this.database = database;
    }

    /**
     * A tenant's chain, as it was found.
     *
     * @param entries how many are in order
     * @param brokenAt the number of the first entry, from 1, that is not as it was written or not
     *     there; null if all are
     * @param hash of the last entry in order, in hexadecimal
     */
    public record Chain(long entries, @Nullable Long brokenAt, String hash) {}

    @Override
    public void record(Entry entry) {
        Entry masked = AuditDetails.masked(entry);
        database.write(sql -> AuditTable.append(sql, masked));
    }

    @Override
    public List<Entry> latest(String tenant, int countMax) {
        return database.read(
                sql -> AuditTable.latest(sql, tenant, countMax).stream().map(Row::entry).toList());
    }

    /** Recomputes a tenant's chain from its first entry. */
    public Chain verify(String tenant) {
        Head reached = new Head(0, AuditChain.START);
        while (true) {
            Head from = reached;
            List<Row> page = database.read(sql -> AuditTable.page(sql, tenant, from.seq(), PAGE));
            for (Row row : page) {
                long seq = reached.seq() + 1;
                byte[] expected = AuditChain.next(reached.hash(), seq, row.entry());
                if (row.seq() != seq || !MessageDigest.isEqual(row.hash(), expected)) {
                    return chain(reached, seq);
                }
                reached = new Head(seq, expected);
            }
            if (page.size() < PAGE) {
                return atEnd(tenant, reached);
            }
        }
    }

    /** Compares with the recorded end, in one moment: entries may have been added meanwhile. */
    private Chain atEnd(String tenant, Head reached) {
        boolean whole =
                database.read(sql -> {
                    Head head = AuditTable.head(sql, tenant).orElse(new Head(0, AuditChain.START));
                    return head.seq() == reached.seq()
                            ? MessageDigest.isEqual(head.hash(), reached.hash())
                            : head.seq() > reached.seq()
                                    && !AuditTable.page(sql, tenant, reached.seq(), 1).isEmpty();
                });
        return chain(reached, whole ? null : (Long) (reached.seq() + 1));
    }

    private static Chain chain(Head reached, @Nullable Long brokenAt) {
        return new Chain(reached.seq(), brokenAt, HexFormat.of().formatHex(reached.hash()));
    }
}

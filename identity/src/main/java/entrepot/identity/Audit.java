package entrepot.identity;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/** What was decided and done, by whom: append-only, chained by hash. */
public interface Audit {

    /** Records an act; durable when this returns. */
    void record(Entry entry);

    /** The newest entries of a tenant, newest first. */
    List<Entry> latest(String tenant, int countMax);

    /**
     * @param act a verb and its object, such as {@code key.create} or {@code gate.refuse}
     * @param details never a secret
     */
    record Entry(
            Instant at, String tenant, String principal, String act, Map<String, String> details) {
        public Entry {
            details = Map.copyOf(details);
        }
    }
}

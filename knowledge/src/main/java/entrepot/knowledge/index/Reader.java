package entrepot.knowledge.index;

import entrepot.knowledge.sources.Access;

import java.util.Collection;
import java.util.Set;
import java.util.TreeSet;

/**
 * Who searches.
 *
 * @param holders what they are, as access lists name it
 */
public record Reader(String tenant, Set<String> holders) {

    public Reader {
        holders = Set.copyOf(holders);
    }

    /**
     * A principal of a team: its team counts as a group as well.
     *
     * @param groups that it was put into
     */
    public static Reader of(
            String tenant, String team, String principal, Collection<String> groups) {
        Set<String> holders = new TreeSet<>();
        holders.add(Access.EVERYONE_HOLDER);
        holders.add("principal:" + principal);
        holders.add("team:" + team);
        holders.add("group:" + team);
        groups.forEach(group -> holders.add("group:" + group));
        return new Reader(tenant, holders);
    }

    boolean mayRead(StoredDocument document) {
        return document.source().tenant().equals(tenant) && document.access().admits(holders);
    }
}

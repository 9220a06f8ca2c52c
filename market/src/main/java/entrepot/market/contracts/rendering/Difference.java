package entrepot.market.contracts.rendering;

import entrepot.market.contracts.AsOf;
import entrepot.market.contracts.Clause;
import entrepot.market.contracts.ContractBook;
import entrepot.market.contracts.Members;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** What differs between two sets of contracts, or between two days of one. */
public record Difference(List<Changed> clauses, List<CellChange> changes, Grid after) {

    public Difference {
        clauses = List.copyOf(clauses);
        changes = List.copyOf(changes);
    }

    /**
     * A clause that is on one side only, or says something else on the other.
     *
     * @param before null when it is new
     * @param after null when it is gone
     * @param members those that differ: their names, with the value before and the one after
     */
    public record Changed(
            String ref,
            @Nullable Clause before,
            @Nullable Clause after,
            Map<String, String> members) {}

    /** Two days of one set: what is in force on either. */
    public static Difference ofDays(ContractBook book, AsOf before, AsOf after) {
        List<Changed> clauses = compare(book.inForce(before), book.inForce(after));
        return of(clauses, book, before, book, after);
    }

    /** Two sets, whole; who may carry what is compared at one time. */
    public static Difference ofBooks(ContractBook before, ContractBook after, AsOf asOf) {
        List<Changed> clauses = compare(before.clauses().values(), after.clauses().values());
        return of(clauses, before, asOf, after, asOf);
    }

    private static Difference of(
            List<Changed> clauses, ContractBook before, AsOf then, ContractBook after, AsOf now) {
        var rows = new TreeSet<>(Grid.rowsOf(before));
        rows.addAll(Grid.rowsOf(after));
        var channels = new TreeSet<>(before.channels());
        channels.addAll(after.channels());
        var columns = new ArrayList<>(channels);
        columns.add(Grid.OTHER);
        Grid old = Grid.of(before, rows, columns, then);
        Grid grid = Grid.of(after, rows, columns, now);
        return new Difference(clauses, CellChange.between(old, grid), grid);
    }

    private static List<Changed> compare(Collection<Clause> before, Collection<Clause> after) {
        var old = new TreeMap<String, Clause>();
        before.forEach(clause -> old.put(clause.ref(), clause));
        var now = new TreeMap<String, Clause>();
        after.forEach(clause -> now.put(clause.ref(), clause));
        var refs = new TreeSet<>(old.keySet());
        refs.addAll(now.keySet());
        var changed = new ArrayList<Changed>();
        for (String ref : refs) {
            Clause was = old.get(ref);
            Clause is = now.get(ref);
            if (was == null || is == null) {
                changed.add(new Changed(ref, was, is, Map.of()));
            } else {
                Map<String, String> members = members(Members.of(was), Members.of(is));
                if (!members.isEmpty()) {
                    changed.add(new Changed(ref, was, is, members));
                }
            }
        }
        return changed;
    }

    private static Map<String, String> members(
            Map<String, String> before, Map<String, String> after) {
        var names = new TreeSet<>(before.keySet());
        names.addAll(after.keySet());
        var members = new TreeMap<String, String>();
        for (String name : names) {
            String was = before.getOrDefault(name, "not stated");
            String is = after.getOrDefault(name, "not stated");
            if (!was.equals(is)) {
                members.put(name, was + " → " + is);
            }
        }
        return members;
    }

    public boolean isEmpty() {
        return clauses.isEmpty() && changes.isEmpty();
    }

    public String text() {
        if (isEmpty()) {
            return "No difference.\n";
        }
        var columns = new Columns("");
        for (Changed each : clauses) {
            Clause shown = each.after() == null ? each.before() : each.after();
            if (shown != null && each.members().isEmpty()) {
                columns.row(
                        each.before() == null ? "+" : "-",
                        Members.kind(shown),
                        each.ref(),
                        shown.heading().says());
            } else if (shown != null) {
                each.members()
                        .forEach((name, values) ->
                                columns.row(
                                        "~",
                                        Members.kind(shown),
                                        each.ref(),
                                        name + ": " + values));
            }
        }
        String cells = CellChange.text(changes, after);
        return columns.text() + (cells.isEmpty() ? "" : "\nWho may carry what\n" + cells);
    }

    public ObjectNode json() {
        ObjectNode node = Json.object();
        var list = node.putArray("clauses");
        for (Changed each : clauses) {
            ObjectNode entry = list.addObject();
            entry.put("clause", each.ref());
            entry.put(
                    "change",
                    each.before() == null ? "added" : each.after() == null ? "gone" : "changed");
            if (!each.members().isEmpty()) {
                ObjectNode members = entry.putObject("members");
                each.members().forEach(members::put);
            }
        }
        var cells = node.putArray("carriage");
        changes.forEach(change -> cells.add(change.json()));
        return node;
    }
}

package entrepot.market.contracts.rendering;

import entrepot.market.contracts.AsOf;
import entrepot.market.contracts.Clause;
import entrepot.market.contracts.ContractBook;
import entrepot.market.contracts.Heading;
import entrepot.market.contracts.Members;
import entrepot.market.contracts.Wording;

import tools.jackson.databind.node.ObjectNode;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/**
 * What changes when: for each date the clauses that begin and end, and every kind of call that a
 * channel may carry from then on or no longer.
 *
 * @param first how things stand before the first date
 */
public record Timeline(Grid first, List<Step> steps) {

    public Timeline {
        steps = List.copyOf(steps);
    }

    /** One date. */
    public record Step(
            Instant at,
            Grid grid,
            List<Clause> begin,
            List<Ending> end,
            List<String> lapses,
            List<CellChange> changes) {

        public Step {
            begin = List.copyOf(begin);
            end = List.copyOf(end);
            lapses = List.copyOf(lapses);
            changes = List.copyOf(changes);
        }
    }

    /** A clause that no longer applies, and why. */
    public record Ending(Clause clause, String why) {}

    /**
     * @param known what was learned after this does not count
     */
    public static Timeline of(ContractBook book, Instant known) {
        Set<Instant> dates = dates(book, known);
        Set<Grid.Row> rows = Grid.rowsOf(book);
        List<String> columns = Grid.columns(book);
        Grid first = Grid.of(book, rows, columns, new AsOf(beginning(dates), known));
        var steps = new ArrayList<Step>();
        Grid before = first;
        for (Instant date : dates) {
            Grid grid = Grid.of(book, rows, columns, new AsOf(date, known));
            steps.add(
                    new Step(
                            date,
                            grid,
                            begin(book, date, known),
                            end(book, date, known),
                            lapses(book, date, known),
                            CellChange.between(before, grid)));
            before = grid;
        }
        return new Timeline(first, steps);
    }

    /** A time before everything. */
    private static Instant beginning(Set<Instant> dates) {
        return dates.isEmpty() ? Instant.EPOCH : dates.iterator().next().minusMillis(1);
    }

    private static Set<Instant> dates(ContractBook book, Instant known) {
        var dates = new TreeSet<Instant>();
        for (Clause clause : book.clauses().values()) {
            if (isKnown(clause, known)) {
                dates.add(clause.heading().from());
                dates.add(book.end(clause, known));
                if (clause instanceof Clause.Funding funding) {
                    funding.tranches().stream()
                            .map(Clause.Tranche::lapses)
                            .filter(Objects::nonNull)
                            .forEach(dates::add);
                }
            }
        }
        dates.remove(Instant.MIN);
        dates.remove(Instant.MAX);
        return dates;
    }

    private static boolean isKnown(Clause clause, Instant known) {
        return !clause.heading().learned().isAfter(known);
    }

    private static List<Clause> begin(ContractBook book, Instant date, Instant known) {
        return book.clauses().values().stream()
                .filter(clause -> isKnown(clause, known))
                .filter(clause -> clause.heading().from().equals(date))
                .filter(clause -> date.isBefore(book.end(clause, known)))
                .toList();
    }

    private static List<Ending> end(ContractBook book, Instant date, Instant known) {
        var endings = new ArrayList<Ending>();
        for (Clause clause : book.clauses().values()) {
            boolean before = book.isInForce(clause, new AsOf(date.minusMillis(1), known));
            if (before && !book.isInForce(clause, new AsOf(date, known))) {
                boolean ended = book.end(clause, known).equals(date);
                endings.add(new Ending(clause, ended ? why(book, clause, date, known) : "waived"));
            }
        }
        return endings;
    }

    private static String why(ContractBook book, Clause clause, Instant date, Instant known) {
        for (Clause other : book.clauses().values()) {
            Heading heading = other.heading();
            if (isKnown(other, known)
                    && heading.supersedes().contains(clause.ref())
                    && heading.from().equals(date)) {
                return "superseded by " + other.ref();
            }
        }
        return "its term is over";
    }

    private static List<String> lapses(ContractBook book, Instant date, Instant known) {
        return book.funding(new AsOf(date, known)).stream()
                .filter(each -> date.equals(each.tranche().lapses()))
                .filter(each -> each.paid() == null)
                .map(each ->
                        each.clause().ref()
                                + ": the tranche "
                                + each.tranche().id()
                                + " of "
                                + each.tranche().amount())
                .toList();
    }

    public String text() {
        var text = new StringBuilder();
        if (!first.rows().isEmpty()) {
            text.append("Before\n").append(first.text());
        }
        for (Step step : steps) {
            text.append(text.isEmpty() ? "" : "\n").append(Wording.time(step.at())).append('\n');
            text.append(CellChange.text(step.changes(), step.grid()));
            var clauses = new Columns("  ");
            for (Clause each : step.begin()) {
                clauses.row("+", Members.kind(each), each.ref(), each.heading().says());
            }
            for (Ending each : step.end()) {
                Clause clause = each.clause();
                clauses.row("-", Members.kind(clause), clause.ref(), each.why());
            }
            step.lapses().forEach(each -> clauses.row("!", "funding", each, "lapses"));
            text.append(clauses.text());
        }
        return text.toString();
    }

    public ObjectNode json() {
        ObjectNode node = Json.object();
        var list = node.putArray("steps");
        for (Step step : steps) {
            ObjectNode each = list.addObject();
            each.put("at", Json.time(step.at()));
            var begin = each.putArray("begin");
            step.begin().forEach(clause -> begin.add(Json.clause(clause)));
            var end = each.putArray("end");
            step.end()
                    .forEach(ending ->
                            end.add(
                                    Json.object()
                                            .put("clause", ending.clause().ref())
                                            .put("why", ending.why())));
            var lapses = each.putArray("lapses");
            step.lapses().forEach(lapses::add);
            var changes = each.putArray("changes");
            step.changes().forEach(change -> changes.add(change.json()));
        }
        return node;
    }
}

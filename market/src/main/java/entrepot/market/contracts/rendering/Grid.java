package entrepot.market.contracts.rendering;

import entrepot.market.Order.ApiKind;
import entrepot.market.contracts.AsOf;
import entrepot.market.contracts.Carriage;
import entrepot.market.contracts.Clause;
import entrepot.market.contracts.Contract;
import entrepot.market.contracts.ContractBook;
import entrepot.market.contracts.Judgement;
import entrepot.market.contracts.Party;
import entrepot.market.contracts.Scope;
import entrepot.market.contracts.Scope.Distribution;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Which channel may carry what at one time: a row per models, kind of call and seller, a column per
 * channel. The last column stands for every channel that no contract names. The buyer's territory
 * is taken as not known, so that what is forbidden anywhere shows as forbidden.
 */
public record Grid(AsOf asOf, List<String> channels, Map<Row, Map<String, Judgement>> rows) {

    /** The column for all channels that no contract names. */
    public static final String OTHER = "other";

    public Grid {
        channels = List.copyOf(channels);
        rows = Collections.unmodifiableMap(new LinkedHashMap<>(rows));
    }

    /**
     * What a row is about.
     *
     * @param models a canonical id, or {@code vendor/*}
     * @param byVendor whether the vendor itself sells on every channel; else it does so on its own
     *     channels only
     * @param comingOut whether it is about models that have not come out anywhere; else, and where
     *     {@code models} is a pattern, about those that were out before
     */
    public record Row(String models, ApiKind api, boolean byVendor, boolean comingOut)
            implements Comparable<Row> {

        private static final Comparator<Row> ORDER =
                Comparator.comparing(Row::models)
                        .thenComparing(Row::comingOut)
                        .thenComparing(Row::api)
                        .thenComparing(Row::byVendor);

        String vendor() {
            return models.substring(0, models.indexOf('/'));
        }

        boolean isPattern() {
            return models.endsWith("/*");
        }

        String modelWords() {
            return comingOut ? models + " (new)" : models;
        }

        String apiWord() {
            return api.name().toLowerCase(Locale.ROOT);
        }

        String seller() {
            return byVendor ? "vendor" : "channel";
        }

        @Override
        public int compareTo(Row other) {
            return ORDER.compare(this, other);
        }
    }

    public static Grid of(ContractBook book, AsOf asOf) {
        return of(book, rowsOf(book), columns(book), asOf);
    }

    static Grid of(ContractBook book, Set<Row> rows, List<String> columns, AsOf asOf) {
        Map<String, Set<String>> own = ownChannels(book);
        ContractBook settled = settled(book, rows);
        var cells = new LinkedHashMap<Row, Map<String, Judgement>>();
        for (Row row : rows) {
            var line = new LinkedHashMap<String, Judgement>();
            Set<String> vendors = own.getOrDefault(row.vendor(), Set.of());
            ContractBook asked = row.isPattern() && !row.comingOut() ? settled : book;
            for (String channel : columns) {
                line.put(
                        channel,
                        asked.judge(
                                new Carriage(
                                        row.models(),
                                        row.vendor(),
                                        row.api(),
                                        channel,
                                        row.byVendor() || vendors.contains(channel),
                                        "",
                                        asOf.at(),
                                        asOf.known())));
            }
            cells.put(row, line);
        }
        return new Grid(asOf, columns, cells);
    }

    static List<String> columns(ContractBook book) {
        var columns = new ArrayList<>(book.channels());
        columns.add(OTHER);
        return columns;
    }

    /** A row for whatever some clause that binds carriages speaks of. */
    static Set<Row> rowsOf(ContractBook book) {
        var rows = new TreeSet<Row>();
        for (Clause clause : book.clauses().values()) {
            boolean binds =
                    switch (clause) {
                        case Clause.Exclusivity it -> it.of() == Clause.Goods.CALLS;
                        case Clause.FirstShip _ -> true;
                        case Clause.Licence it -> it.use() == Clause.Use.RESALE;
                        default -> false;
                    };
            if (binds) {
                addRows(clause, rows);
            }
        }
        return rows;
    }

    private static void addRows(Clause clause, Set<Row> rows) {
        Scope scope = clause.heading().scope();
        boolean bySeller = scope.distribution() != Distribution.ANY;
        for (String models : scope.models()) {
            for (ApiKind api : ApiKind.values()) {
                boolean spoken = scope.apis().isEmpty() || scope.apis().contains(api);
                rows.add(new Row(models, api, false, false));
                if (spoken && bySeller) {
                    rows.add(new Row(models, api, true, false));
                }
                if (spoken && clause instanceof Clause.FirstShip && models.endsWith("/*")) {
                    rows.add(new Row(models, api, false, true));
                }
            }
        }
    }

    /** The same contracts, as if all models of the rows had come out long ago. */
    private static ContractBook settled(ContractBook book, Set<Row> rows) {
        var models = new TreeSet<String>();
        rows.forEach(row -> models.add(row.models()));
        return new ContractBook(
                book.version(),
                book.contracts().stream().map(each -> settled(each, models)).toList());
    }

    private static Contract settled(Contract contract, Set<String> models) {
        return new Contract(
                contract.id(),
                contract.title(),
                contract.currency(),
                contract.parties(),
                contract.documents(),
                contract.clauses().stream()
                        .map(clause ->
                                clause instanceof Clause.FirstShip it
                                        ? new Clause.FirstShip(
                                                it.heading(), it.channels(), it.window(), models)
                                        : clause)
                        .toList(),
                contract.disputes(),
                contract.occurrences(),
                contract.place());
    }

    private static Map<String, Set<String>> ownChannels(ContractBook book) {
        var own = new TreeMap<String, Set<String>>();
        book.contracts()
                .forEach(contract -> {
                    for (Party party : contract.parties().values()) {
                        if (party.vendor() != null) {
                            own.computeIfAbsent(party.vendor(), vendor -> new TreeSet<>())
                                    .addAll(party.channels());
                        }
                    }
                });
        return own;
    }

    static String word(boolean allowed) {
        return allowed ? "yes" : "no";
    }

    /** The rows as a table. */
    public String text() {
        var columns = new Columns("  ");
        columns.row(headings(channels));
        rows.forEach((row, cells) -> {
            var line = labels(row);
            channels.forEach(channel -> line.add(word(allowed(cells, channel))));
            columns.row(line);
        });
        return rows.isEmpty() ? "" : columns.text();
    }

    static List<String> headings(List<String> channels) {
        var headings = new ArrayList<>(List.of("MODELS", "CALLS", "SOLD BY"));
        headings.addAll(channels);
        return headings;
    }

    static List<String> labels(Row row) {
        return new ArrayList<>(List.of(row.modelWords(), row.apiWord(), row.seller()));
    }

    static boolean allowed(Map<String, Judgement> cells, String channel) {
        Judgement judgement = cells.get(channel);
        return judgement == null || judgement.allowed();
    }
}

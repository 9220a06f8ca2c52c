package entrepot.market.contracts.reading;

import entrepot.market.Money;
import entrepot.market.contracts.Clause;
import entrepot.market.contracts.Contract;
import entrepot.market.contracts.Dispute;
import entrepot.market.contracts.Occurrence;
import entrepot.market.contracts.Party;
import entrepot.market.contracts.Place;
import entrepot.market.contracts.Source.Document;
import entrepot.market.yaml.Spelling;
import entrepot.market.yaml.YamlMap;
import entrepot.market.yaml.YamlValue;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Currency;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Reads one contract of a file. */
final class ContractReader {

    private static final String CURRENCY = "USD";
    private static final Set<String> CURRENCIES =
            Currency.getAvailableCurrencies().stream()
                    .map(Currency::getCurrencyCode)
                    .collect(Collectors.toUnmodifiableSet());

    private final String file;
    private final Map<String, Set<String>> asked;

    /**
     * @param asked takes, by what it is, every member that may stand there
     */
    ContractReader(String file, Map<String, Set<String>> asked) {
        this.file = file;
        this.asked = asked;
    }

    Contract read(String id, YamlValue value, Place place) {
        if (!Fields.ID.matcher(id).matches()) {
            value.complain(Fields.ID_HINT + ", but is '" + id + "'");
        }
        YamlMap map = value.map();
        var bare = new Fields(map, context(id, ZoneOffset.UTC, CURRENCY));
        String title = bare.required("title", "what it is about and between whom");
        String currency = currency(map);
        YamlValue zoneValue = map.get("time_zone");
        ZoneId zone = zoneValue == null ? null : Dates.zone(zoneValue);
        ZoneId zoneOrUtc = zone == null ? ZoneOffset.UTC : zone;
        YamlValue learnedValue = map.get("learned");
        Instant learned = learnedValue == null ? null : Dates.instant(learnedValue, zoneOrUtc);
        Map<String, Party> parties = parties(map);
        var context = new Fields.Context(id, currency, zoneOrUtc, parties, documents(map), learned);
        List<Clause> clauses = clauses(map, context);
        List<Dispute> disputes = disputes(map, context);
        List<Occurrence> occurrences = occurrences(map, context);
        note("contract", map);
        return new Contract(
                id,
                title,
                currency,
                parties,
                context.documents(),
                clauses,
                disputes,
                occurrences,
                place);
    }

    private static Fields.Context context(String id, ZoneId zone, String currency) {
        return new Fields.Context(id, currency, zone, Map.of(), Map.of(), null);
    }

    private void note(String what, YamlMap map) {
        asked.computeIfAbsent(what, word -> new LinkedHashSet<>()).addAll(map.asked());
        map.noOthers();
    }

    private static String currency(YamlMap map) {
        YamlValue value = map.get("currency");
        String text = value == null ? null : value.text();
        if (value == null || text == null) {
            return CURRENCY;
        }
        if (Money.isCurrency(text) && CURRENCIES.contains(text)) {
            return text;
        }
        value.complain(
                "must be a currency of ISO 4217 in three capital letters, such as USD, but is '"
                        + text
                        + "'"
                        + Spelling.nearest(text, CURRENCIES)
                                .filter(near -> near.equalsIgnoreCase(text))
                                .map(near -> "; did you mean '" + near + "'?")
                                .orElse(""));
        return CURRENCY;
    }

    private Map<String, Party> parties(YamlMap map) {
        var found = new LinkedHashMap<String, Party>();
        YamlValue section = map.required("parties", "{microsoft: {name: Microsoft}}");
        if (section != null) {
            YamlMap all = section.map();
            all.all()
                    .forEach((id, value) -> {
                        checkId(id, value);
                        var fields = fields(value);
                        var party =
                                new Party(
                                        id,
                                        fields.required("name", "its name"),
                                        fields.text("vendor"),
                                        fields.channels("channels"),
                                        new Place(file, all.lineOf(id), all.columnOf(id)));
                        note("party", fields.map);
                        found.put(id, party);
                    });
        }
        return found;
    }

    private Map<String, Document> documents(YamlMap map) {
        var found = new LinkedHashMap<String, Document>();
        YamlValue section = map.required("documents", "{agreement: {title: …}}");
        if (section != null) {
            section.map()
                    .all()
                    .forEach((id, value) -> {
                        checkId(id, value);
                        var fields = fields(value);
                        YamlValue dateValue = fields.map.get("date");
                        LocalDate date = dateValue == null ? null : Dates.date(dateValue);
                        var document =
                                new Document(
                                        id,
                                        fields.required("title", "its title"),
                                        fields.text("publisher"),
                                        date,
                                        fields.url("url"));
                        note("document", fields.map);
                        found.put(id, document);
                    });
        }
        return found;
    }

    private static Fields fields(YamlValue value) {
        return new Fields(value.map(), context("", ZoneOffset.UTC, CURRENCY));
    }

    private static void checkId(String id, YamlValue value) {
        if (!Fields.ID.matcher(id).matches()) {
            value.complain(Fields.ID_HINT + ", but is '" + id + "'");
        }
    }

    private List<Clause> clauses(YamlMap map, Fields.Context context) {
        var found = new ArrayList<Clause>();
        YamlValue section = map.get("clauses");
        if (section != null) {
            YamlMap all = section.map();
            all.all()
                    .forEach((id, value) -> {
                        checkId(id, value);
                        var place = new Place(file, all.lineOf(id), all.columnOf(id));
                        Clause clause =
                                ClauseReader.read(
                                        id, new Fields(value.map(), context), place, asked);
                        if (clause != null) {
                            found.add(clause);
                        }
                    });
        }
        return found;
    }

    private List<Dispute> disputes(YamlMap map, Fields.Context context) {
        var found = new ArrayList<Dispute>();
        for (YamlValue value : new Fields(map, context).values("disputes")) {
            var fields = new Fields(value.map(), context);
            var statements = new ArrayList<Dispute.Statement>();
            YamlValue section = fields.map.required("statements", "{one: {says: …, source: …}}");
            if (section != null) {
                section.map()
                        .all()
                        .forEach((id, said) -> {
                            var inner = new Fields(said.map(), context);
                            statements.add(
                                    new Dispute.Statement(
                                            id,
                                            inner.required("says", "the value"),
                                            inner.source()));
                            note("statement", inner.map);
                        });
            }
            String document = fields.text("document");
            String clause = fields.ref("clause");
            if ((document == null) == (clause == null)) {
                fields.map.complain("must be about either a clause or a document: name one");
            }
            String used = used(fields, statements);
            found.add(
                    new Dispute(
                            context.contract(),
                            clause == null ? String.valueOf(document) : clause,
                            fields.required("member", "amount"),
                            statements,
                            used,
                            fields.required("because", "why that one"),
                            new Place(file, value.line(), value.column())));
            note("dispute", fields.map);
        }
        return found;
    }

    private static String used(Fields fields, List<Dispute.Statement> statements) {
        YamlValue value = fields.map.required("use", "the id of a statement");
        List<String> ids = statements.stream().map(Dispute.Statement::id).toList();
        if (value != null && ids.size() < 2) {
            value.complain("there must be two statements at least: nobody disagrees with one");
        }
        String used = value == null || ids.isEmpty() ? null : value.oneOf(ids);
        return used == null ? "" : used;
    }

    private List<Occurrence> occurrences(YamlMap map, Fields.Context context) {
        var found = new ArrayList<Occurrence>();
        for (YamlValue value : new Fields(map, context).values("occurrences")) {
            var fields = new Fields(value.map(), context);
            YamlValue kindValue = fields.map.required("kind", "shipped");
            String kind =
                    kindValue == null
                            ? null
                            : kindValue.oneOf(List.of("shipped", "paid", "offered"));
            Occurrence occurrence =
                    kind == null
                            ? null
                            : occurrence(
                                    kind, fields, new Place(file, value.line(), value.column()));
            if (occurrence != null) {
                found.add(occurrence);
                note(String.valueOf(kind), fields.map);
            }
        }
        return found;
    }

    private static @Nullable Occurrence occurrence(String kind, Fields fields, Place place) {
        Instant at = fields.requiredTime("at");
        Instant learned = fields.learned(at);
        return switch (kind) {
            case "shipped" ->
                    new Occurrence.Shipped(
                            fields.model("model"),
                            fields.channel("channel", "azure"),
                            at,
                            learned,
                            fields.source(),
                            place);
            case "paid" ->
                    new Occurrence.Paid(
                            fields.requiredRef("clause"),
                            fields.required("tranche", "first"),
                            at,
                            learned,
                            fields.source(),
                            place);
            default -> offered(fields, at, learned, place);
        };
    }

    private static Occurrence offered(Fields fields, Instant at, Instant learned, Place place) {
        YamlValue outcomeValue = fields.map.get("outcome");
        Occurrence.Outcome outcome =
                outcomeValue == null
                        ? null
                        : fields.word("outcome", Occurrence.Outcome.class, null);
        Instant answered = fields.time("answered");
        if ((outcome == null) != (answered == null)) {
            fields.map.complain("'outcome' and 'answered' go together: give both or neither");
        }
        return new Occurrence.Offered(
                fields.requiredRef("clause"),
                fields.party("seller"),
                outcome,
                answered,
                at,
                learned,
                fields.source(),
                place);
    }
}

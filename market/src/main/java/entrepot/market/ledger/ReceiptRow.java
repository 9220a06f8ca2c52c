package entrepot.market.ledger;

import entrepot.conversation.Usage;
import entrepot.conversation.Usage.Meter;
import entrepot.market.Money;
import entrepot.market.Order;
import entrepot.market.Receipt;
import entrepot.market.Receipt.Verdict;
import entrepot.market.ledger.books.Kind;
import entrepot.market.ledger.books.Posting;
import entrepot.store.Sql;
import entrepot.store.rows.Inserts;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;

import java.io.StringWriter;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A row as columns, and back. The order of {@link #COLUMNS} is the order of the hash. A row without
 * a form was written before there were the columns from {@code form} on, and its hash ends there; a
 * row of form 2 has its postings in a table of their own, and its hash goes on with them.
 */
final class ReceiptRow {

    private static final List<String> FIRST_FORM =
            List.of(
                    "id",
                    "tenant",
                    "team",
                    "principal",
                    "key_id",
                    "order_id",
                    "attempt",
                    "storefront",
                    "model_asked",
                    "model",
                    "supplier",
                    "outcome",
                    "usage",
                    "estimated",
                    "cost",
                    "currency",
                    "started_millis",
                    "ended_millis",
                    "first_event_millis",
                    "session_id",
                    "turn_id",
                    "verdicts",
                    "detail");

    private static final List<String> SECOND_FORM =
            List.of(
                    "form",
                    "channel",
                    "region",
                    "api",
                    "project",
                    "charge",
                    "charge_currency",
                    "charge_rule",
                    "pricing",
                    "clauses",
                    "kind",
                    "about",
                    "about_millis",
                    "postings");

    private static final List<String> THIRD_FORM = List.of("entries");

    static final List<String> COLUMNS =
            Stream.of(FIRST_FORM, SECOND_FORM, THIRD_FORM).flatMap(List::stream).toList();

    /** All columns: the place in the chain, and what the hash there covers. */
    static final List<String> STORED =
            Stream.concat(Stream.of("chain", "sequence", "hash"), COLUMNS.stream()).toList();

    private static final Set<String> FEW =
            Set.of(
                    "attempt",
                    "outcome",
                    "estimated",
                    "currency",
                    "form",
                    "api",
                    "charge_currency",
                    "kind",
                    "postings");

    /** How many values the hash of a row without a form covers. */
    static final int FIRST_FORM_COLUMNS = FIRST_FORM.size();

    /** How many columns' values the hash of a row of form 2 covers before its postings. */
    static final int SECOND_FORM_COLUMNS = FIRST_FORM.size() + SECOND_FORM.size();

    static final long SECOND = 2;
    private static final long FORM = 3;
    private static final int CLAUSES_MAX = 100;
    private static final int WORD_LETTERS_MAX = 256;
    private static final int STATED_LETTERS_MAX = 64;
    private static final String TIER = "tier";
    private static final String REGION = "region";
    private static final int DETAIL_LETTERS_MAX = 1_000;
    private static final JsonFactory JSON = new JsonFactory();
    private static final JsonMapper MAPPER = new JsonMapper();

    /** Verdicts as written: while a catalogue is in force, most receipts have those of a few. */
    private static final Map<List<Verdict>, String> WRITTEN = new ConcurrentHashMap<>();

    private static final int WRITTEN_MAX = 256;

    private static final Map<Meter, String> METERS =
            Arrays.stream(Meter.values())
                    .collect(
                            Collectors.toMap(
                                    meter -> meter,
                                    meter -> meter.name().toLowerCase(Locale.ROOT),
                                    (one, _) -> one,
                                    () -> new EnumMap<>(Meter.class)));

    private ReceiptRow() {}

    static Inserts inserts() {
        return new Inserts("receipt", STORED, FEW, "");
    }

    /** The columns' values: {@code String}, {@code Long} or null. */
    static @Nullable Object[] values(Entry entry, List<Posting> postings) {
        Receipt receipt = entry.receipt();
        Money cost = receipt.cost();
        Money charge = receipt.charge();
        Order.ApiKind api = receipt.api();
        return new @Nullable Object[] {
            receipt.id(),
            receipt.tenant(),
            receipt.team(),
            receipt.principal(),
            receipt.keyId(),
            receipt.orderId(),
            (long) receipt.attempt(),
            receipt.storefront(),
            receipt.modelAsked(),
            receipt.model(),
            receipt.supplier(),
            receipt.outcome().name(),
            usage(receipt.usage()),
            receipt.usage().estimated() ? 1L : 0L,
            cost == null ? null : cost.amount().toPlainString(),
            cost == null ? null : cost.currency(),
            receipt.startedAt().toEpochMilli(),
            receipt.endedAt().toEpochMilli(),
            receipt.firstEventMillis(),
            receipt.sessionId(),
            receipt.turnId(),
            verdicts(receipt.verdicts()),
            receipt.detail(),
            FORM,
            receipt.channel(),
            receipt.region(),
            api == null ? null : api.name(),
            receipt.project(),
            charge == null ? null : charge.amount().toPlainString(),
            charge == null ? null : charge.currency(),
            entry.chargeRule(),
            receipt.pricing(),
            receipt.clauses().isEmpty() ? null : clauses(receipt.clauses()),
            entry.kind().name(),
            entry.about(),
            entry.aboutMillis(),
            (long) postings.size(),
            Entries.written(postings),
        };
    }

    /** The columns' values as they are stored now. */
    static @Nullable Object[] stored(Sql.Row row) throws SQLException {
        var values = new @Nullable Object[COLUMNS.size()];
        for (int i = 0; i < values.length; i++) {
            String column = COLUMNS.get(i);
            values[i] =
                    NUMBERS.contains(column)
                            ? row.numberIf(column).orElse(null)
                            : row.textIf(column).orElse(null);
        }
        return values;
    }

    private static final Set<String> NUMBERS =
            Set.of(
                    "attempt",
                    "estimated",
                    "started_millis",
                    "ended_millis",
                    "first_event_millis",
                    "form",
                    "about_millis",
                    "postings");

    /** An entry without its postings. */
    static Entry entry(Sql.Row row) throws SQLException {
        return new Entry(
                read(row),
                Kind.valueOf(row.textIf("kind").orElse("ATTEMPT")),
                row.textIf("about").orElse(null),
                row.numberIf("about_millis").orElse(null),
                row.textIf("charge_rule").orElse(null));
    }

    /** What the values of {@link #COLUMNS} say. */
    static Entry entry(@Nullable Object[] values) {
        var row = new HashMap<String, @Nullable Object>(2 * values.length);
        for (int i = 0; i < values.length; i++) {
            row.put(COLUMNS.get(i), values[i]);
        }
        try {
            return entry(new ValuesRow(row));
        } catch (SQLException e) {
            throw new IllegalStateException("receipt " + values[0] + " cannot be read", e);
        }
    }

    static Receipt read(Sql.Row row) throws SQLException {
        String api = row.textIf("api").orElse(null);
        return Receipt.builder()
                .id(row.text("id"))
                .orderId(row.text("order_id"))
                .attempt(Math.toIntExact(row.number("attempt")))
                .tenant(row.text("tenant"))
                .team(row.text("team"))
                .principal(row.text("principal"))
                .keyId(row.text("key_id"))
                .storefront(row.text("storefront"))
                .modelAsked(row.text("model_asked"))
                .model(row.text("model"))
                .supplier(row.text("supplier"))
                .outcome(Receipt.Outcome.valueOf(row.text("outcome")))
                .usage(usage(row.text("usage"), row.number("estimated") == 1))
                .cost(money(row, "cost", "currency"))
                .startedAt(Instant.ofEpochMilli(row.number("started_millis")))
                .endedAt(Instant.ofEpochMilli(row.number("ended_millis")))
                .firstEventMillis(row.numberIf("first_event_millis").orElse(null))
                .sessionId(row.textIf("session_id").orElse(null))
                .turnId(row.textIf("turn_id").orElse(null))
                .verdicts(verdicts(row.text("verdicts")))
                .detail(row.textIf("detail").orElse(null))
                .channel(row.textIf("channel").orElse(null))
                .region(row.textIf("region").orElse(null))
                .api(api == null ? null : Order.ApiKind.valueOf(api))
                .project(row.textIf("project").orElse(null))
                .charge(money(row, "charge", "charge_currency"))
                .pricing(row.textIf("pricing").orElse(null))
                .clauses(clauses(row.textIf("clauses").orElse("[]")))
                .build();
    }

    private static @Nullable Money money(Sql.Row row, String amount, String currency)
            throws SQLException {
        String text = row.textIf(amount).orElse(null);
        return text == null ? null : Money.of(text, row.text(currency));
    }

    private static String clauses(List<String> clauses) {
        ArrayNode json = MAPPER.createArrayNode();
        clauses.stream().limit(CLAUSES_MAX).map(ReceiptRow::word).forEach(json::add);
        return json.toString();
    }

    private static List<String> clauses(String json) {
        return MAPPER.readTree(json).valueStream().map(id -> id.asString("")).toList();
    }

    private static String usage(Usage usage) {
        var json = new StringBuilder(48).append('{');
        for (Map.Entry<Meter, Long> used : usage.meters().entrySet()) {
            json.append(json.length() == 1 ? "\"" : ",\"")
                    .append(METERS.get(used.getKey()))
                    .append("\":")
                    .append(used.getValue().longValue());
        }
        stated(json, TIER, usage.tier());
        stated(json, REGION, usage.region());
        return json.append('}').toString();
    }

    private static Usage usage(String json, boolean estimated) {
        var meters = new EnumMap<Meter, Long>(Meter.class);
        String tier = null;
        String region = null;
        for (Map.Entry<String, JsonNode> used : MAPPER.readTree(json).properties()) {
            switch (used.getKey()) {
                case TIER -> tier = used.getValue().asString("");
                case REGION -> region = used.getValue().asString("");
                default ->
                        meters.put(
                                Meter.valueOf(used.getKey().toUpperCase(Locale.ROOT)),
                                used.getValue().longValue());
            }
        }
        return new Usage(meters, estimated, tier, region);
    }

    /** What an answer states; a supplier's word may hold anything. */
    private static void stated(StringBuilder json, String name, @Nullable String word) {
        if (word != null) {
            json.append(json.length() == 1 ? "\"" : ",\"")
                    .append(name)
                    .append("\":")
                    .append(MAPPER.writeValueAsString(clean(word, STATED_LETTERS_MAX)));
        }
    }

    private static String verdicts(List<Verdict> verdicts) {
        String known = WRITTEN.get(verdicts);
        if (known != null) {
            return known;
        }
        String json = written(verdicts);
        if (WRITTEN.size() >= WRITTEN_MAX) {
            WRITTEN.clear();
        }
        WRITTEN.put(verdicts, json);
        return json;
    }

    private static String written(List<Verdict> verdicts) {
        var text = new StringWriter(64 * verdicts.size() + 2);
        try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), text)) {
            json.writeStartArray();
            for (Verdict verdict : verdicts) {
                json.writeStartObject();
                json.writeStringProperty("gate", verdict.gate());
                json.writeBooleanProperty("passed", verdict.passed());
                json.writeStringProperty("reason", clean(verdict.reason(), DETAIL_LETTERS_MAX));
                if (verdict.source() != null) {
                    json.writeStringProperty("source", clean(verdict.source(), DETAIL_LETTERS_MAX));
                }
                if (verdict.remedy() != null) {
                    json.writeStringProperty("remedy", clean(verdict.remedy(), DETAIL_LETTERS_MAX));
                }
                json.writeEndObject();
            }
            json.writeEndArray();
        }
        return text.toString();
    }

    private static List<Verdict> verdicts(String json) {
        var verdicts = new ArrayList<Verdict>();
        for (JsonNode verdict : MAPPER.readTree(json)) {
            verdicts.add(
                    new Verdict(
                            verdict.path("gate").stringValue(""),
                            verdict.path("passed").booleanValue(false),
                            verdict.path("reason").stringValue(""),
                            verdict.path("source").stringValue(null),
                            verdict.path("remedy").stringValue(null)));
        }
        return verdicts;
    }

    /**
     * The receipt as both engines store it unchanged; itself, when it already is so. Only what
     * callers, suppliers and settings name is looked at; the rest is of our own making.
     */
    static Receipt cleaned(Receipt receipt) {
        String detail = receipt.detail();
        boolean clean =
                isClean(receipt.id())
                        && isClean(receipt.tenant())
                        && isClean(receipt.team())
                        && isClean(receipt.principal())
                        && isClean(receipt.keyId())
                        && isClean(receipt.orderId())
                        && isClean(receipt.storefront())
                        && isClean(receipt.modelAsked())
                        && isClean(receipt.model())
                        && isClean(receipt.supplier())
                        && isClean(receipt.sessionId())
                        && isClean(receipt.turnId())
                        && isClean(receipt.channel())
                        && isClean(receipt.region())
                        && isClean(receipt.project())
                        && isClean(receipt.pricing())
                        && (detail == null || isClean(detail, DETAIL_LETTERS_MAX));
        return clean ? receipt : mended(receipt);
    }

    private static Receipt mended(Receipt receipt) {
        String detail = receipt.detail();
        return Receipt.builder()
                .id(word(receipt.id()))
                .orderId(word(receipt.orderId()))
                .attempt(receipt.attempt())
                .tenant(word(receipt.tenant()))
                .team(word(receipt.team()))
                .principal(word(receipt.principal()))
                .keyId(word(receipt.keyId()))
                .storefront(word(receipt.storefront()))
                .modelAsked(word(receipt.modelAsked()))
                .model(word(receipt.model()))
                .supplier(word(receipt.supplier()))
                .outcome(receipt.outcome())
                .usage(receipt.usage())
                .cost(receipt.cost())
                .startedAt(receipt.startedAt())
                .endedAt(receipt.endedAt())
                .firstEventMillis(receipt.firstEventMillis())
                .sessionId(wordIf(receipt.sessionId()))
                .turnId(wordIf(receipt.turnId()))
                .verdicts(receipt.verdicts())
                .detail(detail == null ? null : clean(detail, DETAIL_LETTERS_MAX))
                .channel(wordIf(receipt.channel()))
                .region(wordIf(receipt.region()))
                .api(receipt.api())
                .project(wordIf(receipt.project()))
                .charge(receipt.charge())
                .pricing(wordIf(receipt.pricing()))
                .clauses(receipt.clauses())
                .build();
    }

    private static @Nullable String wordIf(@Nullable String text) {
        return text == null ? null : word(text);
    }

    private static String word(String text) {
        return clean(text, WORD_LETTERS_MAX);
    }

    private static boolean isClean(@Nullable String word) {
        return word == null || isClean(word, WORD_LETTERS_MAX);
    }

    private static boolean isClean(String text, int lettersMax) {
        for (int i = 0; i < text.length(); i++) {
            char letter = text.charAt(i);
            if (letter == 0 || Character.isSurrogate(letter)) {
                return false;
            }
        }
        return text.length() <= lettersMax;
    }

    /**
     * The text as both engines store it unchanged: not too long, and without NUL (which PostgreSQL
     * refuses) or half a surrogate pair (which no UTF-8 holds). One bad letter of a caller's must
     * not stop the whole ledger.
     */
    private static String clean(String text, int lettersMax) {
        return isClean(text, lettersMax)
                ? text
                : mended(text.substring(0, Math.min(text.length(), lettersMax)));
    }

    private static String mended(String text) {
        var mended = new StringBuilder(text.length());
        text.codePoints()
                .map(letter ->
                        letter == 0 || (letter >= 0xd800 && letter <= 0xdfff) ? 0xfffd : letter)
                .forEach(mended::appendCodePoint);
        return mended.toString();
    }
}

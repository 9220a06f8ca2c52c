package entrepot.market.ledger;

import entrepot.conversation.Usage;
import entrepot.conversation.Usage.Meter;
import entrepot.market.Money;
import entrepot.market.Receipt;
import entrepot.market.Receipt.Verdict;
import entrepot.store.Sql;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.StringWriter;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** A receipt as columns, and back. The order of {@link #COLUMNS} is the order of the hash. */
final class ReceiptRow {

    static final List<String> COLUMNS =
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

    private static final int WORD_LETTERS_MAX = 256;
    private static final int DETAIL_LETTERS_MAX = 1_000;
    private static final JsonFactory JSON = new JsonFactory();
    private static final JsonMapper MAPPER = new JsonMapper();

    /** Verdicts as written: while a catalogue is in force, most receipts have those of a few. */
    private static final Map<List<Verdict>, String> WRITTEN = new ConcurrentHashMap<>();

    private static final int WRITTEN_MAX = 256;

    private ReceiptRow() {}

    /** The columns' values: {@code String}, {@code Long} or null. */
    static @Nullable Object[] values(Receipt receipt) {
        Money cost = receipt.cost();
        return new @Nullable Object[] {
            word(receipt.id()),
            word(receipt.tenant()),
            word(receipt.team()),
            word(receipt.principal()),
            word(receipt.keyId()),
            word(receipt.orderId()),
            (long) receipt.attempt(),
            word(receipt.storefront()),
            word(receipt.modelAsked()),
            word(receipt.model()),
            word(receipt.supplier()),
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
            receipt.detail() == null ? null : clean(receipt.detail(), DETAIL_LETTERS_MAX),
        };
    }

    /** The columns' values as they are stored now. */
    static @Nullable Object[] stored(Sql.Row row) throws SQLException {
        return new @Nullable Object[] {
            row.text("id"),
            row.text("tenant"),
            row.text("team"),
            row.text("principal"),
            row.text("key_id"),
            row.text("order_id"),
            row.number("attempt"),
            row.text("storefront"),
            row.text("model_asked"),
            row.text("model"),
            row.text("supplier"),
            row.text("outcome"),
            row.text("usage"),
            row.number("estimated"),
            row.textIf("cost").orElse(null),
            row.textIf("currency").orElse(null),
            row.number("started_millis"),
            row.number("ended_millis"),
            row.numberIf("first_event_millis").orElse(null),
            row.textIf("session_id").orElse(null),
            row.textIf("turn_id").orElse(null),
            row.text("verdicts"),
            row.textIf("detail").orElse(null),
        };
    }

    static Receipt read(Sql.Row row) throws SQLException {
        String cost = row.textIf("cost").orElse(null);
        return new Receipt(
                row.text("id"),
                row.text("order_id"),
                Math.toIntExact(row.number("attempt")),
                row.text("tenant"),
                row.text("team"),
                row.text("principal"),
                row.text("key_id"),
                row.text("storefront"),
                row.text("model_asked"),
                row.text("model"),
                row.text("supplier"),
                Receipt.Outcome.valueOf(row.text("outcome")),
                usage(row.text("usage"), row.number("estimated") == 1),
                cost == null ? null : Money.of(cost, row.text("currency")),
                Instant.ofEpochMilli(row.number("started_millis")),
                Instant.ofEpochMilli(row.number("ended_millis")),
                row.numberIf("first_event_millis").orElse(null),
                row.textIf("session_id").orElse(null),
                row.textIf("turn_id").orElse(null),
                verdicts(row.text("verdicts")),
                row.textIf("detail").orElse(null));
    }

    private static String usage(Usage usage) {
        var json = new StringBuilder(48).append('{');
        for (Map.Entry<Meter, Long> used : usage.meters().entrySet()) {
            json.append(json.length() == 1 ? "\"" : ",\"")
                    .append(used.getKey().name().toLowerCase(Locale.ROOT))
                    .append("\":")
                    .append(used.getValue().longValue());
        }
        return json.append('}').toString();
    }

    private static Usage usage(String json, boolean estimated) {
        var meters = new EnumMap<Meter, Long>(Meter.class);
        for (Map.Entry<String, JsonNode> used : MAPPER.readTree(json).properties()) {
            meters.put(
                    Meter.valueOf(used.getKey().toUpperCase(Locale.ROOT)),
                    used.getValue().longValue());
        }
        return new Usage(meters, estimated);
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

    private static String word(String text) {
        return clean(text, WORD_LETTERS_MAX);
    }

    /**
     * The text as both engines store it unchanged: not too long, and without NUL (which PostgreSQL
     * refuses) or half a surrogate pair (which no UTF-8 holds). One bad letter of a caller's must
     * not stop the whole ledger.
     */
    private static String clean(String text, int lettersMax) {
        int end = Math.min(text.length(), lettersMax);
        for (int i = 0; i < end; i++) {
            char letter = text.charAt(i);
            if (letter == 0 || Character.isSurrogate(letter)) {
                return mended(text.substring(0, end));
            }
        }
        return end == text.length() ? text : text.substring(0, end);
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

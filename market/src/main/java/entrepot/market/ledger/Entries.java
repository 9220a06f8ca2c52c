package entrepot.market.ledger;

import entrepot.market.Money;
import entrepot.market.ledger.books.Account;
import entrepot.market.ledger.books.Posting;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.util.ArrayList;
import java.util.List;

/**
 * The postings of a row as its column {@code entries}: a JSON array with an array of account,
 * party, amount, currency and, where a rule made it, the rule for each. They stand in the row
 * because rows of a table of their own cost an order half as much again.
 */
final class Entries {

    private static final JsonMapper MAPPER = new JsonMapper();

    /** Letters of one posting, about. */
    private static final int LETTERS = 64;

    private Entries() {}

    /** Null when there are none. */
    static @Nullable String written(List<Posting> postings) {
        if (postings.isEmpty()) {
            return null;
        }
        var json = new StringBuilder(LETTERS * postings.size());
        for (Posting posting : postings) {
            json.append(json.isEmpty() ? "[[\"" : ",[\"")
                    .append(posting.account().name())
                    .append("\",");
            text(json, posting.party());
            json.append(",\"").append(posting.amount().amount().toPlainString()).append("\",");
            text(json, posting.amount().currency());
            String rule = posting.rule();
            if (rule != null) {
                text(json.append(','), rule);
            }
            json.append(']');
        }
        return json.append(']').toString();
    }

    /**
     * What was {@link #written}.
     *
     * @throws IllegalArgumentException when it is not what we write
     */
    static List<Posting> read(@Nullable String json) {
        if (json == null) {
            return List.of();
        }
        var postings = new ArrayList<Posting>();
        for (JsonNode each : MAPPER.readTree(json)) {
            if (each.size() < 4) {
                throw new IllegalArgumentException("entries of a row have no " + each);
            }
            postings.add(
                    new Posting(
                            Account.valueOf(each.path(0).asString("")),
                            each.path(1).asString(""),
                            Money.of(each.path(2).asString(""), each.path(3).asString("")),
                            each.path(4).stringValue(null)));
        }
        return postings;
    }

    private static void text(StringBuilder json, String text) {
        if (isPlain(text)) {
            json.append('"').append(text).append('"');
        } else {
            json.append(MAPPER.writeValueAsString(text));
        }
    }

    private static boolean isPlain(String text) {
        for (int i = 0; i < text.length(); i++) {
            char letter = text.charAt(i);
            if (letter < ' ' || letter > '~' || letter == '"' || letter == '\\') {
                return false;
            }
        }
        return true;
    }
}

package entrepot.app.books;

import entrepot.market.statements.sheet.Sheet;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** The rules of charges and shares as tables. */
final class ChargesSheet {

    private ChargesSheet() {}

    static List<JsonNode> of(JsonNode answer) {
        var charges = new ArrayList<List<@Nullable String>>();
        for (JsonNode rule : answer.path("charges")) {
            charges.add(
                    Sheet.row(
                            text(rule, "name"),
                            text(rule, "tenant"),
                            text(rule, "team"),
                            text(rule, "project"),
                            words(rule, "models"),
                            words(rule, "channels"),
                            text(rule, "percent"),
                            text(rule, "from"),
                            text(rule, "until")));
        }
        var shares = new ArrayList<List<@Nullable String>>();
        for (JsonNode share : answer.path("shares")) {
            shares.add(
                    Sheet.row(text(share, "clause"), text(share, "party"), text(share, "percent")));
        }
        var rules =
                Sheet.of(
                        "Charges: the cost and so many percent; the first rule that covers an"
                                + " attempt holds",
                        List.of(
                                "rule",
                                "tenant",
                                "team",
                                "project",
                                "models",
                                "channels",
                                "percent",
                                "from",
                                "until"),
                        charges);
        String party = text(answer, "party");
        var owed =
                Sheet.of(
                        "Shares of charges that "
                                + (party == null ? "nobody (the catalogue names no party)" : party)
                                + " owes",
                        List.of("clause", "party", "percent"),
                        shares);
        return List.of(rules.json(), owed.json());
    }

    private static @Nullable String text(JsonNode json, String name) {
        return json.path(name).isString() ? json.path(name).stringValue() : null;
    }

    private static @Nullable String words(JsonNode json, String name) {
        String words =
                json.path(name)
                        .valueStream()
                        .map(JsonNode::stringValue)
                        .collect(Collectors.joining(" "));
        return words.isEmpty() ? null : words;
    }
}

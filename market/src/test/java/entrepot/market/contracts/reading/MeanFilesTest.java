package entrepot.market.contracts.reading;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import entrepot.market.yaml.YamlInvalid;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Files that look right and would quietly say nothing, or something else. */
class MeanFilesTest {

    private static final String SHARE =
            "s: {kind: revenue-share, says: s, source: d, payer: v, payee: m, base: %s, percent:"
                    + " %s}";

    private static void refused(String message, String... texts) {
        assertThatThrownBy(() -> Texts.read(texts))
                .isInstanceOf(YamlInvalid.class)
                .hasMessageContaining(message);
    }

    private static String contract(String clauses) {
        return Texts.contract("c", clauses);
    }

    private static String only(String id, String more) {
        return "%s: {kind: exclusivity, says: s, source: d, channels: [azure], %s}\n"
                .formatted(id, more);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "revenu               | did you mean 'revenue'?",
                "Revenue              | did you mean 'revenue'?",
                "costs                | did you mean 'cost'?",
                "profit               | must be one of revenue, cost, or say in several words",
            })
    void aBaseThatNoStatementKnows(String base, String message) {
        refused("a.yaml:12:78: contracts.c.clauses.s.base: ", contract(SHARE.formatted(base, 5)));
        refused(message, contract(SHARE.formatted(base, 5)));
    }

    @Test
    void aBaseInSeveralWordsIsTheContractsOwn() {
        assertThat(Texts.read(contract(SHARE.formatted("revenue from games", 5))).clauses())
                .hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0     | percent is 0: it must be more than nothing",
                "100.1 | is more than 100 percent",
                "-5    | must be a plain decimal",
                "20%   | must be a plain decimal",
            })
    void percentsThatAreNone(String percent, String message) {
        refused(message, contract(SHARE.formatted("revenue", percent)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "models: []                         | models: names nothing: name one at least",
                "models: [v/*], apis: []            | apis: names nothing",
                "models: [v/*], territories: []     | territories: names nothing",
                "models: [v/*], parties: []         | parties: names nothing",
                "models: [v/*], territories: [UK]   | ISO 3166-1; did you mean",
                "models: [v/*], territories: [XX]   | is no country of ISO 3166-1",
                "models: [v/*], from: 2026-01-01T10:00 | a time with its offset",
                "models: [v/*], from: 2026-02-30    | there is no day",
                "models: [v/*], supersedes: [y, y]  | stands twice: drop one",
                "models: [v/*, v/*]                 | stands twice: drop one",
            })
    void scopesThatNarrowNothing(String members, String message) {
        refused(message, contract(only("x", members)));
    }

    @Test
    void aVendorWhoIsNobodyButIsCalledNearlyLikeOne() {
        String text = contract(only("x", "models: [marinna/*]"));
        assertThat(Texts.read(text).clauses()).hasSize(1);
        refused(
                "a.yaml:12:7: c/x: no party is the vendor of 'marinna/*'; did you mean 'marina'?",
                text.replace("vendor: v,", "vendor: marina,"));
    }

    @Test
    void anAmendmentOfWhatAnotherHasEndedNamesBoth() {
        String one = only("x", "models: [v/*]");
        String two = only("y", "models: [v/*], from: 2026-02-01, supersedes: x");
        refused(
                "b.yaml:12:7: late/z: supersedes c/x, which c/y (a.yaml:13) has superseded already"
                        + " from 2026-02-01 on",
                contract(one + two),
                Texts.contract(
                        "late", only("z", "models: [v/*], from: 2026-03-01, supersedes: c/x")));
        assertThat(
                        Texts.read(
                                        contract(
                                                one
                                                        + two.replace("x}", "x, apis: [stateful]}")
                                                        + only(
                                                                "z",
                                                                "models: [v/*], from: 2026-02-01,"
                                                                        + " supersedes: x, apis:"
                                                                        + " [stateless]")))
                                .clauses())
                .as("split in two on one day")
                .hasSize(3);
    }

    @Test
    void pricesOfWhichChanceWouldChoose() {
        String book =
                "p: {kind: price-book, says: s, source: d, channel: azure, rates: [{input: 1}]}\n";
        refused(
                "a.yaml:13:7: c/q: gives prices of azure for what c/p (a.yaml:12) prices from the"
                        + " same time on",
                contract(book + book.replace("p: {", "q: {")));
        assertThat(
                        Texts.read(contract(book + book.replace("p: {", "q: {from: 2026-05-01, ")))
                                .clauses())
                .hasSize(2);
        refused(
                "rates[1]: stands here twice: tier standard above 0 input tokens",
                contract(book.replace("{input: 1}", "{input: 1}, {tier: standard, input: 2}")));
    }

    @Test
    void aCommitmentThatEndsOnTwoDays() {
        String spend =
                "s: {kind: commitment, says: s, source: d, debtor: v, creditor: m, amount: 5 USD,"
                        + " from: 2026-01-01, deadline: 2027-01-01, term: %s}";
        refused(
                "c/s: its term ends at 2034-01-01, but its deadline is 2027-01-01: drop one",
                contract(spend.formatted("8y")));
        assertThat(Texts.read(contract(spend.formatted("1y"))).clauses()).hasSize(1);
    }

    @Test
    void whatHappenedOnNoChannelOrToNoModel() {
        String text =
                contract(only("x", "models: [v/*]"))
                        + "    occurrences:\n      - {kind: shipped, model: v/one, channel: azure,"
                        + " at: 2026-01-01, source: d}\n";
        assertThat(Texts.read(text).contracts()).hasSize(1);
        refused(
                "a.yaml:14:9: occurrences: no party sells on the channel 'azur': add it to the"
                        + " channels of its party; did you mean 'azure'?",
                text.replace("channel: azure", "channel: azur"));
        refused("must be a model such as", text.replace("v/one", "one"));
        refused("must be a model such as", text.replace("v/one", "v/*"));
    }

    @Test
    void yamlThatIsAskedTooMuch() {
        refused(
                "c.clauses.y: '<<' merges nothing here: write the members out",
                contract("x: &x {kind: terms, says: s, source: d, version: '1'}\ny: {<<: *x}"));
        refused("exceeds the specified max=50", laughs());
        refused("expected a single document", contract("") + "---\ncontracts: {}\n");
        refused("'contracts' is missing", "");
        refused("'contracts' is missing", "# nothing yet\n");
        refused("a.yaml:3:1: not YAML", "contracts:\n  c:\n\tx: 1\n");
        refused(
                "must be a currency of ISO 4217",
                contract("").replaceFirst("title:", "currency: USB\n    title:"));
    }

    private static String laughs() {
        var text = new StringBuilder("a: &a [x, x, x, x, x, x, x, x, x]\n");
        for (char c = 'b'; c < 'j'; c++) {
            String before = "*" + (char) (c - 1);
            text.append(c).append(": &").append(c).append(" [");
            text.append(String.join(", ", java.util.Collections.nCopies(9, before)));
            text.append("]\n");
        }
        return text.toString();
    }
}

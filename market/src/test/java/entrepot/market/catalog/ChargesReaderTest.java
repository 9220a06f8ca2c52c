package entrepot.market.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import entrepot.market.ledger.books.ChargeRule;
import entrepot.market.yaml.YamlInvalid;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Set;

/** What the catalogue says of charges. */
class ChargesReaderTest {

    private static final String BASE =
            """
            suppliers:
              a1: {kind: openai-compatible, base_url: "http://127.0.0.1:1", channel: azure}
            models:
              v/one: {offers: [{supplier: a1, name: one}]}
            """;

    private static Catalogue read(String more) {
        var secrets = new SecretSources(Map.of(), Path.of(""));
        return new CatalogueReader(Map.of(), secrets).read("c.yaml", BASE + more);
    }

    @Test
    void rulesKeepTheirOrderAndSayWhomTheyConcern() {
        Charges charges =
                read("""
                party: acme
                charges:
                  - {name: one, tenant: t, team: x, project: p, models: [v/one],
                     channels: [azure], mark_up: 12.5, from: 2026-01-01,
                     until: 2026-07-01T00:00:00+02:00}
                  - {name: rest, models: ["*"], discount: 3}
                """)
                        .demands()
                        .charges();
        assertThat(charges.party()).isEqualTo("acme");
        assertThat(charges.rules())
                .containsExactly(
                        new ChargeRule(
                                "one",
                                new ChargeRule.Segment(
                                        "t",
                                        "x",
                                        "p",
                                        Set.of("v/one"),
                                        Set.of("azure"),
                                        Instant.parse("2026-01-01T00:00:00Z"),
                                        Instant.parse("2026-06-30T22:00:00Z")),
                                new BigDecimal("12.5")),
                        new ChargeRule("rest", null, null, null, new BigDecimal("-3")));
        assertThat(read("").demands().charges()).isEqualTo(Charges.NONE);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{name: a}                                | either mark_up or discount",
                "{name: a, mark_up: 1, discount: 1}       | either mark_up or discount",
                "{name: a, mark_up: -1}                   | plain decimal",
                "{name: a, discount: 101}                 | at most 100 percent",
                "{name: a, mark_up: 200000}               | at most 100000 percent",
                "{mark_up: 1}                             | 'name' is missing",
                "{name: 'a b', mark_up: 1}                | letters, digits",
                "{name: a, mark_up: 1, models: [v/ome]}   | did you mean 'v/one'",
                "{name: a, mark_up: 1, channels: [azur]}  | did you mean 'azure'",
                "{name: a, mark_up: 1, models: []}        | at least one",
                "{name: a, mark_up: 1, from: 2026-02-30}  | a day or an instant",
                "{name: a, mark_up: 1, from: 2026-02-01, until: 2026-02-01} | after from",
                "{name: a, mark_up: 1, percent: 3}        | is not known here",
            })
    void whatCannotBeIsRefusedWithItsPlace(String rule, String words) {
        assertThat(problems("charges:\n  - " + rule)).contains(words).contains("c.yaml:6:");
    }

    @Test
    void aRuleThatNeverHoldsAndANameUsedTwiceNameBoth() {
        String first = "charges:\n  - {name: all, mark_up: 1}\n";
        assertThat(problems(first + "  - {name: b, team: x, mark_up: 2}"))
                .contains("c.yaml:7:5")
                .contains("'b' never holds: 'all' (line 6) covers all of it");
        assertThat(
                        problems(
                                "charges:\n  - {name: a, team: x, mark_up: 1}\n"
                                        + "  - {name: a, team: y, mark_up: 2}"))
                .contains("another rule is called 'a' (line 6)");
        assertThat(problems("party: [a]")).contains("party");
        assertThat(problems("party: ACME")).contains("must be the id of a party");
    }

    private static String problems(String more) {
        YamlInvalid invalid = catchThrowableOfType(YamlInvalid.class, () -> read(more));
        assertThat(invalid).as(more).isNotNull();
        return invalid.problems().toString();
    }
}

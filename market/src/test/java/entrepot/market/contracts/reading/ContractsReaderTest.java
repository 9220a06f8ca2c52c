package entrepot.market.contracts.reading;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.util.Objects.requireNonNull;

import entrepot.market.Money;
import entrepot.market.contracts.AsOf;
import entrepot.market.contracts.Clause;
import entrepot.market.contracts.ContractBook;
import entrepot.market.contracts.Members;
import entrepot.market.yaml.YamlInvalid;

import org.junit.jupiter.api.Test;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.Period;

/** What may stand in the files, and what is said of what may not. */
class ContractsReaderTest {

    @Test
    void readsEveryKindOfClause() {
        ContractBook book = Texts.read(AllKinds.TEXT);
        assertThat(book.clauses().keySet()).hasSize(ClauseReader.KINDS.size());
        assertThat(book.clauses().values().stream().map(Members::kind))
                .containsExactlyInAnyOrderElementsOf(ClauseReader.KINDS);
        var prices = (Clause.PriceBook) requireNonNull(book.clause("all/prices"));
        assertThat(prices.rates()).hasSize(2);
        assertThat(prices.rates().get(1).tier()).isEqualTo("batch");
        assertThat(prices.rates().get(1).aboveInputTokens()).isEqualTo(200_000);
        assertThat(prices.rates().getFirst().perMillion())
                .containsEntry("session_hours", new BigDecimal("0.03"));
        var commitment = (Clause.Commitment) requireNonNull(book.clause("all/spend"));
        assertThat(commitment.amount()).isEqualTo(Money.of("1500000", "EUR"));
        assertThat(commitment.term()).isEqualTo(Period.ofMonths(18));
        assertThat(commitment.shortfall()).isEqualTo(Clause.Shortfall.OWED);
        var terms = (Clause.Terms) requireNonNull(book.clause("all/terms"));
        assertThat(terms.version()).isEqualTo("2026-04");
        assertThat(terms.heading().place().toString()).startsWith("a.yaml:");
    }

    @Test
    void datesAreInTheContractsZoneAndTheEndIsNotIncluded() {
        ContractBook book =
                Texts.read(
                        Texts.contract(
                                        "c",
                                        """
                                        k:
                                          kind: waiver
                                          says: s
                                          waives: other
                                          from: 2026-03-01
                                          to: 2026-03-02T09:00:00+01:00
                                          source: d
                                        other: {kind: terms, says: s, version: "1", source: d}
                                        """)
                                .replaceFirst(
                                        "title:", "time_zone: America/Los_Angeles\n    title:"));
        Clause clause = requireNonNull(book.clause("c/k"));
        assertThat(clause.heading().from()).isEqualTo(Instant.parse("2026-03-01T08:00:00Z"));
        assertThat(clause.heading().to()).isEqualTo(Instant.parse("2026-03-02T08:00:00Z"));
        assertThat(clause.heading().learned()).isEqualTo(Instant.parse("2026-01-01T08:00:00Z"));
        assertThat(book.isInForce(clause, AsOf.now(Instant.parse("2026-03-02T07:59:59.999Z"))))
                .isTrue();
        assertThat(book.isInForce(clause, AsOf.now(Instant.parse("2026-03-02T08:00:00Z"))))
                .isFalse();
    }

    @Test
    void everyMistakeIsToldWithItsPlaceAndWhatWouldMendIt() {
        assertThatThrownBy(() ->
                        Texts.read(
                                Texts.contract(
                                        "c",
                                        """
                                        k:
                                          kind: exclusivity
                                          says: s
                                          models: [openai]
                                          chanels: [azure]
                                          from: 2026-02-31
                                          source: nowhere
                                        l:
                                          kind: comitment
                                        n:
                                          kind: commitment
                                          says: s
                                          debtor: x
                                          creditor: v
                                          amount: 5 EUR
                                          from: 2026-03-01
                                          to: 2026-03-01
                                          source: {document: d, page: 4}
                                        """)))
                .isInstanceOf(YamlInvalid.class)
                .message()
                .satisfies(text ->
                        assertThat(text.lines())
                                .satisfiesExactly(
                                        line -> has(line, "a.yaml:13:9: ", "'channels' is missing"),
                                        line -> has(line, "a.yaml:15:18: ", "must be a model"),
                                        line -> has(line, "a.yaml:16:9: ", "mean 'channels'?"),
                                        line -> has(line, "a.yaml:17:15: ", "there is no day"),
                                        line -> has(line, "a.yaml:18:17: ", "under documents"),
                                        line -> has(line, "a.yaml:20:15: ", "'commitment'?"),
                                        line -> has(line, "a.yaml:24:17: ", "under parties"),
                                        line -> has(line, "a.yaml:26:17: ", "currency is USD"),
                                        line -> has(line, "a.yaml:28:13: ", "ends before"),
                                        line -> has(line, "a.yaml:29:31: ", "is not known here")));
    }

    private static void has(String line, String place, String words) {
        assertThat(line).startsWith(place).contains(words);
    }

    @Test
    void aFileThatIsNotYamlIsToldAmongTheOthers() {
        assertThatThrownBy(() -> Texts.read("contracts: [", "contracts: 5"))
                .hasMessageContaining("a.yaml:1:13: not YAML")
                .hasMessageContaining("b.yaml:1:12: contracts: must be a mapping");
    }

    @Test
    void theVersionTellsTextsApart() {
        String one = Texts.contract("c", "k: {kind: terms, says: s, version: '1', source: d}");
        assertThat(Texts.read(one).version()).isEqualTo(Texts.read(one).version());
        assertThat(Texts.read(one).version())
                .isNotEqualTo(Texts.read(one.replace("'1'", "'2'")).version());
    }

    @Test
    void amountsAreReadExactly() {
        assertThat(Amounts.parse("250 billion USD", "EUR"))
                .isEqualTo(Money.of("250000000000", "USD"));
        assertThat(Amounts.parse("1_000.05", "EUR")).isEqualTo(Money.of("1000.05", "EUR"));
        assertThat(Amounts.parse("12 trillion", "EUR")).isNull();
        assertThat(Amounts.plain("up to 0.5 million USD")).isEqualTo("up to 500000 USD");
    }
}

package entrepot.market.settlement;

import static org.assertj.core.api.Assertions.assertThat;

import entrepot.market.Money;
import entrepot.market.contracts.ContractBook;
import entrepot.market.contracts.reading.ContractsReader;
import entrepot.market.ledger.rollups.Dimension;
import entrepot.market.statements.BurnDown;
import entrepot.market.statements.terms.CommitmentTerms;
import entrepot.market.statements.terms.Scope;
import entrepot.market.statements.terms.ShareTerms;
import entrepot.market.statements.terms.Terms;
import entrepot.market.statements.terms.Tranche;

import org.junit.jupiter.api.Test;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The terms of statements as contracts give them, those of the example among them. */
class TermsOfContractsTest {

    private static final ContractBook EXAMPLE =
            ContractsReader.folder(
                    Path.of(System.getProperty("entrepot.root", ".."))
                            .resolve("examples/openai-2026/contracts"),
                    "contracts");

    @Test
    void aCommitmentHasItsDeadlineItsChannelsAndItsTrueUp() {
        Terms terms =
                terms(
                        """
                        spend: {kind: commitment, says: s, source: d, debtor: v, creditor: m,
                                amount: 2 million USD, term: 3y, shortfall: owed, models: ["v/*"],
                                apis: [stateless], from: 2026-02-01}
                        """,
                        "v");
        assertThat(terms.commitments())
                .containsExactly(
                        new CommitmentTerms(
                                "deal/spend",
                                "deal",
                                "m",
                                "s",
                                Money.of("2000000", "USD"),
                                at("2026-02-01"),
                                at("2029-02-01"),
                                new Scope(
                                        Map.of(
                                                Dimension.CHANNEL,
                                                Set.of("azure"),
                                                Dimension.MODEL,
                                                Set.of("v/*"),
                                                Dimension.API,
                                                Set.of("stateless"))),
                                true));
        assertThat(terms.notes()).isEmpty();
    }

    @Test
    void whatIsOnTopOfACommitmentCountsAsOneWithIt() {
        List<CommitmentTerms> amazon =
                of("openai", "2026-03-01").commitments().stream()
                        .filter(each -> each.party().equals("Amazon"))
                        .toList();
        assertThat(amazon)
                .singleElement()
                .satisfies(each -> {
                    assertThat(each.amount()).isEqualTo(Money.of("138000000000", "USD"));
                    assertThat(each.id())
                            .isEqualTo(
                                    "amazon-2026-02/commitment-2025 +"
                                            + " amazon-2026-02/commitment-2026");
                    assertThat(each.to()).isEqualTo(at("2034-02-27"));
                    assertThat(each.hasBeginning()).isFalse();
                });
        BurnDown burnDown = BurnDown.of(amazon.getFirst(), at("2026-03-01"), List.of(), List.of());
        assertThat(burnDown.straightLine()).isNull();
        assertThat(burnDown.sheet().text()).contains("no stated beginning");
    }

    @Test
    void whatTheExampleDoesNotSayIsNoted() {
        Terms terms = of("openai", "2026-05-01");
        assertThat(terms.commitments())
                .filteredOn(each -> each.party().equals("Microsoft"))
                .singleElement()
                .matches(each -> !each.hasEnd());
        assertThat(terms.notes())
                .contains(
                        "microsoft-2025-10/commitment states no end: there is no forecast of it",
                        "microsoft-2025-01/share-to-microsoft is left out: its percentage is not"
                                + " public",
                        "microsoft-2026-04/share-to-microsoft has a cap whose amount is not"
                                + " public: what stands here ignores it");
        assertThat(terms.shares())
                .singleElement()
                .satisfies(share -> {
                    assertThat(share.percent()).isEqualByComparingTo("20");
                    assertThat(share.base()).isEqualTo(ShareTerms.Measure.CHARGE);
                    assertThat(share.from()).isEqualTo(at("2026-04-27"));
                    assertThat(share.until()).isEqualTo(at("2031-01-01"));
                });
        assertThat(of("openai", "2026-04-26").shares()).isEmpty();
        assertThat(of("openai", "2025-10-27").commitments()).isEmpty();
        assertThat(of("microsoft", "2026-05-01").shares()).isEmpty();
    }

    @Test
    void fundingStandsAsTheDatesSay() {
        assertThat(statuses("2026-02-26")).doesNotContainKey("first");
        assertThat(statuses("2026-04-01"))
                .containsEntry("first", Tranche.Status.OWED)
                .containsEntry("conditional", Tranche.Status.WAITING)
                .containsEntry("since-2019", Tranche.Status.PAID);
        assertThat(statuses("2028-12-31")).containsEntry("conditional", Tranche.Status.WAITING);
        assertThat(statuses("2029-01-01"))
                .containsEntry("conditional", Tranche.Status.LAPSED)
                .containsEntry("first", Tranche.Status.OWED);
    }

    private static Map<String, Tranche.Status> statuses(String day) {
        return of("openai", day).tranches().stream()
                .collect(
                        java.util.stream.Collectors.toMap(
                                each -> each.id().substring(each.id().lastIndexOf('/') + 1),
                                each -> each.status(at(day))));
    }

    @Test
    void aTrancheWithoutATriggerLapsesUnlessItIsPaid() {
        ContractBook book =
                Given.contracts(
                        """
                        funds: {kind: funding, says: s, source: d, investor: m, investee: v,
                                total: 5 USD, from: 2026-01-01,
                                tranches: {only: {amount: 5 USD, lapses: 2026-06-01}}}
                        """);
        for (String day : List.of("2026-05-31", "2026-06-01")) {
            Tranche only =
                    new TermsOfContracts(book, "v", at(day), at(day)).terms().tranches().getFirst();
            assertThat(only.status(at(day)))
                    .isEqualTo(
                            day.equals("2026-05-31") ? Tranche.Status.OWED : Tranche.Status.LAPSED);
        }
    }

    @Test
    void whoWeAreMustBeSaid() {
        assertThat(of(null, "2026-05-01").commitments()).isEmpty();
        assertThat(of(null, "2026-05-01").notes())
                .contains(
                        "microsoft-2025-10/commitment is left out: say who we are with 'party:"
                                + " openai' in the catalogue");
        assertThat(of("opanai", "2026-05-01").notes())
                .contains(
                        "the contracts know no party 'opanai'; they know amazon, microsoft,"
                                + " openai");
    }

    @Test
    void whatSumsDoNotTellIsNoted() {
        Terms terms =
                terms(
                        """
                        there: {kind: revenue-share, says: s, source: d, payer: v, payee: m,
                                base: revenue, percent: 5, territories: [JP],
                                distribution: third-party, from: 2026-01-01}
                        odd: {kind: revenue-share, says: s, source: d, payer: v, payee: m,
                              base: profit of games, percent: 5}
                        nowhere: {kind: commitment, says: s, source: d, debtor: v, creditor: n,
                                  amount: 1 USD}
                        """,
                        "v");
        assertThat(terms.notes())
                .containsExactlyInAnyOrder(
                        "deal/there is for JP alone; sums do not tell territories, so that all"
                                + " counts",
                        "deal/there is for third-party sales alone; sums do not tell who sold, so"
                                + " that all counts",
                        "deal/odd is left out: its base is 'profit of games'; the ledger knows"
                                + " revenue and cost",
                        "deal/nowhere is left out: n sells on no channel, so that no cost counts"
                                + " towards it");
        assertThat(terms.shares()).hasSize(1);
        assertThat(terms.commitments()).isEmpty();
    }

    private static Terms of(@org.jspecify.annotations.Nullable String party, String day) {
        return new TermsOfContracts(EXAMPLE, party, at(day), at(day)).terms();
    }

    private static Terms terms(String clauses, String party) {
        return new TermsOfContracts(
                        Given.contracts(clauses), party, at("2026-06-01"), at("2026-06-01"))
                .terms();
    }

    private static Instant at(String day) {
        return Instant.parse(day + "T00:00:00Z");
    }
}

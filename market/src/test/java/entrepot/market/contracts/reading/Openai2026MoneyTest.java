package entrepot.market.contracts.reading;

import static org.assertj.core.api.Assertions.assertThat;

import static java.util.Objects.requireNonNull;

import entrepot.market.Money;
import entrepot.market.contracts.AsOf;
import entrepot.market.contracts.Clause;
import entrepot.market.contracts.ContractBook;
import entrepot.market.contracts.ShareOwed;
import entrepot.market.contracts.Standing;
import entrepot.market.contracts.TrancheStatus;
import entrepot.market.contracts.TrancheStatus.State;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.file.Files;
import java.time.Instant;
import java.time.Period;
import java.util.List;
import java.util.TreeMap;

/** Who owes whom in the regimes of 2025 and 2026: investments, commitments, shares, licences. */
class Openai2026MoneyTest {

    private static final ContractBook BOOK = Texts.example();

    private static Instant time(String text) {
        return Instant.parse(text.length() == 10 ? text + "T00:00:00Z" : text);
    }

    private static AsOf on(String day) {
        return AsOf.now(time(day));
    }

    @Test
    void theInvestmentStandsAsItsDatesSay() {
        assertThat(state("first", "2026-02-26")).isNull();
        assertThat(state("first", "2026-04-01")).isEqualTo(State.DUE);
        assertThat(state("conditional", "2026-04-01")).isEqualTo(State.PENDING);
        assertThat(state("conditional", "2028-12-31T23:59:59.999Z")).isEqualTo(State.PENDING);
        assertThat(state("conditional", "2029-01-01")).isEqualTo(State.LAPSED);
        assertThat(state("first", "2029-01-01")).isEqualTo(State.DUE);
        assertThat(state("since-2019", "2026-04-01")).isEqualTo(State.PAID);
        assertThat(
                        BOOK.funding(on("2026-04-01")).stream()
                                .filter(each -> each.tranche().id().equals("conditional"))
                                .map(TrancheStatus::reason))
                .containsExactly(
                        "waits for: the conditions of the agreement, which are not public; lapses"
                                + " on 2029-01-01");
    }

    private static @Nullable State state(String tranche, String at) {
        return BOOK.funding(on(at)).stream()
                .filter(each -> each.tranche().id().equals(tranche))
                .map(TrancheStatus::state)
                .findFirst()
                .orElse(null);
    }

    @ParameterizedTest
    @CsvSource({
        "microsoft, 2025-10-27,  ",
        "microsoft, 2025-10-28,  250000000000",
        "microsoft, 2026-05-01,  250000000000",
        "amazon,    2026-02-26,  ",
        "amazon,    2026-02-27,  138000000000",
        "amazon,    2026-05-01,  138000000000",
    })
    void whatWasPromisedToBeSpent(String creditor, String at, @Nullable String amount) {
        assertThat(BOOK.committed("openai", creditor, on(at)))
                .isEqualTo(amount == null ? null : Money.of(amount, "USD"));
    }

    @Test
    void theCommitmentToAwsGrowsByOneOfEightYears() {
        var added =
                (Clause.Commitment) requireNonNull(BOOK.clause("amazon-2026-02/commitment-2026"));
        var first =
                (Clause.Commitment) requireNonNull(BOOK.clause("amazon-2026-02/commitment-2025"));
        assertThat(first.term()).isEqualTo(Period.ofYears(7));
        assertThat(Standing.deadline(first)).as("its beginning is unknown").isEqualTo(Instant.MAX);
        assertThat(added.addsTo()).isEqualTo("amazon-2026-02/commitment-2025");
        assertThat(Standing.deadline(added)).isEqualTo(time("2034-02-27"));
        Standing standing = Standing.of(added, Money.of("25000000000", "USD"), time("2034-02-26"));
        assertThat(standing.left()).isEqualTo(Money.of("75000000000", "USD"));
        assertThat(standing.daysLeft()).isEqualTo(1);
    }

    @Test
    void whoGivesWhomAShare() {
        assertThat(refs("openai", "2025-01-20")).isEmpty();
        assertThat(refs("openai", "2025-06-01"))
                .containsExactly(
                        "microsoft-2025-01/share-to-microsoft",
                        "microsoft-2025-01/share-to-openai");
        assertThat(refs("openai", "2026-04-26T23:59:59Z")).hasSize(2);
        assertThat(refs("openai", "2026-04-27"))
                .containsExactly("microsoft-2026-04/share-to-microsoft");
        assertThat(refs("openai", "2030-12-31T23:59:59Z")).hasSize(1);
        assertThat(refs("openai", "2031-01-01")).isEmpty();
    }

    private static List<String> refs(String party, String at) {
        return BOOK.revenueShares(party, on(at)).stream().map(Clause::ref).toList();
    }

    @Test
    void aShareIsReckonedOnlyFromWhatIsPublic() {
        var month = Money.of("1000000", "USD");
        var nothing = Money.zero("USD");
        assertThat(BOOK.revenueShare("openai", month, on("2026-03-01"), nothing))
                .extracting(ShareOwed::due)
                .containsOnlyNulls()
                .hasSize(1);
        assertThat(BOOK.revenueShare("microsoft", month, on("2026-05-01"), nothing)).isEmpty();
        ShareOwed owed = BOOK.revenueShare("openai", month, on("2026-05-01"), nothing).getFirst();
        assertThat(owed.due()).isEqualTo(Money.of("200000", "USD"));
        assertThat(owed.capLeft()).isNull();
        assertThat(owed.reason()).contains("there is a cap, whose amount is not public");
    }

    @Test
    void nothingIsOwedBeyondTheCap() throws Exception {
        var files = new TreeMap<String, String>();
        String text =
                Files.readString(
                        Texts.root().resolve("examples/openai-2026/contracts/5-any-cloud.yaml"));
        files.put("5.yaml", alone(text).replace("cap: not-public", "cap: 1 million USD"));
        ContractBook capped = new ContractsReader().read(files);
        var month = Money.of("2000000", "USD");
        ShareOwed before =
                capped.revenueShare("openai", month, on("2026-06-01"), Money.of("500000", "USD"))
                        .getFirst();
        assertThat(before.due()).isEqualTo(Money.of("400000", "USD"));
        assertThat(before.capLeft()).isEqualTo(Money.of("100000", "USD"));
        ShareOwed reaching =
                capped.revenueShare("openai", month, on("2026-07-01"), Money.of("900000", "USD"))
                        .getFirst();
        assertThat(reaching.due()).isEqualTo(Money.of("100000", "USD"));
        assertThat(reaching.cut()).isTrue();
        ShareOwed after =
                capped.revenueShare("openai", month, on("2026-08-01"), Money.of("1000000", "USD"))
                        .getFirst();
        assertThat(after.due()).isEqualTo(Money.zero("USD"));
    }

    /** One file without the references to the others. */
    private static String alone(String text) {
        return text.replaceAll(" +supersedes: .*\n", "")
                .replaceAll(" +no-share-to-openai:\n(?: {8}.*\n)+", "");
    }

    @Test
    void theLicenceToTheTechnologyIsExclusiveAndThenNot() {
        assertThat(technology("2025-10-27")).isEmpty();
        assertThat(technology("2025-10-28")).containsExactly(true);
        assertThat(technology("2026-04-26")).containsExactly(true);
        assertThat(technology("2026-04-27")).containsExactly(false);
        assertThat(technology("2032-12-31")).containsExactly(false);
        assertThat(technology("2033-01-01")).isEmpty();
    }

    private static List<Boolean> technology(String at) {
        return BOOK.licences("openai/gpt-5-mini", on(at)).stream()
                .filter(licence -> licence.use() == Clause.Use.TECHNOLOGY)
                .map(Clause.Licence::exclusive)
                .toList();
    }

    @Test
    void twoGigawattsAreSetAside() {
        assertThat(BOOK.reservedCapacities(on("2026-02-26"))).isEmpty();
        assertThat(BOOK.reservedCapacities(on("2026-03-01")))
                .singleElement()
                .satisfies(clause -> {
                    assertThat(clause.quantity()).isEqualByComparingTo("2");
                    assertThat(clause.unit()).isEqualTo("GW");
                });
    }
}

package entrepot.market.contracts.reading;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import entrepot.market.Money;
import entrepot.market.Order.ApiKind;
import entrepot.market.contracts.AsOf;
import entrepot.market.contracts.CapacityAnswer;
import entrepot.market.contracts.CapacityAnswer.Purchase;
import entrepot.market.contracts.CapacityAnswer.Status;
import entrepot.market.contracts.Carriage;
import entrepot.market.contracts.Clause;
import entrepot.market.contracts.ContractBook;
import entrepot.market.contracts.Judgement;
import entrepot.market.contracts.ResidencyAnswer;
import entrepot.market.contracts.ResidencyAnswer.Placement;
import entrepot.market.contracts.Standing;
import entrepot.market.contracts.TrancheStatus;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Instant;

/** What the other kinds of clauses answer. */
class AnswersTest {

    private static Instant day(String day) {
        return Instant.parse(day + "T00:00:00Z");
    }

    private static AsOf on(String day) {
        return AsOf.now(day(day));
    }

    private static Carriage call(String channel, String territory, String day) {
        return new Carriage(
                "v/m", "v", ApiKind.STATELESS, channel, false, territory, day(day), day(day));
    }

    @ParameterizedTest
    @CsvSource({
        "2026-02-01, OFFER_FIRST, false",
        "2026-03-01, WAITING,     false",
        "2026-03-10, WAITING,     false",
        "2026-03-11, DECLINED,    true",
        "2026-04-01, WAITING,     false",
        "2026-05-01, WINDOW_OVER, true",
        "2026-06-01, WAITING,     false",
        "2026-06-05, MATCHED,     false",
    })
    void aRightOfFirstRefusalIsServedByAnOffer(String day, Status status, boolean allowed) {
        ContractBook book =
                Texts.read(
                        Texts.contract(
                                        "c",
                                        """
                                        refusal: {kind: first-refusal, says: m is asked first,
                                                  holder: m, buyer: v, window: 30d, source: d}
                                        """)
                                + """
                                    occurrences:
                                      - {kind: offered, clause: refusal, seller: a, at: 2026-03-01,
                                         outcome: declined, answered: 2026-03-11, source: d}
                                      - {kind: offered, clause: refusal, seller: a, at: 2026-04-01,
                                         source: d}
                                      - {kind: offered, clause: refusal, seller: a, at: 2026-06-01,
                                         outcome: matched, answered: 2026-06-05, source: d}
                                """);
        CapacityAnswer answer = book.firstRefusal(new Purchase("v", "a", on(day)));
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.allowed()).isEqualTo(allowed);
        assertThat(answer.until() != null).isEqualTo(status == Status.WAITING);
        assertThat(book.firstRefusal(new Purchase("v", "m", on(day))).status())
                .as("from the holder itself")
                .isEqualTo(Status.FREE);
    }

    @Test
    void callsAreProcessedWhereAndByWhomTheClausesSay() {
        ContractBook book =
                Texts.read(
                        Texts.contract(
                                "c",
                                """
                                eu: {kind: residency, says: in the EU by Marine, models: [v/*],
                                     territories: [DE], regions: ["eu-*", de-1],
                                     processors: [Marine], source: d}
                                """));
        assertThat(residency(book, "DE", "eu-west-1", "Marine").allowed()).isTrue();
        assertThat(residency(book, "DE", "de-1", "Marine").allowed()).isTrue();
        ResidencyAnswer far = residency(book, "DE", "us-east-1", "Marine");
        assertThat(far.allowed()).isFalse();
        assertThat(far.reason()).contains("processed in us-east-1", "c/eu", "a.yaml:12");
        assertThat(far.remedy())
                .isEqualTo("use a supplier whose calls are processed in de-1 or eu-*");
        assertThat(residency(book, "DE", "", "Marine").allowed()).as("not stated").isFalse();
        assertThat(residency(book, "DE", "eu-west-1", "Andes").remedy()).contains("by Marine");
        assertThat(residency(book, "JP", "us-east-1", "Andes").allowed()).isTrue();
        assertThat(residency(book, "", "us-east-1", "Andes").allowed()).isFalse();
    }

    private static ResidencyAnswer residency(
            ContractBook book, String territory, String region, String processor) {
        return book.residency(
                new Placement(call("azure", territory, "2026-03-01"), region, processor));
    }

    @Test
    void theTermsInForceAreThoseOfTheirDay() {
        ContractBook book =
                Texts.read(
                        Texts.contract(
                                "c",
                                """
                                one: {kind: terms, says: s, models: [v/*], version: '1', source: d}
                                two: {kind: terms, says: s, models: [v/*], version: '2', source: d,
                                      from: 2026-04-01, supersedes: one}
                                own: {kind: terms, says: s, models: [v/*], version: o, source: d,
                                      channels: [bedrock]}
                                """));
        assertThat(book.terms(call("azure", "", "2026-03-31")))
                .extracting(Clause.Terms::version)
                .containsExactly("1");
        assertThat(book.terms(call("bedrock", "", "2026-04-01")))
                .extracting(Clause.Terms::version)
                .containsExactly("o", "2");
        assertThat(book.terms("v/m", on("2026-04-01"))).hasSize(2);
        assertThat(book.terms("w/m", on("2026-04-01"))).isEmpty();
    }

    @Test
    void anExclusiveLicenceForResaleForbidsAllOthersToSell() {
        ContractBook book =
                Texts.read(
                        Texts.contract(
                                "c",
                                """
                                sole: {kind: licence, says: only Marine sells, models: [v/*],
                                       licensor: v, licensees: [m], exclusive: true, use: resale,
                                       source: d}
                                """));
        assertThat(book.judge(call("azure", "", "2026-03-01")).allowed()).isTrue();
        assertThat(book.judge(call("own", "", "2026-03-01")).allowed()).as("the licensor").isTrue();
        Judgement refused = book.judge(call("bedrock", "", "2026-03-01"));
        assertThat(refused.allowed()).isFalse();
        assertThat(refused.remedy()).contains("azure or own for as long as the clause stands");
    }

    @Test
    void aTerritoryThatIsNotKnownCountsAsInside() {
        ContractBook book =
                Texts.read(
                        Texts.contract(
                                "c",
                                """
                                japan: {kind: exclusivity, says: s, models: [v/*], channels: [azure],
                                        territories: [JP], source: d}
                                """));
        assertThat(book.judge(call("bedrock", "JP", "2026-03-01")).allowed()).isFalse();
        assertThat(book.judge(call("bedrock", "", "2026-03-01")).allowed()).isFalse();
        assertThat(book.judge(call("bedrock", "DE", "2026-03-01")).allowed()).isTrue();
    }

    @Test
    void aWaiverForATimeEndsAndTheClauseBindsAgain() {
        ContractBook book =
                Texts.read(
                        Texts.contract(
                                "c",
                                """
                                only: {kind: exclusivity, says: s, models: [v/*], channels: [azure],
                                       source: d}
                                lifted: {kind: waiver, says: s, waives: only, models: [v/m],
                                         from: 2026-03-01, to: 2026-04-01, source: d}
                                """));
        assertThat(book.judge(call("bedrock", "", "2026-02-28")).allowed()).isFalse();
        Judgement during = book.judge(call("bedrock", "", "2026-03-01"));
        assertThat(during.allowed()).isTrue();
        assertThat(during.reason()).contains("was waived for it");
        assertThat(book.judge(call("bedrock", "", "2026-04-01")).allowed()).isFalse();
    }

    @Test
    void twoClausesThatLeaveNoChannelAreSaidToContradict() {
        ContractBook book =
                Texts.read(
                        Texts.contract(
                                "c",
                                """
                                only: {kind: exclusivity, says: s, models: [v/*], channels: [azure],
                                       source: d}
                                first: {kind: first-ship, says: Andes is first, models: [v/*],
                                        channels: [bedrock], source: d}
                                """));
        Judgement refused = book.judge(call("azure", "", "2026-03-01"));
        assertThat(refused.allowed()).isFalse();
        assertThat(refused.consulted()).hasSize(2);
        assertThat(refused.remedy()).contains("the contracts contradict one another");
    }

    @Test
    void aTrancheThatIsOnRecordAsPaidDoesNotLapse() {
        ContractBook book =
                Texts.read(
                        Texts.contract(
                                        "c",
                                        """
                                        fund: {kind: funding, says: s, investor: m, investee: v,
                                               total: 5, from: 2026-01-01, source: d,
                                               tranches: {a: {amount: 2, trigger: t,
                                                              lapses: 2026-06-01},
                                                          b: {amount: 3, trigger: t,
                                                              lapses: 2026-06-01}}}
                                        """)
                                + """
                                    occurrences:
                                      - {kind: paid, clause: fund, tranche: a, at: 2026-05-01,
                                         learned: 2026-05-20, source: d}
                                """);
        assertThat(states(book, on("2026-05-10")))
                .as("not yet learned")
                .isEqualTo("PENDING PENDING");
        assertThat(states(book, AsOf.inHindsight(day("2026-05-10")))).isEqualTo("PAID PENDING");
        assertThat(states(book, on("2026-06-01"))).isEqualTo("PAID LAPSED");
    }

    private static String states(ContractBook book, AsOf asOf) {
        return String.join(
                " ",
                book.funding(asOf).stream().map(TrancheStatus::state).map(Enum::name).toList());
    }

    @Test
    void aShortfallIsOwedWhenItIsAgreedAndTheDayHasCome() {
        ContractBook book =
                Texts.read(
                        Texts.contract(
                                "c",
                                """
                                k: {kind: commitment, says: s, debtor: v, creditor: m, amount: 10,
                                    deadline: 2027-01-01, shortfall: owed, source: d}
                                """));
        Clause.Commitment clause = book.commitments(on("2026-03-01")).getFirst();
        var spent = Money.of("4", "USD");
        assertThat(Standing.of(clause, spent, day("2026-12-31")).owed())
                .isEqualTo(Money.zero("USD"));
        Standing due = Standing.of(clause, spent, day("2027-01-01"));
        assertThat(due.owed()).isEqualTo(Money.of("6", "USD"));
        assertThat(due.daysLeft()).isZero();
        assertThat(Standing.of(clause, Money.of("12", "USD"), day("2027-01-01")).over())
                .isEqualTo(Money.of("2", "USD"));
        assertThatThrownBy(() -> Standing.of(clause, Money.of("1", "EUR"), day("2026-01-01")))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void termsAndWindowsAreCountedByTheCalendarOfTheContract() {
        ContractBook book =
                Texts.read(
                        Texts.contract(
                                        "c",
                                        """
                                        k: {kind: commitment, says: s, debtor: v, creditor: m,
                                            amount: 10, from: 2026-01-31, term: 1mo, source: d}
                                        r: {kind: first-refusal, says: s, holder: m, buyer: v,
                                            from: 2026-01-01, window: 1d, source: d}
                                        """)
                                .replace("    title:", "    time_zone: Europe/Berlin\n    title:"));
        Clause.Commitment commitment =
                book.commitments(AsOf.inHindsight(day("2026-02-10"))).getFirst();
        assertThat(Standing.deadline(commitment)).isEqualTo(Instant.parse("2026-02-27T23:00:00Z"));
        var refusal = (Clause.FirstRefusal) java.util.Objects.requireNonNull(book.clause("c/r"));
        assertThat(refusal.deadline(Instant.parse("2026-03-28T12:00:00Z")))
                .as("the clocks change that night")
                .isEqualTo(Instant.parse("2026-03-29T11:00:00Z"));
    }
}

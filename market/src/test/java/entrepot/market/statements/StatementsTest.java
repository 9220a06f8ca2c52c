package entrepot.market.statements;

import static org.assertj.core.api.Assertions.assertThat;

import entrepot.market.Money;
import entrepot.market.ledger.rollups.Dimension;
import entrepot.market.ledger.rollups.Rows;
import entrepot.market.ledger.rollups.UsageRow;
import entrepot.market.statements.terms.CommitmentTerms;
import entrepot.market.statements.terms.Scope;
import entrepot.market.statements.terms.ShareTerms;
import entrepot.market.statements.terms.Tranche;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

final class StatementsTest {

    private static final CommitmentTerms COMMITMENT =
            new CommitmentTerms(
                    "cl_1",
                    "ct_1",
                    "Azure",
                    "a year of spending",
                    Money.of("1000", "USD"),
                    at("2026-01-01"),
                    at("2027-01-01"),
                    Scope.of(Dimension.MODEL, "acme/*"),
                    true);

    @Test
    void aCommitmentBurnsDownByWhatIsEligibleInItsCurrency() {
        BurnDown burnDown =
                BurnDown.of(
                        COMMITMENT,
                        at("2026-04-01"),
                        List.of(
                                cost("2026-01-01", "acme/one", "100.25"),
                                cost("2026-02-01", "acme/two", "50"),
                                cost("2026-02-01", "zeta/x", "999"),
                                cost("2026-03-01", "acme/one", "29.75")),
                        List.of());
        assertThat(burnDown.spent()).isEqualTo(Money.of("180", "USD"));
        assertThat(burnDown.remaining()).isEqualTo(Money.of("820", "USD"));
        assertThat(burnDown.straightLine()).isEqualTo(Money.of("730", "USD"));
        assertThat(burnDown.trueUp()).isEqualTo(Money.zero("USD"));
        assertThat(burnDown.sheet().csv())
                .contains("month,2026-02,50,849.75,USD")
                .contains("total,spent,180,,USD");
    }

    @Test
    void theTrendFollowsTheLastDaysAndNeverGivesMoneyBack() {
        var rising = new ArrayList<UsageRow>();
        var falling = new ArrayList<UsageRow>();
        for (int i = 0; i < 28; i++) {
            String day = Instant.parse("2026-12-03T00:00:00Z").plusSeconds(i * 86_400L).toString();
            rising.add(cost(day, "acme/one", Integer.toString(i + 1)));
            falling.add(cost(day, "acme/one", Integer.toString(28 - i)));
        }
        Instant now = at("2026-12-31");
        List<UsageRow> months = List.of(cost("2026-12-01", "acme/one", "406"));
        // One day is left, from x = 28 to 29 on the line y = x + 1: 29.5.
        assertThat(BurnDown.of(COMMITMENT, now, months, rising).trend())
                .isEqualTo(Money.of("435.5", "USD"));
        assertThat(BurnDown.of(COMMITMENT, now, months, falling).trend())
                .isEqualTo(Money.of("406", "USD"));
        assertThat(BurnDown.of(COMMITMENT, now, months, rising).shortfall())
                .isEqualTo(Money.of("592.88", "USD")); // by the straight line, which is lower
    }

    @Test
    void atItsEndAShortfallIsOwedWhereThereIsATrueUp() {
        List<UsageRow> months = List.of(cost("2026-12-01", "acme/one", "400"));
        BurnDown ended = BurnDown.of(COMMITMENT, at("2027-01-01"), months, List.of());
        assertThat(ended.trueUp()).isEqualTo(Money.of("600", "USD"));
        assertThat(ended.straightLine()).isEqualTo(Money.of("400", "USD"));
    }

    @Test
    void aShareIsExactBeforeTheCapAndAfterIt() {
        var terms =
                new ShareTerms(
                        "cl_2",
                        "Partner",
                        new BigDecimal("20"),
                        ShareTerms.Measure.CHARGE,
                        Scope.ALL,
                        "USD",
                        at("2026-01-01"),
                        at("2030-01-01"),
                        Money.of("100", "USD"),
                        Money.of("40", "USD"));
        RevenueShare share =
                RevenueShare.of(
                        terms,
                        List.of(
                                charge("2026-01-01", "100.000000000000000001"),
                                charge("2026-02-01", "250"),
                                charge("2026-03-01", "10")));
        assertThat(share.months())
                .extracting(RevenueShare.Month::beforeCap, RevenueShare.Month::afterCap)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(
                                Money.of("20.0000000000000000002", "USD"),
                                Money.of("20.0000000000000000002", "USD")),
                        org.assertj.core.groups.Tuple.tuple(
                                Money.of("50", "USD"), Money.of("39.9999999999999999998", "USD")),
                        org.assertj.core.groups.Tuple.tuple(
                                Money.of("2", "USD"), Money.zero("USD")));
        assertThat(share.owed()).isEqualTo(Money.of("100", "USD"));
        assertThat(share.sheet(at("2026-02-01"), at("2026-03-01")).rows()).hasSize(1);
    }

    @Test
    void aTrancheIsOwedWhenItsTriggerHappenedAndLapsesWhenItDidNot() {
        Tranche first = tranche("", null);
        Tranche second = tranche("an offering", null);
        Tranche late = tranche("an offering", at("2029-02-01"));
        assertThat(first.status(at("2026-04-01"))).isEqualTo(Tranche.Status.OWED);
        assertThat(second.status(at("2026-04-01"))).isEqualTo(Tranche.Status.WAITING);
        assertThat(second.status(at("2029-01-01"))).isEqualTo(Tranche.Status.LAPSED);
        assertThat(late.status(at("2029-03-01"))).isEqualTo(Tranche.Status.LAPSED);
        assertThat(tranche("an offering", at("2027-01-01")).status(at("2027-02-01")))
                .isEqualTo(Tranche.Status.OWED);
        assertThat(Statements.funding(List.of(first, second), at("2029-01-01")).text())
                .contains("owed")
                .contains("lapsed");
    }

    private static Tranche tranche(String trigger, @Nullable Instant triggered) {
        return new Tranche(
                "t",
                "Investor",
                Money.of("35000000000", "USD"),
                trigger,
                triggered,
                null,
                at("2028-12-31"),
                null);
    }

    private static UsageRow cost(String bucket, String model, String cost) {
        return Rows.of(bucket, Map.of(Dimension.MODEL, model), cost, null);
    }

    private static UsageRow charge(String bucket, String charge) {
        return Rows.of(bucket, Map.of(), null, charge);
    }

    private static Instant at(String date) {
        return Instant.parse(date + "T00:00:00Z");
    }
}

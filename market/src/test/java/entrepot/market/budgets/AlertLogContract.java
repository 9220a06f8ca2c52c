package entrepot.market.budgets;

import static org.assertj.core.api.Assertions.assertThat;

import entrepot.identity.testing.CountingIds;
import entrepot.market.budgets.AlertLog.Kind;
import entrepot.market.budgets.AlertLog.Raised;
import entrepot.market.budgets.limits.Limit;
import entrepot.market.budgets.limits.LimitScope;
import entrepot.market.budgets.limits.Limits;
import entrepot.market.budgets.limits.Measure;
import entrepot.market.budgets.limits.Period;
import entrepot.store.Database;
import entrepot.testkit.SettableClock;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

/** Alerts that are kept, on whatever engine. */
abstract class AlertLogContract {

    private final SettableClock clock = SettableClock.at("2026-04-12T09:00:00Z");
    private final List<Alert> told = new ArrayList<>();

    private Database database;
    private AlertLog alerts;

    abstract Database open();

    @BeforeEach
    void start() {
        database = open();
        database.migrate(List.of(Limits.MIGRATIONS));
        alerts = AlertLog.open(database, clock, new CountingIds("a"), told::add);
    }

    @AfterEach
    void close() {
        alerts.close();
        database.close();
    }

    @Test
    void theyAreListedNewestFirstAndOnlyToTheirTenant() throws Exception {
        alerts.raised(new Alert.Reached(limit("acme", "lim_1"), 0, 80, new BigDecimal("8.10")));
        alerts.raised(
                new Alert.Overrun(limit("acme", "lim_2"), "ord_1", BigDecimal.ONE, BigDecimal.TWO));
        alerts.raised(new Alert.Reached(limit("other", "lim_3"), 0, 50, BigDecimal.ONE));
        assertThat(alerts.flush()).isTrue();
        assertThat(told).as("told at once").hasSize(3);
        var page = alerts.latest("acme", null, null, 1);
        assertThat(page.hasMore()).isTrue();
        Raised overrun = page.data().getFirst();
        assertThat(overrun.kind()).isEqualTo(Kind.OVERRUN);
        assertThat(overrun.at()).isEqualTo(Instant.parse("2026-04-12T09:00:00Z"));
        assertThat(overrun.orderId()).isEqualTo("ord_1");
        assertThat(overrun.held()).isEqualByComparingTo("1");
        assertThat(overrun.amount()).isEqualByComparingTo("2");
        Raised reached = alerts.latest("acme", overrun.id(), null, 9).data().getFirst();
        assertThat(reached.percent()).isEqualTo(80);
        assertThat(reached.amount()).isEqualByComparingTo("8.1");
        assertThat(reached.text()).contains("lim_1").contains("has reached 80 %: 8.1 USD");
        assertThat(alerts.latest("acme", null, "lim_1", 9).data()).containsExactly(reached);
        assertThat(alerts.latest("acme", reached.id(), null, 9).data()).isEmpty();
        assertThat(alerts.latest("nobody", null, null, 9).data()).isEmpty();
    }

    @Test
    void theyAreThereAfterARestart() throws Exception {
        alerts.raised(new Alert.Reached(limit("acme", "lim_1"), 0, 80, BigDecimal.ONE));
        alerts.close();
        alerts = AlertLog.open(database, clock, new CountingIds("b"), told::add);
        assertThat(alerts.latest("acme", null, null, 9).data()).hasSize(1);
    }

    @Test
    void theOldestGoFirst() throws Exception {
        var limit = limit("acme", "lim_1");
        int more = 3;
        for (int i = 0; i < AlertLog.ALERTS_PER_TENANT_MAX + more; i++) {
            alerts.raised(new Alert.Reached(limit, 0, 80, BigDecimal.valueOf(i)));
            if (i % 5_000 == 0) {
                assertThat(alerts.flush()).isTrue();
            }
        }
        assertThat(alerts.flush()).isTrue();
        Long count =
                database.read(sql ->
                                sql.one(
                                        "select count(*) as n from limit_alert",
                                        row -> row.number("n")))
                        .orElseThrow();
        assertThat(count).isEqualTo(AlertLog.ALERTS_PER_TENANT_MAX);
        assertThat(alerts.latest("acme", null, null, 1).data().getFirst().amount())
                .isEqualByComparingTo(
                        BigDecimal.valueOf(AlertLog.ALERTS_PER_TENANT_MAX + more - 1));
    }

    private static Limit limit(String tenant, String id) {
        return new Limit(
                id,
                tenant,
                "a limit",
                new LimitScope(LimitScope.Kind.TEAM, "core"),
                Measure.MONEY,
                "USD",
                BigDecimal.TEN,
                Period.MONTH,
                ZoneOffset.UTC,
                true,
                List.of(80),
                null,
                Instant.EPOCH,
                Instant.EPOCH,
                null);
    }
}

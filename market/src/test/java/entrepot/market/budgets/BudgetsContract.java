package entrepot.market.budgets;

import static entrepot.market.budgets.BudgetNodes.usd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import entrepot.conversation.Failure;
import entrepot.conversation.Failure.Cause;
import entrepot.market.budgets.limits.Limit;
import entrepot.market.budgets.limits.LimitPatch;
import entrepot.market.budgets.limits.LimitScope.Kind;
import entrepot.market.budgets.limits.LimitUsage;
import entrepot.market.budgets.limits.Measure;
import entrepot.market.budgets.limits.Period;
import entrepot.store.Database;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/** What budgets promise, with two nodes on one database. */
abstract class BudgetsContract {

    private BudgetNodes world;
    private Budgets one;
    private Budgets two;

    abstract Database open();

    @BeforeEach
    void openNodes() {
        world = new BudgetNodes(this::open, 2, BudgetNodes.SETTINGS);
        one = world.nodes.get(0);
        two = world.nodes.get(1);
    }

    @AfterEach
    void close() {
        world.close();
    }

    @Test
    void holdsTheWorstCaseAndSettlesWhatWasUsed() throws Exception {
        Limit limit = world.limit(Kind.TEAM, "research", Measure.MONEY, "10", Period.MONTH);
        Hold hold = one.hold(world.claim("ord_1", "6", 100L));
        assertThat(refused(two, "6").left()).isEqualByComparingTo("4");
        one.settle(hold, usd("1.25"), 80L);
        one.settle(hold, usd("1.25"), 80L);
        one.release(hold);
        assertThat(one.flush()).isTrue();
        assertThat(world.settled(limit)).isEqualByComparingTo("1.25");
        two.settle(two.hold(world.claim("ord_2", "8.75", 1L)), usd("8.75"), 1L);
        two.flush();
        assertThat(world.settled(limit)).isEqualByComparingTo("10");
        assertThat(refused(one, "0.01").left()).isEqualByComparingTo("0");
    }

    @Test
    void takesOfAllLimitsOrOfNone() throws Exception {
        Limit team = world.limit(Kind.TEAM, "research", Measure.MONEY, "100", Period.MONTH);
        Limit key = world.limit(Kind.KEY, "key_1", Measure.TOKENS, "10", Period.MINUTE);
        Limit tree = world.limit(Kind.TREE, "sess_1", Measure.CONCURRENCY, "1", Period.NONE);
        LimitReached reached = limited(one, world.claim("ord_1", "100", 11L));
        assertThat(reached.refusal().limitedBy()).isEqualTo(key.id());
        Hold whole = one.hold(world.claim("ord_2", "100", 10L));
        assertThat(whole.limits()).isEqualTo(3);
        one.release(whole);
        one.flush();
        for (Limit limit : List.of(team, key, tree)) {
            assertThat(world.settled(limit)).isEqualByComparingTo("0");
        }
        two.release(eventually(two, world.claim("ord_3", "100", 10L)));
    }

    @Test
    void refusesWithACodeOfItsOwnAndTheLimitsName() {
        // R65: not to be mistaken for a supplier's 429
        Limit money = world.limit(Kind.TENANT, "acme", Measure.MONEY, "1", Period.DAY);
        Refusal budget = refused(one, "1.5");
        assertThat(budget.limitedBy()).isEqualTo(money.id());
        Failure failure = budget.failure(world.clock.instant());
        assertThat(failure.cause()).isEqualTo(Cause.BUDGET_EXCEEDED);
        assertThat(failure.code()).isEqualTo("budget_exceeded");
        assertThat(failure.message()).contains(money.id(), "1 USD a day", "more than it ever");
        Limit rate = world.limit(Kind.KEY, "key_1", Measure.REQUESTS, "1", Period.MINUTE);
        one.settle(one.hold(world.claim("ord_1", "0", 1L)), usd("0"), 1L);
        Refusal often = refused(one, "0");
        assertThat(often.limitedBy()).isEqualTo(rate.id());
        Failure limited = often.failure(world.clock.instant());
        assertThat(limited.cause()).isEqualTo(Cause.LIMITED);
        assertThat(limited.code()).isEqualTo("rate_limited");
        assertThat(limited.retryAfter()).isEqualTo(Duration.ofMinutes(1));
        assertThat(limited.message()).contains("0 requests left", "2026-04-12T09:31:00Z");
    }

    @Test
    void beginsAnewWithThePeriod() throws Exception {
        Limit limit = world.limit(Kind.PRINCIPAL, "ada", Measure.REQUESTS, "1", Period.MINUTE);
        Hold before = one.hold(world.claim("ord_1", "0", 0L));
        refused(two, "0");
        world.clock.advance(Duration.ofMinutes(1));
        two.settle(two.hold(world.claim("ord_2", "0", 0L)), usd("0"), 0L);
        one.settle(before, usd("0"), 0L);
        one.flush();
        two.flush();
        List<LimitUsage> history = world.limits.history(limit, null, 10).data();
        assertThat(history).extracting(LimitUsage::settled).hasSize(2);
        assertThat(history)
                .allSatisfy(usage -> assertThat(usage.settled()).isEqualByComparingTo("1"));
    }

    @Test
    void keepsWhatWasUsedWhenABudgetIsEdited() throws Exception {
        // R66
        Limit limit = world.limit(Kind.PROJECT, "apollo", Measure.MONEY, "10", Period.MONTH);
        one.settle(one.hold(world.claim("ord_1", "9", 0L)), usd("9"), 0L);
        one.flush();
        world.limits.patch("acme", limit.id(), amount("12"));
        world.nodes.forEach(Budgets::refresh);
        assertThat(refused(two, "4").left()).isEqualByComparingTo("3");
        one.release(one.hold(world.claim("ord_2", "3", 0L)));
        world.limits.patch("acme", limit.id(), amount("5"));
        world.nodes.forEach(Budgets::refresh);
        until(() -> world.shares() == 0);
        assertThat(refused(one, "0.01").left()).isNotPositive();
        assertThat(world.settled(limit)).isEqualByComparingTo("9");
    }

    @Test
    void concernsCallsOfNoKnownPriceToo() throws Exception {
        // R66: what passes through unread is limited as all else is
        Limit limit = world.limit(Kind.SESSION, "sess_2", Measure.MONEY, "10", Period.NONE);
        LimitReached reached = limited(one, world.claim("ord_1", null, null));
        assertThat(reached.refusal().message()).contains("hold_if_unknown");
        world.limits.patch(
                "acme",
                limit.id(),
                new LimitPatch(
                        null, null, null, null, new LimitPatch.OnUnknown(new BigDecimal("4"))));
        one.refresh();
        Hold hold = one.hold(world.claim("ord_2", null, null));
        one.settle(hold, null, null);
        one.flush();
        assertThat(world.settled(limit)).isEqualByComparingTo("4");
    }

    @Test
    void booksMoreThanWasHeldAndAlerts() throws Exception {
        Limit limit = world.limit(Kind.TEAM, "research", Measure.MONEY, "10", Period.MONTH);
        one.settle(one.hold(world.claim("ord_1", "2", 0L)), usd("5"), 0L);
        one.flush();
        assertThat(world.settled(limit)).isEqualByComparingTo("5");
        assertThat(refused(two, "5.01").left()).isEqualByComparingTo("5");
        assertThat(world.alerts)
                .anySatisfy(alert -> assertThat(alert).isInstanceOf(Alert.Overrun.class))
                .anySatisfy(alert ->
                        assertThat(alert)
                                .isInstanceOfSatisfying(
                                        Alert.Reached.class,
                                        reached -> assertThat(reached.percent()).isEqualTo(50)));
        one.settle(one.hold(world.claim("ord_2", "1", 0L)), usd("1"), 0L);
        one.flush();
        assertThat(world.alerts).hasSize(2);
    }

    @Test
    void countsAndAlertsWithoutRefusingWhereALimitIsNotHard() throws Exception {
        Limit limit = world.limit(Kind.TEAM, "research", Measure.TOKENS, "10", Period.DAY, false);
        for (int i = 0; i < 3; i++) {
            one.settle(one.hold(world.claim("ord_" + i, "0", null)), usd("0"), 7L);
        }
        one.flush();
        assertThat(world.settled(limit)).isEqualByComparingTo("21");
        assertThat(world.alerts)
                .extracting(alert -> ((Alert.Reached) alert).percent())
                .contains(100);
    }

    @Test
    void givesASlotBackWhicheverWayACallEnds() {
        world.limit(Kind.KEY, "key_1", Measure.CONCURRENCY, "2", Period.NONE);
        Hold first = one.hold(world.claim("ord_1", "0", 0L));
        Hold second = one.hold(world.claim("ord_2", "0", 0L));
        assertThat(refused(one, "0").code()).isEqualTo("rate_limited");
        one.settle(first, usd("0"), 5L);
        Hold third = one.hold(world.claim("ord_3", "0", 0L));
        one.release(second);
        one.release(one.hold(world.claim("ord_4", "0", 0L)));
        one.settle(third, null, null);
        Hold a = eventually(two, world.claim("ord_5", "0", 0L));
        Hold b = eventually(two, world.claim("ord_6", "0", 0L));
        two.release(a);
        two.release(b);
    }

    @Test
    void holdsNothingForACallerWhoLeavesWhileItWaits() throws Exception {
        world.limit(Kind.KEY, "key_1", Measure.CONCURRENCY, "1", Period.NONE);
        Thread caller =
                Thread.ofVirtual()
                        .unstarted(() -> {
                            Thread.currentThread().interrupt();
                            one.release(one.hold(world.claim("ord_1", "0", 0L)));
                        });
        caller.start();
        caller.join();
        two.release(eventually(two, world.claim("ord_2", "0", 0L)));
    }

    @Test
    void asksOtherNodesForWhatTheyHaveFreeBeforeItRefuses() {
        world.limit(Kind.TENANT, "acme", Measure.MONEY, "1000", Period.NONE);
        one.release(one.hold(world.claim("ord_1", "1", 0L)));
        Hold most = two.hold(world.claim("ord_2", "999", 0L));
        one.release(one.hold(world.claim("ord_3", "1", 0L)));
        two.release(most);
        one.release(eventually(one, world.claim("ord_4", "1000", 0L)));
    }

    @Test
    void oneNodeAloneNeedsNoDatabaseForASmallLimit() throws Exception {
        world.limit(Kind.KEY, "key_1", Measure.CONCURRENCY, "2", Period.NONE);
        one.release(one.hold(world.claim("ord_1", "0", 0L)));
        one.flush();
        long before = batches();
        for (int i = 0; i < 50; i++) {
            one.release(one.hold(world.claim("ord_" + i, "0", 0L)));
        }
        assertThat(batches()).isLessThan(before + 10);
    }

    private long batches() {
        return world.database.read(sql ->
                sql.one("select version from limit_count", row -> row.number("version"))
                        .orElse(0L));
    }

    @Test
    void givesBackWhatADeadNodeHeldWhenItsTenureEnds() throws Exception {
        Limit limit = world.limit(Kind.TENANT, "acme", Measure.MONEY, "10", Period.NONE);
        Hold lost = one.hold(world.claim("ord_1", "8", 0L));
        one.abandon();
        assertThat(refused(two, "3").left()).isEqualByComparingTo("2");
        world.outlive(one);
        Hold hold = two.hold(world.claim("ord_2", "10", 0L));
        assertThat(lost.isOpen()).isTrue();
        two.release(hold);
        assertThat(world.settled(limit)).isEqualByComparingTo("0");
    }

    @Test
    void aNodeThatWakesTooLateBooksWhatItUsedAndSpendsNoMore() throws Exception {
        Limit limit = world.limit(Kind.TENANT, "acme", Measure.MONEY, "1000", Period.NONE);
        Hold slept = one.hold(world.claim("ord_1", "8", 0L)); // and a share ahead
        takeForDead(one);
        Hold all = two.hold(world.claim("ord_2", "1000", 0L));
        refused(one, "1");
        one.settle(slept, usd("7"), 0L);
        one.flush();
        assertThat(world.settled(limit)).isEqualByComparingTo("7");
        two.settle(all, usd("993"), 0L);
        two.flush();
        refused(one, "1");
        assertThat(world.settled(limit)).isEqualByComparingTo("1000");
    }

    @Test
    void keepsWhatWasFlushedWhenANodeIsKilled() throws Exception {
        Limit limit = world.limit(Kind.TENANT, "acme", Measure.MONEY, "10", Period.NONE);
        one.settle(one.hold(world.claim("ord_1", "8", 0L)), usd("3"), 0L);
        assertThat(one.flush()).isTrue();
        Hold open = one.hold(world.claim("ord_2", "5", 0L));
        one.abandon();
        assertThat(open.isOpen()).isTrue();
        assertThat(world.settled(limit)).isEqualByComparingTo("3");
        assertThat(refused(two, "2.01").limitedBy()).isEqualTo(limit.id());
        world.outlive(one);
        two.release(two.hold(world.claim("ord_3", "7", 0L)));
        assertThat(refused(two, "7.01").left()).isEqualByComparingTo("7");
    }

    @Test
    void endsALimitAndKeepsItsHistory() throws Exception {
        Limit limit = world.limit(Kind.TENANT, "acme", Measure.MONEY, "1", Period.MONTH);
        one.settle(one.hold(world.claim("ord_1", "1", 0L)), usd("1"), 0L);
        one.flush();
        refused(one, "1");
        assertThat(world.limits.end("acme", limit.id())).isTrue();
        assertThat(world.limits.end("acme", limit.id())).isFalse();
        one.refresh();
        one.release(one.hold(world.claim("ord_2", "1", 0L)));
        assertThat(world.limits.history(limit, null, 1).data()).hasSize(1);
    }

    @Test
    void concernsNobodyElse() {
        world.limit(Kind.KEY, "key_2", Measure.MONEY, "0", Period.MONTH);
        world.limit(Kind.SESSION, "sess_1", Measure.MONEY, "0", Period.MONTH);
        Hold hold = one.hold(world.claim("ord_1", "5", 5L));
        assertThat(hold.limits()).isZero();
        one.release(hold);
    }

    private static LimitPatch amount(String amount) {
        return new LimitPatch(null, new BigDecimal(amount), null, null, null);
    }

    /** Lets so much time pass that others may take a node's shares. */
    private void takeForDead(Budgets node) {
        world.outlive(node);
        world.clock.advance(Duration.ofMillis(BudgetNodes.SETTINGS.tenureMillis()));
    }

    private Refusal refused(Budgets node, String dollars) {
        return limited(node, world.claim("ord_no", dollars, 1L)).refusal();
    }

    private static LimitReached limited(Budgets node, Claim claim) {
        LimitReached reached = catchThrowableOfType(LimitReached.class, () -> node.hold(claim));
        assertThat(reached).isNotNull();
        return reached;
    }

    /** Holds once others have given back what they had. */
    private static Hold eventually(Budgets node, Claim claim) {
        var held = new ArrayList<Hold>();
        until(() -> {
            try {
                held.add(node.hold(claim));
                return true;
            } catch (LimitReached again) {
                return false;
            }
        });
        return held.getFirst();
    }

    private static void until(BooleanSupplier expected) {
        long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (!expected.getAsBoolean()) {
            assertThat(System.nanoTime()).as("time").isLessThan(end);
            Thread.onSpinWait();
        }
    }
}

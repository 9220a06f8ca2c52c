package entrepot.market.budgets;

import static org.assertj.core.api.Assertions.assertThat;

import entrepot.market.Money;
import entrepot.market.budgets.limits.Limit;
import entrepot.market.budgets.limits.LimitScope.Kind;
import entrepot.market.budgets.limits.Measure;
import entrepot.market.budgets.limits.Period;
import entrepot.store.Database;
import entrepot.testkit.Seeds;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * Many orders at once on three nodes, one of which may be killed while it has holds out. Orders
 * fail, are cancelled, settled twice, and cost up to what they held.
 */
final class ParallelOrders {

    private static final BudgetSettings SETTINGS =
            new BudgetSettings(60_000, 5, 20, 0, 150, 30_000);

    private static final int CALLERS = 24;
    private static final BigDecimal BUDGET = new BigDecimal("20");
    private static final int SLOTS = 7;

    private final RandomGenerator random;
    private final BudgetNodes world;
    private final int ordersEach;
    private final boolean kills;
    private final Limit budget;
    private final Limit tokens;

    /** What was settled, by whether the node told that it is durable. */
    private final AtomicReference<BigDecimal> sure = new AtomicReference<>(BigDecimal.ZERO);

    private final AtomicReference<BigDecimal> unsure = new AtomicReference<>(BigDecimal.ZERO);
    private final AtomicInteger atOnce = new AtomicInteger();
    private final AtomicInteger atOnceMost = new AtomicInteger();
    private final AtomicInteger delivered = new AtomicInteger();
    private final AtomicInteger refused = new AtomicInteger();
    private final AtomicInteger broke = new AtomicInteger();
    private volatile boolean killed;

    private ParallelOrders(Seeds seeds, BudgetNodes world, int ordersEach) {
        this.random = seeds.random();
        this.world = world;
        this.ordersEach = ordersEach;
        this.kills = !seeds.oneIn(3);
        budget =
                world.limit(
                        Kind.TEAM, "research", Measure.MONEY, BUDGET.toPlainString(), Period.MONTH);
        tokens = world.limit(Kind.KEY, "key_1", Measure.TOKENS, "1000000", Period.DAY);
        world.limit(Kind.TREE, "sess_1", Measure.CONCURRENCY, "" + SLOTS, Period.NONE);
    }

    /**
     * Tries one seed.
     *
     * @param ordersEach of each of 24 callers
     */
    static void run(Seeds seeds, Supplier<Database> open, int ordersEach) throws Exception {
        try (var world = new BudgetNodes(open, 3, SETTINGS)) {
            new ParallelOrders(seeds, world, ordersEach).run();
        }
    }

    private void run() throws Exception {
        var failures = new ArrayList<Throwable>();
        var callers = new ArrayList<Thread>();
        var begin = new CountDownLatch(1);
        for (int i = 0; i < CALLERS; i++) {
            int number = i;
            var own = new SplittableRandom(random.nextLong());
            callers.add(
                    Thread.ofVirtual()
                            .start(() -> {
                                try {
                                    begin.await();
                                    call(number, own);
                                } catch (Throwable e) {
                                    synchronized (failures) {
                                        failures.add(e);
                                    }
                                }
                            }));
        }
        begin.countDown();
        if (kills) {
            int killAt = 1 + random.nextInt(CALLERS * ordersEach / 4);
            while (delivered.get() + refused.get() < killAt) {
                Thread.onSpinWait();
            }
            killed = true;
            world.nodes.getFirst().abandon();
            if (random.nextBoolean()) {
                world.outlive(world.nodes.getFirst());
            }
        }
        for (Thread caller : callers) {
            caller.join();
        }
        assertThat(failures).isEmpty();
        check();
    }

    private void call(int caller, SplittableRandom own) throws InterruptedException {
        Budgets node = world.nodes.get(caller % 3);
        boolean mortal = caller % 3 == 0;
        int retries = 20 * ordersEach;
        for (int i = 0; i < ordersEach && !(mortal && killed); i++) {
            BigDecimal worst = BigDecimal.valueOf(1 + own.nextInt(40), 2);
            boolean leaves = own.nextInt(10) == 0;
            if (leaves) {
                Thread.currentThread().interrupt();
            }
            try {
                Hold hold =
                        node.hold(
                                world.claim(
                                        "ord_" + caller + "_" + i, worst.toPlainString(), 100L));
                atWork(node, hold, worst, mortal, own);
            } catch (LimitReached reached) {
                refused.incrementAndGet();
                if (reached.refusal().code().equals(Refusal.BUDGET_EXCEEDED)) {
                    broke.incrementAndGet();
                } else if (retries-- > 0) {
                    Thread.interrupted();
                    LockSupport.parkNanos(own.nextInt(1_000_000));
                    i--;
                }
            } catch (entrepot.conversation.Failed dead) {
                assertThat(mortal).isTrue();
            } finally {
                Thread.interrupted();
            }
        }
    }

    private void atWork(
            Budgets node, Hold hold, BigDecimal worst, boolean mortal, SplittableRandom own)
            throws InterruptedException {
        if (!mortal || !killed) {
            int now = atOnce.incrementAndGet();
            atOnceMost.accumulateAndGet(now, Math::max);
        }
        if (own.nextBoolean()) {
            LockSupport.parkNanos(own.nextInt(300_000));
        }
        if (mortal && killed) {
            atOnce.decrementAndGet();
            return; // its process is gone
        }
        atOnce.decrementAndGet();
        int end = own.nextInt(10);
        if (end < 2) {
            node.release(hold);
            node.release(hold);
            return;
        }
        BigDecimal actual = worst.multiply(BigDecimal.valueOf(own.nextInt(101), 2));
        Thread.interrupted();
        node.settle(hold, new Money(actual, "USD"), (long) own.nextInt(101));
        if (end < 4) {
            node.settle(hold, new Money(actual, "USD"), 100L);
            node.release(hold);
        }
        boolean durable = !mortal || (own.nextInt(4) == 0 && node.flush());
        (durable ? sure : unsure).accumulateAndGet(actual, BigDecimal::add);
        delivered.incrementAndGet();
    }

    private void check() throws Exception {
        List<Budgets> alive = kills ? world.nodes.subList(1, 3) : world.nodes;
        for (Budgets node : alive) {
            assertThat(node.flush()).isTrue();
        }
        world.outlive(world.nodes.getFirst());
        BigDecimal settled = world.settled(budget);
        assertThat(settled)
                .isLessThanOrEqualTo(BUDGET)
                .isGreaterThanOrEqualTo(sure.get())
                .isLessThanOrEqualTo(sure.get().add(unsure.get()));
        if (!kills) {
            assertThat(settled).isEqualByComparingTo(sure.get().add(unsure.get()));
        }
        assertThat(atOnceMost.get()).isBetween(1, SLOTS);
        assertThat(delivered.get()).isPositive();
        assertThat(world.settled(tokens)).isPositive();
        long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (world.shares() > 0 && System.nanoTime() < end) {
            Thread.onSpinWait();
        }
        assertThat(world.shares()).as("shares that nobody gave back").isZero();
        if (!kills && broke.get() > 0) {
            assertThat(settled).as("refused too early").isGreaterThan(new BigDecimal("15"));
        }
    }
}

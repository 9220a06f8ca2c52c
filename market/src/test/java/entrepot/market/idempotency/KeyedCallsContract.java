package entrepot.market.idempotency;

import static org.assertj.core.api.Assertions.assertThat;

import entrepot.http.Headers;
import entrepot.identity.Ids;
import entrepot.identity.testing.CountingIds;
import entrepot.store.Database;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** What two nodes on one database may rely on. */
abstract class KeyedCallsContract {

    private static final KeepLimits USUAL = KeepLimits.DEFAULT;
    private static final KeepLimits NO_LEASE =
            new KeepLimits(USUAL.retention(), Duration.ZERO, 1 << 20, 1 << 20);
    private static final KeepLimits NO_RETENTION =
            new KeepLimits(Duration.ZERO, Duration.ZERO, 1 << 20, 1 << 20);

    private static final KeyedCall CALL =
            new KeyedCall("tn_a", "key_1", "POST /v1/chat/completions", "k-1", "aa");

    private final Ids ids = new CountingIds("n");
    private Database database = unopened();
    private KeyedCalls here = unmade();
    private KeyedCalls there = unmade();

    abstract Database open();

    @SuppressWarnings("NullAway") // set before each test
    private static Database unopened() {
        return null;
    }

    @SuppressWarnings("NullAway") // set before each test
    private static KeyedCalls unmade() {
        return null;
    }

    @BeforeEach
    void openAndMigrate() {
        database = open();
        database.migrate(List.of(KeyedCalls.MIGRATIONS));
        here = node(USUAL);
        there = node(USUAL);
    }

    @AfterEach
    void closeDatabase() {
        database.close();
    }

    private KeyedCalls node(KeepLimits limits) {
        return new KeyedCalls(database, ids, limits);
    }

    private static KeyedCall saying(String fingerprint) {
        return new KeyedCall(
                CALL.tenant(), CALL.keyId(), CALL.operation(), CALL.key(), fingerprint);
    }

    private static Claim.Mine mine(Claim claim) {
        assertThat(claim).isInstanceOf(Claim.Mine.class);
        return (Claim.Mine) claim;
    }

    private static KeptAnswer answer(String body) {
        return new KeptAnswer(
                200,
                Headers.of("content-type", "application/json", "x-a", "b: c"),
                true,
                false,
                body.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    @Test
    void oneRunsItAndOthersGetItsAnswer() {
        Claim.Mine mine = mine(here.claim(CALL));
        assertThat(there.claim(CALL)).isInstanceOf(Claim.Busy.class);
        assertThat(there.claim(saying("bb"))).isInstanceOf(Claim.Taken.class);

        assertThat(here.keep(mine, answer("one\0two"))).isTrue();
        assertThat(there.claim(CALL))
                .isInstanceOfSatisfying(
                        Claim.Answered.class,
                        kept -> {
                            KeptAnswer told = kept.answer();
                            assertThat(told.status()).isEqualTo(200);
                            assertThat(told.headers()).isEqualTo(answer("").headers());
                            assertThat(told.streamed()).isTrue();
                            assertThat(told.broken()).isFalse();
                            assertThat(told.body()).asString().isEqualTo("one\0two");
                        });
        assertThat(there.claim(saying("bb"))).isInstanceOf(Claim.Taken.class);
        assertThat(here.keep(mine, answer("again"))).isFalse();
    }

    @Test
    void whatWasGivenBackIsRunAnewByWhoeverComes() {
        here.release(mine(here.claim(CALL)));
        assertThat(there.claim(saying("bb"))).isInstanceOf(Claim.Mine.class);
    }

    @Test
    void whatIsSpentSaysWhy() {
        here.spend(mine(here.claim(CALL)), "It was too large.");
        assertThat(there.claim(CALL)).isEqualTo(new Claim.Spent("It was too large."));
        assertThat(there.claim(saying("bb"))).isInstanceOf(Claim.Taken.class);
    }

    @Test
    void aKeyCountsForOneCredentialOfOneTenantAndOneOperation() {
        List<KeyedCall> apart =
                List.of(
                        CALL,
                        new KeyedCall("tn_b", "key_1", CALL.operation(), "k-1", "bb"),
                        new KeyedCall("tn_a", "key_2", CALL.operation(), "k-1", "bb"),
                        new KeyedCall("tn_a", "key_1", "POST /v1/embeddings", "k-1", "bb"),
                        new KeyedCall("tn_a", "key_1", CALL.operation(), "K-1", "bb"));
        for (KeyedCall call : apart) {
            assertThat(here.claim(call)).isInstanceOf(Claim.Mine.class);
        }
    }

    @Test
    void whoseLeaseHasEndedHasLostIt() {
        Claim.Mine lost = mine(node(NO_LEASE).claim(CALL));
        assertThat(there.claim(saying("bb"))).isInstanceOf(Claim.Taken.class);
        Claim.Mine taken = mine(there.claim(CALL));

        here.release(lost);
        here.spend(lost, "It must not count.");
        assertThat(here.keep(lost, answer("late"))).isFalse();
        here.renew(List.of(lost));
        assertThat(here.claim(CALL)).isInstanceOf(Claim.Busy.class);
        assertThat(there.keep(taken, answer("right"))).isTrue();
    }

    @Test
    void aRenewedLeaseHolds() {
        Claim.Mine mine = mine(node(NO_LEASE).claim(CALL));
        here.renew(List.of());
        here.renew(List.of(mine));
        assertThat(there.claim(CALL)).isInstanceOf(Claim.Busy.class);
        assertThat(there.sweep()).isZero();
    }

    @Test
    void whatIsOldIsForgotten() {
        KeyedCalls brief = node(NO_RETENTION);
        assertThat(brief.keep(mine(brief.claim(CALL)), answer("old"))).isTrue();
        Claim.Mine other = mine(there.claim(saying("bb")));
        there.release(other);

        assertThat(brief.keep(mine(brief.claim(CALL)), answer("old"))).isTrue();
        assertThat(there.sweep()).isOne();
        assertThat(there.sweep()).isZero();
        assertThat(here.claim(saying("cc"))).isInstanceOf(Claim.Mine.class);
    }

    @Test
    void aCallThatRunsOutlivesItsRetention() {
        KeyedCalls brief = node(USUAL.withRetention(Duration.ZERO));
        Claim.Mine _ = mine(brief.claim(CALL));
        assertThat(there.sweep()).isZero();
        assertThat(there.claim(CALL)).isInstanceOf(Claim.Busy.class);
        assertThat(there.claim(saying("bb"))).isInstanceOf(Claim.Taken.class);
    }

    @Test
    void theOldestAnswersGoWhenAllAreTooLarge() {
        for (int i = 1; i <= 5; i++) {
            KeyedCalls node = node(new KeepLimits(Duration.ofHours(i), USUAL.lease(), 100, 100));
            Claim.Mine mine = mine(node.claim(numbered(i)));
            assertThat(node.keep(mine, answer("x".repeat(30)))).isTrue();
        }
        KeyedCalls small = node(new KeepLimits(USUAL.retention(), USUAL.lease(), 100, 100));
        assertThat(small.sweep()).isZero();
        assertThat(small.claim(numbered(1))).isInstanceOf(Claim.Mine.class);
        assertThat(small.claim(numbered(2))).isInstanceOf(Claim.Mine.class);
        for (int i = 3; i <= 5; i++) {
            assertThat(small.claim(numbered(i))).isInstanceOf(Claim.Answered.class);
        }

        Claim.Mine last = mine(small.claim(numbered(6)));
        assertThat(small.keep(last, answer("x".repeat(40)))).isTrue();
        assertThat(small.claim(numbered(3))).isInstanceOf(Claim.Mine.class);
        assertThat(small.claim(numbered(6))).isInstanceOf(Claim.Answered.class);
    }

    private static KeyedCall numbered(int number) {
        return new KeyedCall("tn_a", "key_1", "POST /x", "n-" + number, "aa");
    }

    @Test
    void ofManyAtOnceOneRunsIt() throws Exception {
        var claims = new ArrayList<Future<Claim>>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 40; i++) {
                KeyedCalls node = i % 2 == 0 ? here : there;
                claims.add(threads.submit((Callable<Claim>) () -> node.claim(CALL)));
            }
        }
        int mine = 0;
        for (Future<Claim> claim : claims) {
            mine += claim.get() instanceof Claim.Mine ? 1 : 0;
        }
        assertThat(mine).isOne();
    }
}

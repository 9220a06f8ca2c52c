package entrepot.market.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import entrepot.conversation.Usage;
import entrepot.conversation.Usage.Meter;
import entrepot.market.Money;
import entrepot.market.Receipt;
import entrepot.market.Receipt.Outcome;
import entrepot.market.Receipt.Verdict;
import entrepot.store.Database;
import entrepot.store.DatabaseFailed;
import entrepot.testkit.Seeds;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** What a ledger promises, on whatever engine. */
abstract class LedgerContract {

    private Database database;
    private DatabaseLedger ledger;

    abstract Database open();

    @BeforeEach
    void openLedger() {
        database = open();
        database.migrate(List.of(DatabaseLedger.MIGRATIONS));
        ledger = DatabaseLedger.open(database, "node-1");
    }

    @AfterEach
    void closeLedger() {
        ledger.close();
        database.close();
    }

    @Test
    void givesBackWhatWasAppended() throws Exception {
        Seeds.each(
                20,
                seeds -> {
                    Receipt receipt = random(seeds, "rcpt_" + seeds.seed());
                    ledger.append(receipt);
                    ledger.flush();
                    assertThat(ledger.latest(receipt.tenant(), 1)).containsExactly(receipt);
                });
    }

    @Test
    void keepsEveryDigitOfMoney() throws Exception {
        // R57: what floating point would make 0.00000000000030000000000000004
        Money exact = Money.of("0.000000000000000000003", "EUR");
        ledger.append(receipt("rcpt_1", "tn_a", null, exact));
        ledger.flush();
        assertThat(ledger.latest("tn_a", 1).getFirst().cost()).isEqualTo(exact);
    }

    @Test
    void listsASessionOldestFirstAndATenantNewestFirst() throws Exception {
        for (int i = 1; i <= 3; i++) {
            ledger.append(receipt("rcpt_" + i, "tn_a", "sess_1", null));
        }
        ledger.append(receipt("rcpt_4", "tn_a", "sess_2", null));
        ledger.flush();
        assertThat(ids(ledger.ofSession("tn_a", "sess_1")))
                .containsExactly("rcpt_1", "rcpt_2", "rcpt_3");
        assertThat(ids(ledger.latest("tn_a", 2))).containsExactly("rcpt_4", "rcpt_3");
    }

    @Test
    void showsATenantNothingOfAnother() throws Exception {
        ledger.append(receipt("rcpt_1", "tn_a", "sess_1", null));
        ledger.flush();
        assertThat(ledger.latest("tn_b", 10)).isEmpty();
        assertThat(ledger.ofSession("tn_b", "sess_1")).isEmpty();
    }

    @Test
    void writesAReceiptOnceHoweverOftenItIsAppended() throws Exception {
        Receipt receipt = receipt("rcpt_1", "tn_a", null, null);
        for (int i = 0; i < 5; i++) {
            ledger.append(receipt);
        }
        ledger.flush();
        ledger.append(receipt);
        ledger.append(receipt("rcpt_2", "tn_a", null, null));
        ledger.flush();
        assertThat(ids(ledger.latest("tn_a", 10))).containsExactly("rcpt_2", "rcpt_1");
        assertThat(ledger.verify()).isEqualTo(new Ledger.Verification(2, null));
    }

    @Test
    void continuesItsChainAfterARestart() throws Exception {
        ledger.append(receipt("rcpt_1", "tn_a", null, null));
        ledger.close();
        ledger = DatabaseLedger.open(database, "node-1");
        ledger.append(receipt("rcpt_2", "tn_a", null, null));
        ledger.flush();
        assertThat(ledger.verify()).isEqualTo(new Ledger.Verification(2, null));
    }

    @Test
    void letsTwoWritersShareAChainByMistake() throws Exception {
        try (var other = DatabaseLedger.open(database, "node-1")) {
            for (int i = 0; i < 20; i++) {
                ledger.append(receipt("rcpt_a" + i, "tn_a", null, null));
                other.append(receipt("rcpt_b" + i, "tn_a", null, null));
                if (i % 5 == 0) {
                    ledger.flush();
                }
            }
            ledger.flush();
            other.flush();
        }
        assertThat(ledger.latest("tn_a", 100)).hasSize(40);
        assertThat(ledger.verify()).isEqualTo(new Ledger.Verification(40, null));
    }

    @Test
    void refusesToChangeOrDeleteARow() throws Exception {
        ledger.append(receipt("rcpt_1", "tn_a", null, null));
        ledger.flush();
        assertThatThrownBy(() -> database.write(sql -> sql.update("update receipt set cost = '0'")))
                .isInstanceOf(DatabaseFailed.class);
        assertThatThrownBy(() -> database.write(sql -> sql.update("delete from receipt")))
                .isInstanceOf(DatabaseFailed.class);
        assertThat(ledger.latest("tn_a", 10)).hasSize(1);
    }

    @Test
    void findsARowThatWasTamperedWith() throws Exception {
        for (int i = 0; i < 10; i++) {
            ledger.append(receipt("rcpt_" + i, "tn_a", null, Money.of("1.5", "USD")));
        }
        ledger.flush();
        assertThat(ledger.verify().flaw()).isNull();
        withoutTriggers();
        database.write(sql -> sql.update("update receipt set cost = '1.4' where sequence = 7"));
        assertThat(ledger.verify().rows()).isEqualTo(6);
        assertThat(ledger.verify().flaw()).contains("row 7 is not what was written", "rcpt_6");
    }

    @Test
    void findsARowThatWasTakenOut() throws Exception {
        for (int i = 0; i < 5; i++) {
            ledger.append(receipt("rcpt_" + i, "tn_a", null, null));
        }
        ledger.flush();
        withoutTriggers();
        database.write(sql -> sql.update("delete from receipt where sequence = 2"));
        assertThat(ledger.verify().flaw()).contains("row 2 is missing before row 3");
    }

    @Test
    void isNotStoppedByLettersThatNoDatabaseTakes() throws Exception {
        Receipt plain = receipt("rcpt_1", "tn_a", null, null);
        ledger.append(with(plain, "gpt\u0000-\ud83d", "x".repeat(5_000)));
        ledger.flush();
        Receipt stored = ledger.latest("tn_a", 1).getFirst();
        assertThat(stored.modelAsked()).isEqualTo("gpt\ufffd-\ufffd");
        assertThat(stored.detail()).hasSize(1_000);
        assertThat(ledger.verify().flaw()).isNull();
    }

    @Test
    void keepsReceiptsWhileTheDatabaseIsAwayAndWritesThemLater() throws Exception {
        // R93: accounting neither blocks nor fails an answer
        var away = new AtomicBoolean(true);
        var failures = new AtomicInteger();
        try (var patient = DatabaseLedger.open(new Unsteady(database, away, failures), "node-2")) {
            for (int i = 0; i < 10; i++) {
                patient.append(receipt("rcpt_" + i, "tn_a", null, null));
            }
            while (failures.get() < 2) {
                Thread.onSpinWait();
            }
            assertThat(patient.keepsUp()).isTrue();
            assertThat(patient.status().failure()).contains("away");
            assertThat(patient.status().backlog()).isEqualTo(10);
            away.set(false);
            patient.flush();
            assertThat(patient.status().failure()).isNull();
            assertThat(patient.status().backlog()).isZero();
        }
        assertThat(ledger.latest("tn_a", 100)).hasSize(10);
        assertThat(ledger.verify()).isEqualTo(new Ledger.Verification(10, null));
    }

    @Test
    void raisesAnAlertForWhatHasNoPrice() throws Exception {
        // R60: unknown is not zero, and somebody is told
        ledger.append(receipt("rcpt_1", "tn_a", null, null));
        ledger.append(receipt("rcpt_2", "tn_a", null, Money.of("1", "USD")));
        ledger.append(receipt("rcpt_3", "tn_a", null, null));
        ledger.flush();
        assertThat(ledger.status().unpriced()).containsExactly(Map.entry("v/m at s", 2L));
        assertThat(ledger.latest("tn_a", 3).getFirst().cost()).isNull();
    }

    private void withoutTriggers() {
        List<String> drops =
                switch (database.engine()) {
                    case SQLITE ->
                            List.of(
                                    "drop trigger receipt_never_changes",
                                    "drop trigger receipt_never_goes");
                    case POSTGRES -> List.of("drop trigger receipt_stays on receipt");
                };
        database.write(sql -> {
            for (String drop : drops) {
                sql.update(drop);
            }
            return true;
        });
    }

    @Test
    void readsThePeriodOfATenantPageByPage() throws Exception {
        Instant noon = Instant.parse("2026-04-12T12:00:00Z");
        // Begun in another order than that of their ids; two at the same time.
        ledger.append(begun("rcpt_1", "tn_a", noon.plusSeconds(2)));
        ledger.append(begun("rcpt_2", "tn_a", noon));
        ledger.append(begun("rcpt_3", "tn_a", noon.plusSeconds(1)));
        ledger.append(begun("rcpt_4", "tn_a", noon.plusSeconds(1)));
        ledger.append(begun("rcpt_5", "tn_b", noon.plusSeconds(1)));
        ledger.append(begun("rcpt_6", "tn_a", noon.plusSeconds(3)));
        ledger.append(begun("rcpt_7", "tn_a", noon.minusMillis(1)));
        ledger.flush();
        Instant end = noon.plusSeconds(3);
        assertThat(ids(ledger.between("tn_a", noon, end, null, 2)))
                .containsExactly("rcpt_2", "rcpt_3");
        assertThat(ids(ledger.between("tn_a", noon, end, "rcpt_3", 2)))
                .containsExactly("rcpt_4", "rcpt_1");
        assertThat(ledger.between("tn_a", noon, end, "rcpt_1", 2)).isEmpty();
        assertThat(ids(ledger.between("tn_a", Instant.MIN, Instant.MAX, null, 100))).hasSize(6);
        assertThatThrownBy(() -> ledger.between("tn_a", noon, end, "rcpt_5", 2))
                .hasMessageContaining("there is no receipt rcpt_5");
    }

    private static Receipt begun(String id, String tenant, Instant at) {
        return receipt(id, tenant, null, null, at);
    }

    private static List<String> ids(List<Receipt> receipts) {
        return receipts.stream().map(Receipt::id).toList();
    }

    private static Receipt receipt(
            String id, String tenant, @Nullable String sessionId, @Nullable Money cost) {
        return receipt(id, tenant, sessionId, cost, Instant.parse("2026-04-12T09:00:00.123Z"));
    }

    private static Receipt receipt(
            String id,
            String tenant,
            @Nullable String sessionId,
            @Nullable Money cost,
            Instant startedAt) {
        return Receipt.builder()
                .id(id)
                .orderId("ord_1")
                .attempt(1)
                .tenant(tenant)
                .team("team")
                .principal("someone")
                .keyId("key_1")
                .storefront("openai.chat")
                .modelAsked("m")
                .model("v/m")
                .supplier("s")
                .outcome(Outcome.DELIVERED)
                .usage(new Usage(Map.of(Meter.FRESH_INPUT, 12L, Meter.OUTPUT, 3L), false))
                .cost(cost)
                .startedAt(startedAt)
                .endedAt(Instant.parse("2026-04-12T09:00:01Z"))
                .firstEventMillis(17L)
                .sessionId(sessionId)
                .verdicts(List.of(new Verdict("key", true, "says \"yes\"\n")))
                .build();
    }

    private static Receipt with(Receipt receipt, String modelAsked, String detail) {
        return Receipt.builder()
                .id(receipt.id())
                .orderId(receipt.orderId())
                .attempt(receipt.attempt())
                .tenant(receipt.tenant())
                .team(receipt.team())
                .principal(receipt.principal())
                .keyId(receipt.keyId())
                .storefront(receipt.storefront())
                .modelAsked(modelAsked)
                .model(receipt.model())
                .supplier(receipt.supplier())
                .outcome(receipt.outcome())
                .usage(receipt.usage())
                .cost(receipt.cost())
                .startedAt(receipt.startedAt())
                .endedAt(receipt.endedAt())
                .firstEventMillis(receipt.firstEventMillis())
                .sessionId(receipt.sessionId())
                .turnId(receipt.turnId())
                .verdicts(receipt.verdicts())
                .detail(detail)
                .build();
    }

    private static Receipt random(Seeds seeds, String id) {
        var meters = new java.util.EnumMap<Meter, Long>(Meter.class);
        for (Meter meter : Meter.values()) {
            if (seeds.oneIn(2)) {
                meters.put(meter, (long) seeds.upTo(1_000_000));
            }
        }
        var verdicts = new ArrayList<Verdict>();
        for (int i = seeds.upTo(4); i > 0; i--) {
            verdicts.add(new Verdict(seeds.word(), seeds.oneIn(2), seeds.text(5)));
        }
        Money cost =
                seeds.oneIn(3)
                        ? null
                        : new Money(
                                BigDecimal.valueOf(seeds.random().nextLong(1L << 60), 18), "USD");
        return Receipt.builder()
                .id(id)
                .orderId("ord_" + seeds.word())
                .attempt(seeds.upTo(6))
                .tenant("tn_" + id)
                .team(seeds.word())
                .principal(seeds.word())
                .keyId("key_" + seeds.word())
                .storefront("openai.chat")
                .modelAsked(seeds.word())
                .model("v/" + seeds.word())
                .supplier(seeds.word())
                .outcome(seeds.pick(List.of(Outcome.values())))
                .usage(new Usage(meters, seeds.oneIn(2)))
                .cost(cost)
                .startedAt(Instant.ofEpochMilli(seeds.random().nextLong(1L << 42)))
                .endedAt(Instant.ofEpochMilli(seeds.random().nextLong(1L << 42)))
                .firstEventMillis(seeds.oneIn(2) ? null : (long) seeds.upTo(10_000))
                .sessionId(seeds.oneIn(2) ? null : "sess_" + seeds.word())
                .turnId(seeds.oneIn(2) ? null : "turn_" + seeds.word())
                .verdicts(verdicts)
                .detail(seeds.oneIn(2) ? null : seeds.text(10))
                .build();
    }
}

package entrepot.market.capacity.notices;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import entrepot.identity.Audit;
import entrepot.identity.Caller;
import entrepot.identity.Caller.Scope;
import entrepot.identity.StoredAudit;
import entrepot.identity.Tenants;
import entrepot.identity.testing.CountingIds;
import entrepot.market.capacity.notices.Notice.Standing;
import entrepot.market.catalog.Catalogue;
import entrepot.market.catalog.CatalogueReader;
import entrepot.market.catalog.SecretSources;
import entrepot.market.contracts.AsOf;
import entrepot.market.contracts.CapacityAnswer;
import entrepot.market.contracts.CapacityAnswer.Status;
import entrepot.market.contracts.ContractBook;
import entrepot.market.contracts.Occurrence.Outcome;
import entrepot.market.contracts.evidence.EvidenceKey;
import entrepot.market.contracts.evidence.SignedEvidence;
import entrepot.market.contracts.reading.ContractsReader;
import entrepot.store.Database;
import entrepot.testkit.SettableClock;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;

/** The procedure of a right of first refusal, from the first question to its proof. */
abstract class NoticesContract {

    private static final String CONTRACT =
            """
            contracts:
              c:
                title: A contract
                learned: 2026-01-01
                parties:
                  us: {name: Us}
                  m: {name: Marine, channels: [azure]}
                  o: {name: Other, channels: [other]}
                  p: {name: Partner}
                documents:
                  d: {title: Agreement}
                clauses:
                  first: {kind: first-refusal, says: Offer it to Marine first, source: d,
                          buyer: us, holder: m, window: 10d, from: 2026-02-01, to: 2027-01-01}
                  second: {kind: first-refusal, says: Partner may wait, source: d, buyer: us,
                           holder: p, from: 2026-06-01}
            """;

    private static final Caller ADA = caller("tn");
    private static final Caller EVE = caller("tn_other");

    private final SettableClock clock = SettableClock.at("2026-03-01T00:00:00Z");
    private final ContractBook book =
            new ContractsReader().read(new TreeMap<>(Map.of("c.yaml", CONTRACT)));
    private final Catalogue catalogue =
            new CatalogueReader(Map.of(), SecretSources.pretended())
                    .read("c.yaml", "tenants: {tn: {party: us}, tn_p: {party: p}}");
    private Database database = unopened();
    private Notices notices = unmade();

    abstract Database open();

    @SuppressWarnings("NullAway") // set before each test
    private static Database unopened() {
        return null;
    }

    @SuppressWarnings("NullAway") // set before each test
    private static Notices unmade() {
        return null;
    }

    @BeforeEach
    void migrate() {
        database = open();
        database.migrate(List.of(Tenants.MIGRATIONS, Notices.MIGRATIONS));
        notices =
                new Notices(
                        new Notices.Parts(
                                database,
                                () -> catalogue,
                                () -> book,
                                new StoredAudit(database),
                                clock,
                                new CountingIds()));
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void aPurchaseIsOfferedFirstAndThenFreeWhenItIsDeclined() {
        assertThat(ask(null).status()).isEqualTo(Status.OFFER_FIRST);

        Notice notice = notices.offer(ADA, wanted("", "letter 1"));
        assertThat(notice.deadline()).isEqualTo(Instant.parse("2026-03-11T00:00:00Z"));
        CapacityAnswer waiting = ask(null);
        assertThat(waiting.status()).isEqualTo(Status.WAITING);
        assertThat(waiting.until()).isEqualTo(notice.deadline());
        assertThat(waiting.allowed()).isFalse();
        assertThat(waiting.offers()).hasSize(1);

        clock.advance(Duration.ofDays(3));
        Notice answered = answer(notice, Outcome.DECLINED, null);
        assertThat(answered.standing(clock.instant())).isEqualTo(Standing.DECLINED);
        assertThat(ask(null).status()).isEqualTo(Status.DECLINED);
        assertThat(ask(null).allowed()).isTrue();
        assertThat(notices.latest("tn", 10)).containsExactly(answered);
        assertThat(new StoredAudit(database).latest("tn", 10))
                .extracting(Audit.Entry::act)
                .containsExactly("capacity.answer", "capacity.offer");
    }

    @Test
    void whatIsMatchedMustBeBoughtFromTheHolder() {
        Notice notice = notices.offer(ADA, wanted("", "letter 1"));
        answer(notice, Outcome.MATCHED, null);
        assertThat(ask(null).status()).isEqualTo(Status.MATCHED);
        clock.advance(Duration.ofDays(60));
        assertThat(ask(null).allowed()).isFalse();
    }

    @Test
    void aWindowThatPassesSetsThePurchaseFree() {
        Notice notice = notices.offer(ADA, wanted("", "letter 1"));
        clock.advance(Duration.ofDays(10).minusMillis(1));
        assertThat(ask(null).status()).isEqualTo(Status.WAITING);
        clock.advance(Duration.ofMillis(1));
        assertThat(ask(null).status()).isEqualTo(Status.WINDOW_OVER);
        assertThat(ask(null).allowed()).isTrue();
        assertThat(notice.standing(clock.instant())).isEqualTo(Standing.LAPSED);
        assertThatThrownBy(() -> answer(notice, Outcome.MATCHED, null))
                .isInstanceOf(NoticeRefused.class)
                .hasMessageContaining("ended on 2026-03-11T00:00:00Z")
                .hasMessageContaining("free since");
        // What was said in time may be recorded late.
        Notice late = answer(notice, Outcome.MATCHED, Instant.parse("2026-03-10T00:00:00Z"));
        assertThat(late.standing(clock.instant())).isEqualTo(Standing.MATCHED);
        assertThat(ask(null).allowed()).isFalse();
        AsOf then = new AsOf(clock.instant(), Instant.parse("2026-03-10T12:00:00Z"));
        assertThat(notices.ask("tn", null, "o", null, then).status())
                .as("it was not known then")
                .isEqualTo(Status.WINDOW_OVER);
    }

    @Test
    void anAnswerIsGivenOnce() {
        Notice notice = notices.offer(ADA, wanted("", "letter 1"));
        answer(notice, Outcome.DECLINED, null);
        assertThatThrownBy(() -> answer(notice, Outcome.MATCHED, null))
                .isInstanceOf(NoticeRefused.class)
                .hasMessageContaining("answered already")
                .hasMessageEndingWith("declined");
        assertThat(ask(null).status()).isEqualTo(Status.DECLINED);
    }

    @Test
    void eachPurchaseHasItsOwnProcedure() {
        answer(notices.offer(ADA, wanted("north", "letter 1")), Outcome.DECLINED, null);
        assertThat(ask("north").allowed()).isTrue();
        assertThat(ask("south").status()).isEqualTo(Status.OFFER_FIRST);
        Notice south = notices.offer(ADA, wanted("south", "letter 2"));
        assertThat(ask("south").status()).isEqualTo(Status.WAITING);
        assertThat(ask("north").allowed()).isTrue();
        assertThatThrownBy(() -> notices.offer(ADA, wanted("south", "letter 3")))
                .isInstanceOf(NoticeRefused.class)
                .hasMessageContaining("offered already")
                .hasMessageContaining(south.id());
    }

    @Test
    void everyHolderIsAsked() {
        clock.set(Instant.parse("2026-06-02T00:00:00Z"));
        answer(notices.offer(ADA, wanted("", "letter 1")), Outcome.DECLINED, null);
        CapacityAnswer answer = ask(null);
        assertThat(answer.status()).isEqualTo(Status.OFFER_FIRST);
        assertThat(Objects.requireNonNull(answer.deciding()).ref()).isEqualTo("c/second");
        Notice second =
                notices.offer(ADA, new Notices.NewNotice("c/second", "o", "", "letter 2", null));
        assertThat(second.deadline()).isNull();
        clock.advance(Duration.ofDays(100));
        assertThat(ask(null).status()).as("without a window it waits").isEqualTo(Status.WAITING);
        answer(second, Outcome.DECLINED, null);
        assertThat(ask(null).allowed()).isTrue();
    }

    @Test
    void whatCannotBeIsRefusedWithWhatWouldHelp() {
        refused(new Notices.NewNotice("c/none", "o", "", "x", null), "clause");
        refused(new Notices.NewNotice("c/first", "nobody", "", "x", null), "seller");
        refused(new Notices.NewNotice("c/first", "m", "", "x", null), "seller");
        refused(new Notices.NewNotice("c/first", "o", "", "", null), "document");
        refused(new Notices.NewNotice("c/second", "o", "", "x", null), "offered_at");
        Instant tomorrow = clock.instant().plus(Duration.ofDays(1));
        refused(new Notices.NewNotice("c/first", "o", "", "x", tomorrow), "offered_at");
        assertThatThrownBy(() ->
                        notices.offer(
                                caller("tn_p"),
                                new Notices.NewNotice("c/first", "o", "", "x", null)))
                .hasMessage("c/first binds us, and this tenant is p");
        AsOf now = AsOf.now(clock.instant());
        assertThatThrownBy(() -> notices.ask("tn_other", null, "o", null, now))
                .isInstanceOf(NoticeRefused.class)
                .hasMessageContaining("tenants.tn_other.party");
    }

    @Test
    void anotherTenantSeesNothing() {
        Notice notice = notices.offer(ADA, wanted("", "letter 1"));
        assertThat(notices.find("tn_other", notice.id())).isEmpty();
        assertThat(notices.latest("tn_other", 10)).isEmpty();
        assertThat(notices.answer(EVE, notice.id(), Outcome.DECLINED, "x", null)).isNull();
        AsOf now = AsOf.now(clock.instant());
        assertThat(notices.ask("tn_other", "us", "o", null, now).status())
                .isEqualTo(Status.OFFER_FIRST);
    }

    @Test
    void theRecordIsSignedAndCanBeVerified() {
        EvidenceKey key = EvidenceKey.make(new SecureRandom());
        Notice notice = notices.offer(ADA, wanted("north", "letter 1"));
        Notice answered = answer(notice, Outcome.DECLINED, null);
        byte[] signed = NoticeEvidence.sign(answered, book, clock.instant(), key);
        assertThat(SignedEvidence.verify(signed).good()).isTrue();
        String text = new String(signed, StandardCharsets.UTF_8);
        assertThat(text)
                .contains("\"format\":\"entrepot.first-refusal/1\"")
                .contains("\"deadline\":\"2026-03-11T00:00:00Z\"")
                .contains("\"outcome\":\"declined\"");
        byte[] forged = text.replace("declined", "matched").getBytes(StandardCharsets.UTF_8);
        assertThat(SignedEvidence.verify(forged).good()).isFalse();
    }

    private void refused(Notices.NewNotice wanted, String member) {
        assertThatThrownBy(() -> notices.offer(ADA, wanted))
                .isInstanceOfSatisfying(
                        NoticeRefused.class,
                        refused -> assertThat(refused.member()).isEqualTo(member));
    }

    private CapacityAnswer ask(@Nullable String purchase) {
        return notices.ask("tn", null, "o", purchase, AsOf.now(clock.instant()));
    }

    private Notice answer(Notice notice, Outcome outcome, @Nullable Instant at) {
        return Objects.requireNonNull(
                notices.answer(ADA, notice.id(), outcome, "letter of answer", at));
    }

    private static Notices.NewNotice wanted(String purchase, String document) {
        return new Notices.NewNotice("c/first", "o", purchase, document, null);
    }

    private static Caller caller(String tenant) {
        return new Caller(tenant, "core", "ada", "key_1", Set.of(Scope.ADMIN));
    }
}

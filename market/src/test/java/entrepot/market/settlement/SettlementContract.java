package entrepot.market.settlement;

import static org.assertj.core.api.Assertions.assertThat;

import entrepot.conversation.Usage;
import entrepot.conversation.Usage.Meter;
import entrepot.market.Money;
import entrepot.market.Receipt;
import entrepot.market.catalog.Catalogue;
import entrepot.market.contracts.ContractBook;
import entrepot.market.ledger.DatabaseLedger;
import entrepot.market.ledger.Ledger;
import entrepot.market.ledger.LedgerReader;
import entrepot.market.ledger.LedgerRow;
import entrepot.market.ledger.Progress;
import entrepot.market.ledger.Rerating;
import entrepot.market.ledger.books.Account;
import entrepot.market.ledger.books.Books;
import entrepot.market.ledger.books.Posting;
import entrepot.market.ledger.rollups.Rollups;
import entrepot.market.statements.RevenueShare;
import entrepot.market.statements.Statements;
import entrepot.market.statements.terms.ShareTerms;
import entrepot.market.statements.terms.Terms;
import entrepot.store.Database;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;

/** The catalogue's charges and the contracts' shares in a ledger, on whatever engine. */
abstract class SettlementContract {

    private static final String RULES =
            """
            party: v
            charges:
              - {name: research-2027, team: research, models: ["v/*"], discount: 12.5,
                 from: 2027-01-01}
              - {name: research, team: research, models: ["v/*"], discount: 10}
              - {name: azure, channels: [azure], mark_up: 7.25}
            """;

    private final AtomicReference<Catalogue> catalogue = new AtomicReference<>();
    private final AtomicReference<ContractBook> contracts =
            new AtomicReference<>(Given.contracts(Given.SHARES));

    private Database database;
    private Settlement settlement;
    private DatabaseLedger ledger;
    private LedgerReader reader;

    abstract Database open();

    @BeforeEach
    void start() {
        catalogue.set(Given.catalogue(RULES));
        database = open();
        database.migrate(List.of(DatabaseLedger.MIGRATIONS));
        settlement = new Settlement(catalogue::get, contracts::get);
        ledger = DatabaseLedger.open(database, "node", settlement);
        reader = new LedgerReader(database);
    }

    @AfterEach
    void close() {
        ledger.close();
        database.close();
    }

    @Test
    void aReceiptIsChargedByTheRuleInForceWhenItsAttemptEnded() throws Exception {
        append("a", "research", "azure", "2026-12-31T23:59:59.999Z");
        append("b", "research", "azure", "2027-01-01T00:00:00Z");
        append("c", "blue", "azure", "2026-06-01T00:00:00Z");
        append("d", "blue", "bedrock", "2026-06-01T00:00:00Z");
        ledger.flush();
        assertThat(charge("a")).isEqualTo("research 0.0009 USD");
        assertThat(charge("b")).isEqualTo("research-2027 0.000875 USD");
        assertThat(charge("c")).as("not a digit is dropped").isEqualTo("azure 0.0010725 USD");
        assertThat(charge("d")).as("no rule: only the cost is kept").isEqualTo("null null");
        assertThat(row("c").entry().receipt().cost()).isEqualTo(Money.of("0.001", "USD"));
        assertThat(row("d").postings())
                .extracting(Posting::account)
                .containsExactly(Account.SUPPLIER_COST, Account.SUPPLIER_PAYABLE);
    }

    @Test
    void sharesOfTheContractsInForceArePostedAsTheyAreEarned() throws Exception {
        append("a", "blue", "azure", "2026-03-31T23:59:59Z");
        append("b", "blue", "azure", "2026-04-01T00:00:00Z");
        append("c", "blue", "azure", "2026-07-01T00:00:00Z");
        append("d", "blue", "azure", "2027-01-01T00:00:00Z");
        ledger.flush();
        assertThat(shares("a")).containsExactly("m 0.0002145 USD deal/first");
        assertThat(shares("b"))
                .as("an amendment supersedes")
                .containsExactly("m 0.00010725 USD deal/second");
        assertThat(shares("c")).as("waived").isEmpty();
        assertThat(shares("d")).as("ended").isEmpty();
        assertThat(reader.verify(Progress.NONE)).isEqualTo(new Ledger.Verification(4, null));
        assertThat(reader.rebuild(Progress.NONE)).isEmpty();
    }

    @Test
    void aChangeIsTakenUpWholeAndReRatingGoesByIt() throws Exception {
        append("a", "blue", "azure", "2026-03-01T00:00:00Z");
        ledger.flush();
        Books before = settlement.get();
        assertThat(settlement.get()).as("nothing is made anew").isSameAs(before);
        catalogue.set(Given.catalogue("party: v\ncharges:\n  - {name: half-up, mark_up: 50}\n"));
        contracts.set(ContractBook.EMPTY);
        assertThat(settlement.get()).isNotSameAs(before);
        append("b", "blue", "azure", "2026-03-01T00:00:00Z");
        ledger.flush();
        assertThat(charge("a")).isEqualTo("azure 0.0010725 USD");
        assertThat(charge("b")).isEqualTo("half-up 0.0015 USD");
        assertThat(shares("b")).isEmpty();

        var price = new Rerating.Price(Money.of("0.002", "USD"), null, null, "their invoice");
        LedgerRow anew = rerating().rerate("tn", "rcpt_a", price);

        assertThat(anew.entry().chargeRule()).isEqualTo("half-up");
        assertThat(anew.entry().receipt().charge()).isEqualTo(Money.of("0.003", "USD"));
        assertThat(reader.verify(Progress.NONE).flaw()).isNull();
    }

    @Test
    void aReRatingGoesByTheRulesOfTheAttemptsOwnDay() throws Exception {
        append("a", "research", "azure", "2026-12-01T00:00:00Z");
        ledger.flush();
        var price = new Rerating.Price(Money.of("0.002", "USD"), null, null, "their invoice");
        LedgerRow anew = rerating().rerate("tn", "rcpt_a", price);
        assertThat(anew.entry().chargeRule()).isEqualTo("research");
    }

    @Test
    void withoutRulesAndSharesNothingIsMadeOfAReceipt() {
        catalogue.set(Given.catalogue(""));
        assertThat(settlement.get()).isSameAs(Books.COSTS_ONLY);
    }

    @Test
    void theStatementOfASharesFollowsItsClause() throws Exception {
        append("a", "blue", "azure", "2026-03-31T23:59:59Z");
        append("b", "blue", "azure", "2026-04-01T00:00:00Z");
        append("c", "blue", "azure", "2026-07-01T00:00:00Z");
        ledger.flush();
        var statements = new Statements(new Rollups(database));
        Instant at = Instant.parse("2026-08-01T00:00:00Z");
        Terms terms = settlement.of("tn", at, at);
        assertThat(terms.shares())
                .extracting(ShareTerms::id)
                .containsExactly("deal/first", "deal/second");
        RevenueShare first = statements.share("tn", terms.shares().getFirst(), at);
        assertThat(first.owed()).as("the cap").isEqualTo(Money.of("0.0002", "USD"));
        assertThat(first.months()).hasSize(1);
        RevenueShare second = statements.share("tn", terms.shares().getLast(), at);
        assertThat(second.owed()).isEqualTo(Money.of("0.00010725", "USD"));
        assertThat(second.months()).hasSize(1);
        assertThat(settlement.ofParty("m", at, at).shares())
                .extracting(ShareTerms::id)
                .containsExactly("deal/other");
        assertThat(settlement.ofParty("m", at, at).notes())
                .contains("deal/first is left out: what is earned by v is not in this ledger");
    }

    private Rerating rerating() {
        return new Rerating(ledger, InstantSource.fixed(Instant.parse("2027-08-01T00:00:00Z")));
    }

    private void append(String id, String team, String channel, String ended) {
        Instant at = Instant.parse(ended);
        ledger.append(
                Receipt.builder()
                        .id("rcpt_" + id)
                        .orderId("ord_" + id)
                        .attempt(1)
                        .tenant("tn")
                        .team(team)
                        .principal("someone")
                        .keyId("key_1")
                        .storefront("openai.chat")
                        .modelAsked("v/one")
                        .model("v/one")
                        .supplier(channel)
                        .outcome(Receipt.Outcome.DELIVERED)
                        .usage(new Usage(Map.of(Meter.OUTPUT, 3L), false))
                        .cost(Money.of("0.001", "USD"))
                        .startedAt(at)
                        .endedAt(at)
                        .build()
                        .withTrade(channel, null, null));
    }

    private LedgerRow row(String id) {
        return reader.row("tn", "rcpt_" + id).orElseThrow();
    }

    private String charge(String id) {
        @Nullable Money charge = row(id).entry().receipt().charge();
        return row(id).entry().chargeRule() + " " + charge;
    }

    private List<String> shares(String id) {
        return row(id).postings().stream()
                .filter(posting -> posting.account() == Account.SHARE_COST)
                .map(posting -> posting.party() + " " + posting.amount() + " " + posting.rule())
                .toList();
    }
}

package entrepot.market.ledger;

import entrepot.conversation.Usage;
import entrepot.market.Money;
import entrepot.market.Receipt;
import entrepot.market.ledger.RowWriter.Draft;
import entrepot.market.ledger.books.Books;
import entrepot.market.ledger.books.Kind;
import entrepot.market.ledger.books.Posting;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;

/**
 * Gives a receipt another price: one row takes back what was said, another says it anew. Both are
 * booked now; the row they are about stays as it is.
 */
public final class Rerating {

    private final DatabaseLedger ledger;
    private final LedgerReader reader;
    private final InstantSource clock;

    public Rerating(DatabaseLedger ledger, InstantSource clock) {
        this.ledger = ledger;
        this.reader = new LedgerReader(ledger.database());
        this.clock = clock;
    }

    /**
     * The new price.
     *
     * @param cost what we owe the supplier
     * @param charge what the tenant owes; null when the rules decide
     * @param pricing the price book's version and tier, or the invoice it comes from
     * @param reason in words
     */
    public record Price(
            Money cost, @Nullable Money charge, @Nullable String pricing, String reason) {}

    /** It cannot be done; the message says why. */
    public static final class Refused extends RuntimeException {

        private static final long serialVersionUID = 1L;

        Refused(String message) {
            super(message);
        }
    }

    /**
     * Writes both rows; they are durable when this returns.
     *
     * @param id of the attempt's receipt
     * @return the row with the new price
     * @throws Refused when there is no such attempt, or it was re-rated by another meanwhile
     */
    public LedgerRow rerate(String tenant, String id, Price price) throws InterruptedException {
        LedgerRow attempt =
                reader.row(tenant, id)
                        .filter(row -> row.entry().kind() == Kind.ATTEMPT)
                        .orElseThrow(() -> new Refused("there is no receipt '" + id + "'"));
        List<LedgerRow> said =
                reader.corrections(tenant, id).stream()
                        .filter(row -> row.entry().kind() != Kind.REVERSAL)
                        .toList();
        LedgerRow valid = said.isEmpty() ? attempt : said.getLast();
        int revision = said.size() + 1;
        Instant now = clock.instant();
        Receipt before = valid.entry().receipt();
        if (before.cost() != null || before.charge() != null) {
            ledger.append(reversal(attempt, valid, revision, new Said(now, price.reason())));
        }
        Draft anew = anew(attempt, before, revision, new Said(now, price.reason()), price);
        ledger.append(anew);
        ledger.flush();
        String newId = anew.entry().receipt().id();
        return reader.row(tenant, newId)
                .filter(row -> row.entry().equals(anew.entry()))
                .orElseThrow(() ->
                        new Refused(
                                "receipt '"
                                        + id
                                        + "' was re-rated by somebody else meanwhile: look at it"
                                        + " and try again"));
    }

    private record Said(Instant at, String reason) {}

    private static Draft reversal(LedgerRow attempt, LedgerRow valid, int revision, Said said) {
        Receipt before = valid.entry().receipt();
        Money cost = before.cost();
        Money charge = before.charge();
        Receipt receipt =
                copy(
                                attempt.entry().receipt(),
                                "~" + revision + "r",
                                before.usage().estimated(),
                                new Said(
                                        said.at(),
                                        "takes back " + before.id() + ": " + said.reason()))
                        .withPricing(cost == null ? null : cost.negated(), before.pricing())
                        .withCharge(charge == null ? null : charge.negated());
        List<Posting> postings =
                valid.postings().stream()
                        .map(posting ->
                                new Posting(
                                        posting.account(),
                                        posting.party(),
                                        posting.amount().negated(),
                                        posting.rule()))
                        .toList();
        return draft(attempt, receipt, Kind.REVERSAL, valid.entry().chargeRule(), postings);
    }

    private Draft anew(LedgerRow attempt, Receipt before, int revision, Said said, Price price) {
        Receipt original = attempt.entry().receipt();
        Books books = ledger.books();
        Books.Charged charged =
                books.charge(
                        copy(original, "~" + revision, false, said)
                                .withPricing(price.cost(), price.pricing())
                                .withCharge(price.charge()),
                        original.endedAt());
        boolean first = before.cost() == null && !original.usage().meters().isEmpty();
        return draft(
                attempt,
                charged.receipt(),
                first ? Kind.PRICED : Kind.RERATED,
                charged.rule(),
                books.postings(charged, original.endedAt()));
    }

    private static Draft draft(
            LedgerRow attempt,
            Receipt receipt,
            Kind kind,
            @Nullable String rule,
            List<Posting> postings) {
        Receipt original = attempt.entry().receipt();
        return new Draft(
                new Entry(receipt, kind, original.id(), original.endedAt().toEpochMilli(), rule),
                postings);
    }

    /** The attempt's receipt without its usage, verdicts and times. */
    private static Receipt copy(Receipt of, String suffix, boolean estimated, Said said) {
        Instant at = Instant.ofEpochMilli(said.at().toEpochMilli());
        return ReceiptRow.cleaned(
                Receipt.builder()
                        .id(of.id() + suffix)
                        .orderId(of.orderId())
                        .attempt(of.attempt())
                        .tenant(of.tenant())
                        .team(of.team())
                        .principal(of.principal())
                        .keyId(of.keyId())
                        .storefront(of.storefront())
                        .modelAsked(of.modelAsked())
                        .model(of.model())
                        .supplier(of.supplier())
                        .outcome(of.outcome())
                        .usage(new Usage(Map.of(), estimated))
                        .startedAt(at)
                        .endedAt(at)
                        .sessionId(of.sessionId())
                        .turnId(of.turnId())
                        .detail(said.reason())
                        .channel(of.channel())
                        .region(of.region())
                        .api(of.api())
                        .project(of.project())
                        .clauses(of.clauses())
                        .build());
    }
}

package entrepot.market.capacity.notices;

import entrepot.identity.Audit;
import entrepot.identity.Caller;
import entrepot.identity.Ids;
import entrepot.market.catalog.Catalogue;
import entrepot.market.catalog.Demands;
import entrepot.market.contracts.AsOf;
import entrepot.market.contracts.CapacityAnswer;
import entrepot.market.contracts.CapacityAnswer.Purchase;
import entrepot.market.contracts.Clause;
import entrepot.market.contracts.ContractBook;
import entrepot.market.contracts.Occurrence.Offered;
import entrepot.market.contracts.Occurrence.Outcome;
import entrepot.store.Database;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Runs rights of first refusal: {@link #ask} says whether capacity may be bought and what must be
 * done first, {@link #offer} records that it was offered, {@link #answer} what the holder said. A
 * window that passes without an answer sets the purchase free by itself.
 */
public final class Notices {

    /** The tables of this package. */
    public static final Database.Migrations MIGRATIONS =
            new Database.Migrations("capacity", "entrepot/market/capacity/notices/migrations");

    private static final int TEXT_CHARS_MAX = 500;

    private final Parts parts;

    /**
     * What it is made of.
     *
     * @param database whose {@link #MIGRATIONS} have run
     * @param catalogue says which party a tenant is
     */
    public record Parts(
            Database database,
            Supplier<Catalogue> catalogue,
            Supplier<ContractBook> contracts,
            Audit audit,
            InstantSource clock,
            Ids ids) {}

    public Notices(Parts parts) {
        this.parts = parts;
    }

    /**
     * What is to be offered.
     *
     * @param clause {@code contract/clause}
     * @param purchase which one; empty when there is only one
     * @param document that shows the offer
     * @param offeredAt null for now
     */
    public record NewNotice(
            String clause,
            String seller,
            String purchase,
            String document,
            @Nullable Instant offeredAt) {}

    /**
     * Whether a tenant's party may buy capacity from a seller, and what has to be done first.
     *
     * @param buyer null for the tenant's own party, else for the catalogue's
     * @param purchase which one; null for all that were ever offered
     * @throws NoticeRefused when nobody knows who buys
     */
    public CapacityAnswer ask(
            String tenant,
            @Nullable String buyer,
            String seller,
            @Nullable String purchase,
            AsOf asOf) {
        Demands demands = parts.catalogue().get().demands();
        String tenants = demands.buyer(tenant).party();
        String own = tenants == null ? demands.charges().party() : tenants;
        String buying = buyer == null ? own : buyer;
        if (buying == null) {
            throw new NoticeRefused(
                    "buyer",
                    "nobody said which party the tenant is: give buyer, or set tenants."
                            + tenant
                            + ".party in the catalogue");
        }
        ContractBook book = parts.contracts().get();
        var recorded = new ArrayList<Offered>();
        for (Clause.FirstRefusal clause : book.inForce(Clause.FirstRefusal.class, asOf)) {
            if (clause.buyer().equals(buying)) {
                parts.database()
                        .read(sql -> NoticeTable.of(sql, tenant, clause.ref(), seller, purchase))
                        .forEach(notice -> recorded.add(notice.occurrence(asOf.known())));
            }
        }
        return book.firstRefusal(new Purchase(buying, seller, asOf), recorded);
    }

    /**
     * Records that a purchase was offered to the holder; durable when this returns. The deadline is
     * reckoned from the clause and never changes.
     *
     * @throws NoticeRefused when it cannot be
     */
    public Notice offer(Caller caller, NewNotice wanted) {
        Instant now = now();
        Instant offered = wanted.offeredAt() == null ? now : millis(wanted.offeredAt());
        if (offered.isAfter(now)) {
            throw new NoticeRefused("offered_at", "it is in the future: record what has happened");
        }
        check("purchase", wanted.purchase(), 0);
        check("document", wanted.document(), 1);
        Clause.FirstRefusal clause = clause(caller, wanted, AsOf.inHindsight(offered));
        var notice =
                new Notice(
                        parts.ids().next("ntc_"),
                        caller.tenant(),
                        clause.ref(),
                        wanted.seller(),
                        wanted.purchase(),
                        wanted.document(),
                        offered,
                        clause.deadline(offered),
                        now,
                        caller.principal(),
                        null);
        Optional<Notice> open =
                parts.database()
                        .write(sql -> {
                            Optional<Notice> waiting =
                                    NoticeTable.of(
                                                    sql,
                                                    notice.tenant(),
                                                    notice.clause(),
                                                    notice.seller(),
                                                    notice.purchase())
                                            .stream()
                                            .filter(each ->
                                                    each.standing(now) == Notice.Standing.WAITING)
                                            .findFirst();
                            if (waiting.isEmpty()) {
                                NoticeTable.insert(sql, notice);
                            }
                            return waiting;
                        });
        if (open.isPresent()) {
            throw new NoticeRefused(
                    "purchase",
                    "it was offered already, on "
                            + open.get().offeredAt()
                            + " ("
                            + open.get().id()
                            + "), and waits for an answer: name another purchase, or record the"
                            + " answer");
        }
        audit(caller, "capacity.offer", notice);
        return notice;
    }

    private Clause.FirstRefusal clause(Caller caller, NewNotice wanted, AsOf asOf) {
        ContractBook book = parts.contracts().get();
        if (!(book.clause(wanted.clause()) instanceof Clause.FirstRefusal clause)) {
            throw new NoticeRefused(
                    "clause",
                    "there is no right of first refusal '"
                            + wanted.clause()
                            + "' in the contracts: give contract/clause, as 'entrepot contracts"
                            + " show' names it");
        }
        if (!book.isInForce(clause, asOf)) {
            throw new NoticeRefused(
                    "offered_at", clause.ref() + " was not in force on " + asOf.at());
        }
        String own = parts.catalogue().get().demands().buyer(caller.tenant()).party();
        if (own != null && !own.equals(clause.buyer())) {
            throw new NoticeRefused(
                    "clause",
                    clause.ref() + " binds " + clause.buyer() + ", and this tenant is " + own);
        }
        if (book.contracts().stream()
                .noneMatch(contract -> contract.parties().containsKey(wanted.seller()))) {
            throw new NoticeRefused(
                    "seller", "'" + wanted.seller() + "' is no party of any contract");
        }
        if (wanted.seller().equals(clause.holder())) {
            throw new NoticeRefused(
                    "seller", "what " + clause.holder() + " sells need not be offered to it");
        }
        return clause;
    }

    /**
     * Records what the holder said; durable when this returns, and never changed.
     *
     * @param answeredAt null for now
     * @return null when the tenant has no such notice
     * @throws NoticeRefused when it was answered already, or its window had passed
     */
    public @Nullable Notice answer(
            Caller caller,
            String id,
            Outcome outcome,
            String document,
            @Nullable Instant answeredAt) {
        Instant now = now();
        Instant answered = answeredAt == null ? now : millis(answeredAt);
        check("document", document, 1);
        Notice notice = find(caller.tenant(), id).orElse(null);
        if (notice == null) {
            return null;
        }
        if (answered.isAfter(now) || answered.isBefore(notice.offeredAt())) {
            throw new NoticeRefused(
                    "answered_at",
                    "it must be from " + notice.offeredAt() + ", when it was offered, until now");
        }
        Instant deadline = notice.deadline();
        if (deadline != null && !answered.isBefore(deadline)) {
            throw new NoticeRefused(
                    "answered_at",
                    "the window ended on "
                            + deadline
                            + " without an answer: the purchase has been free since");
        }
        var answer = new Notice.Answer(outcome, document, answered, now, caller.principal());
        boolean first =
                parts.database().write(sql -> NoticeTable.insert(sql, caller.tenant(), id, answer));
        Notice after = find(caller.tenant(), id).orElseThrow();
        if (!first) {
            Notice.Answer before = Objects.requireNonNull(after.answer());
            throw new NoticeRefused(
                    "outcome",
                    "it was answered already, on "
                            + before.answeredAt()
                            + ": "
                            + before.outcome().name().toLowerCase(java.util.Locale.ROOT));
        }
        audit(caller, "capacity.answer", after);
        return after;
    }

    public Optional<Notice> find(String tenant, String id) {
        return parts.database().read(sql -> NoticeTable.find(sql, tenant, id));
    }

    /** A tenant's notices, the newest first. */
    public List<Notice> latest(String tenant, int countMax) {
        return parts.database().read(sql -> NoticeTable.latest(sql, tenant, countMax));
    }

    private Instant now() {
        return millis(parts.clock().instant());
    }

    private static Instant millis(Instant time) {
        return time.truncatedTo(ChronoUnit.MILLIS);
    }

    private static void check(String member, String text, int charsMin) {
        if (text.length() < charsMin || text.length() > TEXT_CHARS_MAX || text.indexOf('\0') >= 0) {
            throw new NoticeRefused(
                    member, "it must be " + charsMin + " to " + TEXT_CHARS_MAX + " characters");
        }
    }

    private void audit(Caller caller, String act, Notice notice) {
        Map<String, String> details = new LinkedHashMap<>();
        details.put("notice", notice.id());
        details.put("clause", notice.clause());
        details.put("seller", notice.seller());
        details.put("purchase", notice.purchase());
        details.put("offeredAt", notice.offeredAt().toString());
        Notice.Answer answer = notice.answer();
        if (answer == null) {
            details.put("document", notice.document());
        } else {
            details.put("outcome", answer.outcome().name());
            details.put("answeredAt", answer.answeredAt().toString());
            details.put("document", answer.document());
        }
        parts.audit()
                .record(
                        new Audit.Entry(
                                parts.clock().instant(),
                                caller.tenant(),
                                caller.principal(),
                                act,
                                details));
    }
}

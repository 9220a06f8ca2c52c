package entrepot.market.contracts;

import entrepot.market.contracts.CapacityAnswer.Purchase;
import entrepot.market.contracts.CapacityAnswer.Status;
import entrepot.market.contracts.Occurrence.Offered;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Answers whether compute may be bought from somebody, and who has to be asked before. */
final class CapacityDesk {

    private final ContractBook book;
    private final List<Offered> recorded;

    /**
     * @param recorded offers beside those of the contracts
     */
    CapacityDesk(ContractBook book, List<Offered> recorded) {
        this.book = book;
        this.recorded = recorded;
    }

    CapacityAnswer answer(Purchase purchase) {
        Set<String> channels = book.channelsOf(purchase.seller());
        for (Clause.Exclusivity clause : book.inForce(Clause.Exclusivity.class, purchase.asOf())) {
            if (clause.of() == Clause.Goods.CAPACITY
                    && clause.heading().parties().contains(purchase.buyer())
                    && !Sets.meet(clause.channels(), channels)) {
                return new CapacityAnswer(
                        Status.FORBIDDEN,
                        clause,
                        null,
                        List.of(),
                        said(purchase, "may not buy capacity from", clause),
                        "");
            }
        }
        CapacityAnswer served = null;
        for (Clause.FirstRefusal clause :
                book.inForce(Clause.FirstRefusal.class, purchase.asOf())) {
            if (clause.buyer().equals(purchase.buyer())
                    && !clause.holder().equals(purchase.seller())) {
                CapacityAnswer answer = refusal(purchase, clause);
                if (!answer.allowed()) {
                    return answer; // every holder has a right of its own
                }
                served = served == null ? answer : served;
            }
        }
        if (served != null) {
            return served;
        }
        return new CapacityAnswer(
                Status.FREE,
                null,
                null,
                List.of(),
                "no clause in force gives anybody a right in what "
                        + purchase.buyer()
                        + " buys from "
                        + purchase.seller(),
                "");
    }

    private CapacityAnswer refusal(Purchase purchase, Clause.FirstRefusal clause) {
        List<Offered> offers = offers(purchase, clause);
        Offered last = offers.isEmpty() ? null : offers.getLast();
        Instant windowEnd = windowEnd(last, clause);
        Status status = status(purchase.asOf().at(), last, windowEnd);
        String holder = clause.holder();
        String what =
                switch (status) {
                    case OFFER_FIRST -> holder + " must be offered it first";
                    case WAITING -> holder + " was offered it and has not answered";
                    case MATCHED -> holder + " will sell it itself: buy there";
                    case DECLINED -> holder + " declined it";
                    case WINDOW_OVER -> holder + " let its window pass";
                    case FREE, FORBIDDEN -> throw new IllegalStateException(status.name());
                };
        return new CapacityAnswer(
                status,
                clause,
                status == Status.WAITING ? windowEnd : null,
                offers,
                what + ": " + said(purchase, "buys capacity from", clause),
                "an occurrence 'offered' of "
                        + clause.ref()
                        + " with the seller "
                        + purchase.seller()
                        + ", its date, its outcome and the document that shows it");
    }

    private static Status status(Instant at, @Nullable Offered last, @Nullable Instant windowEnd) {
        if (last == null) {
            return Status.OFFER_FIRST;
        }
        return switch (last.outcomeAt(at)) {
            case MATCHED -> Status.MATCHED;
            case DECLINED -> Status.DECLINED;
            case null ->
                    windowEnd == null || at.isBefore(windowEnd)
                            ? Status.WAITING
                            : Status.WINDOW_OVER;
        };
    }

    private static @Nullable Instant windowEnd(@Nullable Offered last, Clause.FirstRefusal clause) {
        return last == null ? null : clause.deadline(last.at());
    }

    private List<Offered> offers(Purchase purchase, Clause.FirstRefusal clause) {
        return Stream.concat(
                        book.occurrences(Offered.class, purchase.asOf()).stream(),
                        recorded.stream()
                                .filter(offer -> offer.isKnown(purchase.asOf()))
                                .filter(offer -> !offer.at().isAfter(purchase.asOf().at())))
                .filter(offer -> offer.clause().equals(clause.ref()))
                .filter(offer -> offer.seller().equals(purchase.seller()))
                .sorted(Comparator.comparing(Offered::at))
                .toList();
    }

    private static String said(Purchase purchase, String does, Clause clause) {
        return purchase.buyer()
                + " "
                + does
                + " "
                + purchase.seller()
                + "; "
                + clause.heading().says()
                + " ("
                + Judgement.cited(clause)
                + ")";
    }
}

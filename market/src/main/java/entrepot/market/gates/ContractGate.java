package entrepot.market.gates;

import entrepot.market.Order.ApiKind;
import entrepot.market.Receipt.Verdict;
import entrepot.market.catalog.Supplier.Channel;
import entrepot.market.contracts.Carriage;
import entrepot.market.contracts.ContractBook;
import entrepot.market.contracts.Judgement;
import entrepot.market.contracts.Judgement.Finding;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * Whether a clause in force forbids this channel for this kind of call. Decides by the snapshot of
 * the contracts at the time of the question; a call that has passed keeps what it was told.
 *
 * <p>Each question is judged anew; only the words are kept, so that no verdict outlives the instant
 * at which a clause begins or ends.
 */
public final class ContractGate implements OfferGate {

    /** How many verdicts are kept; with one more, all are forgotten. */
    static final int VERDICTS_MAX = 4_096;

    /** In verdicts. */
    public static final String NAME = "contract";

    private static final Verdict NO_CONTRACTS =
            new Verdict(NAME, true, "there are no contracts here");

    private final Supplier<ContractBook> book;

    private volatile Verdicts verdicts = new Verdicts(ContractBook.EMPTY);

    /**
     * @param book gives the snapshot in force
     */
    public ContractGate(Supplier<ContractBook> book) {
        this.book = book;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String version() {
        return "contracts " + book.get().version();
    }

    @Override
    public boolean idle() {
        return verdicts(book.get()).book.isEmpty();
    }

    @Override
    public Verdict nothing() {
        return NO_CONTRACTS;
    }

    @Override
    public Verdict judge(Question question) {
        ContractBook contracts = book.get();
        Verdicts here = verdicts(contracts);
        return contracts.isEmpty() ? NO_CONTRACTS : here.of(contracts.judge(carriage(question)));
    }

    /** A question as contracts understand it. */
    public static Carriage carriage(Question question) {
        Channel channel = question.supplier().channel();
        String vendor = question.model().vendor();
        return new Carriage(
                question.model().id(),
                vendor,
                question.api(),
                channel.name(),
                channel.firstParty(vendor),
                question.territory(),
                question.at(),
                question.known());
    }

    /** How many verdicts are kept now. */
    int kept() {
        return verdicts.byWords.size();
    }

    /** Those of one snapshot; those of another are forgotten. */
    private Verdicts verdicts(ContractBook contracts) {
        Verdicts here = verdicts;
        if (here.book != contracts) {
            here = new Verdicts(contracts);
            verdicts = here;
        }
        return here;
    }

    /**
     * All that the words of a verdict depend on, within one snapshot.
     *
     * @param deciding {@code contract/clause}; null when none speaks of it
     * @param territory the buyer's; empty when it is not known, or does not matter
     */
    private record Words(
            String model,
            ApiKind api,
            String channel,
            boolean firstParty,
            @Nullable String deciding,
            Finding finding,
            boolean allowed,
            Instant until,
            Set<String> openChannels,
            String territory) {

        static Words of(Judgement judgement) {
            Carriage carriage = judgement.carriage();
            return new Words(
                    carriage.model(),
                    carriage.api(),
                    carriage.channel(),
                    carriage.firstParty(),
                    judgement.deciding() == null ? null : judgement.deciding().ref(),
                    judgement.finding(),
                    judgement.allowed(),
                    judgement.until(),
                    judgement.openChannels(),
                    judgement.isTerritorial() ? carriage.territory() : "");
        }
    }

    /** The verdicts of one snapshot, equal ones as one object. */
    private static final class Verdicts {

        private final ContractBook book;
        private final Map<Words, Verdict> byWords = new ConcurrentHashMap<>();

        Verdicts(ContractBook book) {
            this.book = book;
        }

        Verdict of(Judgement judgement) {
            Words words = Words.of(judgement);
            Verdict kept = byWords.get(words);
            return kept == null ? add(words, judgement) : kept;
        }

        private synchronized Verdict add(Words words, Judgement judgement) {
            if (byWords.size() >= VERDICTS_MAX) {
                byWords.clear();
            }
            return byWords.computeIfAbsent(words, _ -> verdict(words, judgement));
        }

        private static Verdict verdict(Words words, Judgement judgement) {
            String remedy = judgement.remedy();
            return new Verdict(
                    NAME,
                    words.allowed(),
                    judgement.reason(),
                    words.deciding(),
                    remedy.isEmpty() ? null : remedy);
        }
    }
}

package entrepot.market.gates;

import entrepot.market.Receipt.Verdict;
import entrepot.market.catalog.Supplier.Channel;
import entrepot.market.contracts.Carriage;
import entrepot.market.contracts.ContractBook;
import entrepot.market.contracts.Judgement;

import java.util.function.Supplier;

/**
 * Whether a clause in force forbids this channel for this kind of call. Decides by the snapshot of
 * the contracts at the time of the question; a call that has passed keeps what it was told.
 *
 * @param book gives the snapshot in force
 */
public record ContractGate(Supplier<ContractBook> book) implements OfferGate {

    private static final String NAME = "contract";
    private static final Verdict NO_CONTRACTS =
            new Verdict(NAME, true, "there are no contracts here");

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String version() {
        return "contracts " + book.get().version();
    }

    @Override
    public Verdict judge(Question question) {
        ContractBook contracts = book.get();
        if (contracts.clauses().isEmpty()) {
            return NO_CONTRACTS;
        }
        Channel channel = question.supplier().channel();
        String vendor = question.model().vendor();
        Judgement judgement =
                contracts.judge(
                        new Carriage(
                                question.model().id(),
                                vendor,
                                question.api(),
                                channel.name(),
                                channel.firstParty(vendor),
                                "",
                                question.at(),
                                question.known()));
        String remedy = judgement.remedy();
        return new Verdict(
                NAME,
                judgement.allowed(),
                judgement.reason(),
                judgement.deciding() == null ? null : judgement.deciding().ref(),
                remedy.isEmpty() ? null : remedy);
    }
}

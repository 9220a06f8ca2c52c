package entrepot.market.terms;

import entrepot.market.contracts.ContractBook;
import entrepot.market.gates.ContractGate;
import entrepot.market.gates.Question;

import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/**
 * The residency rules that clauses of contracts make.
 *
 * @param book gives the snapshot in force
 */
public record ContractResidency(Supplier<ContractBook> book) implements ResidencySource {

    @Override
    public boolean isEmpty() {
        return !book.get().hasResidencies();
    }

    @Override
    public List<ResidencyRule> rules(Question question) {
        return book.get().residencies(ContractGate.carriage(question)).stream()
                .map(clause ->
                        new ResidencyRule(
                                clause.ref(), Set.of(), clause.regions(), clause.processors()))
                .toList();
    }
}

package entrepot.market.terms;

import entrepot.market.contracts.AsOf;
import entrepot.market.contracts.Clause;
import entrepot.market.contracts.ContractBook;
import entrepot.market.gates.ContractGate;
import entrepot.market.gates.Question;

import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;

/**
 * The terms that clauses of contracts demand, each under the name of its clause.
 *
 * @param book gives the snapshot in force
 */
public record ContractTerms(Supplier<ContractBook> book) implements TermsSource {

    @Override
    public boolean isEmpty() {
        return !book.get().hasTerms();
    }

    @Override
    public List<RequiredTerms> required(Question question) {
        return terms(book.get().terms(ContractGate.carriage(question)));
    }

    @Override
    public List<RequiredTerms> ofModel(String model, Instant at) {
        return terms(book.get().terms(model, AsOf.now(at)));
    }

    private static List<RequiredTerms> terms(List<Clause.Terms> clauses) {
        return clauses.stream()
                .map(clause ->
                        new RequiredTerms(
                                clause.ref(),
                                clause.version(),
                                clause.heading().says(),
                                clause.url(),
                                clause.ref()))
                .toList();
    }
}

package entrepot.market.policy;

import entrepot.market.yaml.Problem;

import java.util.List;
import java.util.stream.Collectors;

/** Policies that cannot be used, with everything that is wrong with them, in order of place. */
public final class PoliciesInvalid extends IllegalStateException {

    private static final long serialVersionUID = 1L;

    private final transient List<Problem> problems;

    PoliciesInvalid(List<Problem> problems) {
        super(problems.stream().map(Problem::toString).collect(Collectors.joining("\n")));
        this.problems = List.copyOf(problems);
    }

    public List<Problem> problems() {
        return problems;
    }
}

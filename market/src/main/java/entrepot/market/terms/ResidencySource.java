package entrepot.market.terms;

import entrepot.market.gates.Question;

import java.util.List;

/** Who rules where content may be worked on. Asked for each offer: answers from memory. */
@FunctionalInterface
public interface ResidencySource {

    /** The rules that fit a call; all of them hold. */
    List<ResidencyRule> rules(Question question);
}

package entrepot.market.terms;

import entrepot.market.gates.Question;

import java.util.List;

/** Who rules where content may be worked on. Asked for each offer: answers from memory. */
public interface ResidencySource {

    /** Whether there are no rules. */
    boolean isEmpty();

    /** The rules that fit a call; all of them hold. */
    List<ResidencyRule> rules(Question question);
}

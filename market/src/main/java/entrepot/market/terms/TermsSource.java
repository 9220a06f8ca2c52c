package entrepot.market.terms;

import entrepot.market.gates.Question;

import java.time.Instant;
import java.util.List;

/** Who demands that terms be accepted. Asked for each offer of each order: answers from memory. */
public interface TermsSource {

    /** Whether nothing is demanded of any call. */
    boolean isEmpty();

    /** What must have been accepted for a call, in the versions in force when it is made. */
    List<RequiredTerms> required(Question question);

    /**
     * What some call for a model may need.
     *
     * @param model canonical id
     */
    List<RequiredTerms> ofModel(String model, Instant at);
}

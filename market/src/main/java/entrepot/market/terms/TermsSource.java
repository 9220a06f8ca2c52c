package entrepot.market.terms;

import org.jspecify.annotations.Nullable;

import java.time.Instant;

/** Who demands that terms be accepted. Asked for each offer of each order: answers from memory. */
@FunctionalInterface
public interface TermsSource {

    /**
     * @param model canonical id
     * @param at when the call is made: the version in force then counts
     * @return null when nothing has to be accepted
     */
    @Nullable RequiredTerms required(String model, Instant at);
}

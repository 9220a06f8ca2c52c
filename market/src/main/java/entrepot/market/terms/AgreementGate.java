package entrepot.market.terms;

import entrepot.market.Receipt.Verdict;
import entrepot.market.gates.OfferGate;
import entrepot.market.gates.Question;

import java.time.Instant;
import java.util.List;

/** Whether the tenant has accepted what the model's use is bound to, in the version in force. */
public final class AgreementGate implements OfferGate {

    static final String NAME = "agreement";

    private static final Verdict NONE_NEEDED =
            new Verdict(NAME, true, "nothing has to be accepted for this model");

    private final List<TermsSource> sources;
    private final Acceptances acceptances;

    /**
     * @param sources all of whose terms must have been accepted
     */
    public AgreementGate(List<TermsSource> sources, Acceptances acceptances) {
        this.sources = List.copyOf(sources);
        this.acceptances = acceptances;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public boolean idle() {
        for (TermsSource source : sources) {
            if (!source.isEmpty()) {
                return false;
            }
        }
        return true;
    }

    @Override
    public Verdict nothing() {
        return NONE_NEEDED;
    }

    @Override
    public Verdict judge(Question question) {
        Verdict yes = NONE_NEEDED;
        String tenant = question.caller().tenant();
        for (TermsSource source : sources) {
            for (RequiredTerms terms : source.required(question)) {
                Acceptances.Held held = acceptances.held(tenant, terms.id(), terms.version());
                if (held == null || !counts(held.acceptance(), question)) {
                    return refusal(tenant, terms);
                }
                yes = held.verdict();
            }
        }
        return yes;
    }

    private static boolean counts(Acceptance acceptance, Question question) {
        Instant since = acceptance.acceptedAt();
        return !since.isAfter(question.at()) && !since.isAfter(question.known());
    }

    private static Verdict refusal(String tenant, RequiredTerms terms) {
        return new Verdict(
                NAME,
                false,
                "tenant %s has not accepted version %s of '%s'"
                        .formatted(tenant, terms.version(), terms.title()),
                terms.source(),
                (terms.url() == null ? "" : "read " + terms.url() + ", then let an admin run ")
                        + "entrepot terms accept %s --version %s"
                                .formatted(terms.id(), terms.version()));
    }
}

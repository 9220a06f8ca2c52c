package entrepot.market.policy;

import entrepot.market.Receipt.Verdict;
import entrepot.market.gates.OfferGate;
import entrepot.market.gates.Question;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whether the policies in force permit a call. What log-only ones would refuse is counted. */
public final class PolicyGate implements OfferGate {

    private static final Logger log = LoggerFactory.getLogger(PolicyGate.class);

    private final PolicyFolder folder;

    public PolicyGate(PolicyFolder folder) {
        this.folder = folder;
    }

    @Override
    public String name() {
        return PolicySnapshot.GATE;
    }

    @Override
    public String version() {
        return "policies " + folder.get().version();
    }

    @Override
    public boolean idle() {
        return folder.get().idle();
    }

    @Override
    public Verdict nothing() {
        return PolicySnapshot.NO_POLICIES;
    }

    @Override
    public Verdict judge(Question question) {
        return decide(question).verdict();
    }

    @Override
    public void noted(Question question, Verdict verdict) {
        if (decide(question).count()) {
            log.warn(
                    "tenant {}, principal {}, {} at {}: {}",
                    question.caller().tenant(),
                    question.caller().principal(),
                    question.model().id(),
                    question.supplier().id(),
                    verdict.reason());
        }
    }

    private Decision decide(Question question) {
        PolicySnapshot here = folder.get();
        return here.decide(Asked.of(question, here.reads()));
    }
}

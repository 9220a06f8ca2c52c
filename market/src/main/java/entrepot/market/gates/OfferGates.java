package entrepot.market.gates;

import entrepot.conversation.Failure;
import entrepot.conversation.Failure.Cause;
import entrepot.identity.Caller;
import entrepot.market.Receipt.Verdict;
import entrepot.market.catalog.Model;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The gates that each offer of an order passes, in their order. */
public final class OfferGates {

    /** How many refused ways one refusal tells of. */
    private static final int TOLD_MAX = 3;

    private final List<OfferGate> gates;

    public OfferGates(List<OfferGate> gates) {
        this.gates = List.copyOf(gates);
    }

    /** Whether no way could be refused by now, since there are no gates or no rules. */
    public boolean idle() {
        for (OfferGate gate : gates) {
            if (!gate.idle()) {
                return false;
            }
        }
        return true;
    }

    /** What the gates decide by, those of them that say so. */
    public List<String> versions() {
        return gates.stream().map(OfferGate::version).filter(each -> !each.isEmpty()).toList();
    }

    /** Whether a caller is told that a model is there. */
    public boolean list(Caller caller, Model model) {
        for (OfferGate gate : gates) {
            if (!gate.lists(caller, model)) {
                return false;
            }
        }
        return true;
    }

    /** What the gates with something to judge say of an order, up to and with the first no. */
    public List<Verdict> judge(Question question) {
        var verdicts = new ArrayList<Verdict>(gates.size());
        for (OfferGate gate : gates) {
            if (gate.idle()) {
                continue;
            }
            Verdict verdict = gate.judge(question);
            if (verdict.equals(gate.nothing())) {
                continue;
            }
            gate.noted(question, verdict);
            verdicts.add(verdict);
            if (!verdict.passed()) {
                return verdicts;
            }
        }
        return verdicts;
    }

    /** What every gate says, however many say no: for an explanation. */
    public List<Verdict> judgeAll(Question question) {
        return gates.stream().map(gate -> gate.judge(question)).toList();
    }

    /**
     * Why an order cannot be filled at all.
     *
     * @param refused the no that each way got, by supplier; at least one
     */
    public static Failure refusal(Map<String, Verdict> refused) {
        Map.Entry<String, Verdict> first = refused.entrySet().iterator().next();
        String message;
        if (refused.size() == 1) {
            message = first.getKey() + ": " + first.getValue().text();
        } else {
            var told = new ArrayList<String>();
            refused.entrySet().stream()
                    .limit(TOLD_MAX)
                    .forEach(each -> told.add(each.getKey() + ": " + each.getValue().text()));
            String more =
                    refused.size() > TOLD_MAX
                            ? "; and " + (refused.size() - TOLD_MAX) + " more"
                            : "";
            message = "no supplier may fill this order. " + String.join("; ", told) + more;
        }
        String gate = first.getValue().gate();
        return new Failure(
                Cause.FORBIDDEN,
                message,
                "model",
                gate.toLowerCase(Locale.ROOT) + "_refused",
                null,
                null,
                null);
    }
}

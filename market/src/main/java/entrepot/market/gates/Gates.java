package entrepot.market.gates;

import entrepot.conversation.Failure;
import entrepot.market.Order;
import entrepot.market.Receipt.Verdict;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/** The gates in their order. */
public final class Gates {

    private final List<Gate> gates;
    private final List<Verdict> allPassed;

    public Gates(List<Gate> gates) {
        this.gates = List.copyOf(gates);
        this.allPassed = this.gates.stream().map(Gate::yes).toList();
    }

    /** What the gates say of an order that passes them all. */
    public List<Verdict> allPassed() {
        return allPassed;
    }

    /**
     * Leads an order through. An order that passes must {@link #leave} again; one that is refused
     * has left already.
     *
     * @return null when it passes
     */
    public @Nullable Refusal enter(Order order) {
        for (int i = 0; i < gates.size(); i++) {
            Failure failure = gates.get(i).enter(order);
            if (failure != null) {
                leave(order, i);
                return refusal(i, failure);
            }
        }
        return null;
    }

    /** What each gate would say of an order now; takes nothing. */
    public List<Verdict> look(Order order) {
        var verdicts = new ArrayList<Verdict>();
        for (Gate gate : gates) {
            Failure failure = gate.look(order);
            verdicts.add(
                    failure == null
                            ? gate.yes()
                            : new Verdict(gate.yes().gate(), false, failure.message()));
        }
        return verdicts;
    }

    public void leave(Order order) {
        leave(order, gates.size());
    }

    private void leave(Order order, int count) {
        for (int i = count - 1; i >= 0; i--) {
            gates.get(i).leave(order);
        }
    }

    private Refusal refusal(int index, Failure failure) {
        var verdicts = new ArrayList<>(allPassed.subList(0, index));
        String gate = allPassed.get(index).gate();
        verdicts.add(new Verdict(gate, false, failure.message()));
        return new Refusal(verdicts, failure);
    }

    /** What the gates said, the last of them no. */
    public record Refusal(List<Verdict> verdicts, Failure failure) {
        public Refusal {
            verdicts = List.copyOf(verdicts);
        }
    }
}

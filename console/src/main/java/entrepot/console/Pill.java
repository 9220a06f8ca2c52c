package entrepot.console;

import entrepot.market.Receipt;
import entrepot.runtime.session.View;

/**
 * A status in a word and a tone.
 *
 * @param tone {@code good}, {@code busy}, {@code wait}, {@code bad} or empty
 */
public record Pill(String word, String tone) {

    static Pill of(View.Status status) {
        return switch (status) {
            case IDLE -> new Pill("idle", "good");
            case IN_PROGRESS -> new Pill("in progress", "busy");
            case REQUIRES_ACTION -> new Pill("waits for a result", "wait");
            case FAILED -> new Pill("failed", "bad");
        };
    }

    static Pill of(Receipt.Outcome outcome) {
        return switch (outcome) {
            case DELIVERED -> new Pill("delivered", "good");
            case CANCELLED -> new Pill("cancelled", "wait");
            case FAILED -> new Pill("failed", "bad");
            case BROKEN -> new Pill("broke off", "bad");
            case REFUSED -> new Pill("refused", "bad");
        };
    }
}

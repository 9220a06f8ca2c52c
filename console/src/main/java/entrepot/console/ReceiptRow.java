package entrepot.console;

import entrepot.market.Receipt;

import java.time.Duration;
import java.util.List;

/** A receipt in a table. */
public record ReceiptRow(
        String id,
        String startedAt,
        String startedText,
        Pill outcome,
        String detail,
        String model,
        String supplier,
        List<Receipt.Verdict> gates,
        long inputTokens,
        long outputTokens,
        long firstEventMillis,
        long tookMillis,
        String costNumber,
        String cost) {

    static ReceiptRow of(Receipt receipt) {
        return new ReceiptRow(
                receipt.id(),
                receipt.startedAt().toString(),
                Words.moment(receipt.startedAt()),
                Pill.of(receipt.outcome()),
                receipt.detail() == null ? "" : receipt.detail(),
                receipt.model(),
                receipt.supplier(),
                receipt.verdicts(),
                receipt.usage().inputTokens(),
                receipt.usage().outputTokens(),
                receipt.firstEventMillis() == null ? -1 : receipt.firstEventMillis(),
                Duration.between(receipt.startedAt(), receipt.endedAt()).toMillis(),
                receipt.cost() == null ? "" : receipt.cost().amount().toPlainString(),
                Words.cost(receipt.cost()));
    }

    public String inputText() {
        return Words.count(inputTokens);
    }

    public String outputText() {
        return Words.count(outputTokens);
    }

    public String firstEventText() {
        return firstEventMillis < 0 ? "–" : Words.millis(firstEventMillis);
    }

    public String tookText() {
        return Words.millis(tookMillis);
    }
}

package entrepot.market.testing;

import entrepot.market.Receipt;
import entrepot.market.ledger.Ledger;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** A ledger that forgets when the test is over. */
public final class MemoryLedger implements Ledger {

    private static final int PAGE_MAX = 1_000;

    private final List<Receipt> receipts = new CopyOnWriteArrayList<>();
    private volatile boolean keepsUp = true;

    /** Makes it say that it has no more room, or has again. */
    public void keepUp(boolean able) {
        keepsUp = able;
    }

    /** All receipts in the order they were appended. */
    public List<Receipt> all() {
        return List.copyOf(receipts);
    }

    @Override
    public void append(Receipt receipt) {
        receipts.add(receipt);
    }

    @Override
    public void flush() {}

    @Override
    public List<Receipt> ofSession(String tenant, String sessionId) {
        return receipts.stream()
                .filter(receipt -> receipt.tenant().equals(tenant))
                .filter(receipt -> sessionId.equals(receipt.sessionId()))
                .toList();
    }

    @Override
    public List<Receipt> latest(String tenant, int countMax) {
        return receipts.reversed().stream()
                .filter(receipt -> receipt.tenant().equals(tenant))
                .limit(countMax)
                .toList();
    }

    @Override
    public List<Receipt> between(
            String tenant, Instant from, Instant to, @Nullable String afterId, int countMax) {
        List<Receipt> sorted =
                receipts.stream()
                        .filter(receipt -> receipt.tenant().equals(tenant))
                        .sorted(Comparator.comparing(Receipt::startedAt).thenComparing(Receipt::id))
                        .toList();
        List<String> ids = sorted.stream().map(Receipt::id).toList();
        if (afterId != null && !ids.contains(afterId)) {
            throw new IllegalArgumentException("there is no receipt " + afterId);
        }
        return sorted.stream()
                .skip(afterId == null ? 0 : ids.indexOf(afterId) + 1L)
                .filter(receipt -> !receipt.startedAt().isBefore(from))
                .filter(receipt -> receipt.startedAt().isBefore(to))
                .limit(Math.clamp(countMax, 1, PAGE_MAX))
                .toList();
    }

    @Override
    public boolean keepsUp() {
        return keepsUp;
    }

    @Override
    public Status status() {
        return new Status(0, Integer.MAX_VALUE, 0, null, Map.of());
    }

    @Override
    public Verification verify() {
        return new Verification(receipts.size(), null);
    }
}

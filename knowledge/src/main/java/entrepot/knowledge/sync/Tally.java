package entrepot.knowledge.sync;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/** Counts of a pass under way, kept by the threads that read. */
final class Tally {

    private final long startedMillis;
    private final List<String> warnings = new ArrayList<>();
    private SyncProgress.State state = SyncProgress.State.LISTING;
    private int found;
    private int toRead;
    private int read;
    private int unchanged;
    private int skipped;
    private int removed;
    private int failed;
    private @Nullable String current;

    Tally(long startedMillis) {
        this.startedMillis = startedMillis;
    }

    synchronized void found(int count) {
        found = count;
    }

    synchronized void warn(List<String> more) {
        warnings.addAll(more);
    }

    synchronized void reads(int count, int same, int left) {
        state = SyncProgress.State.READING;
        toRead = count;
        unchanged = same;
        skipped = left;
    }

    synchronized void begins(String document) {
        current = document;
    }

    synchronized void ended(boolean good) {
        read++;
        if (!good) {
            failed++;
        }
    }

    synchronized void removed() {
        removed++;
    }

    synchronized SyncProgress now() {
        return progress(state, 0, current, null);
    }

    synchronized SyncProgress done(long endedMillis) {
        return progress(SyncProgress.State.DONE, endedMillis, null, null);
    }

    synchronized SyncProgress failed(long endedMillis, String why) {
        return progress(SyncProgress.State.FAILED, endedMillis, null, why);
    }

    private SyncProgress progress(
            SyncProgress.State at,
            long endedMillis,
            @Nullable String document,
            @Nullable String error) {
        return new SyncProgress(
                at,
                startedMillis,
                endedMillis,
                found,
                toRead,
                read,
                unchanged,
                skipped,
                removed,
                failed,
                document,
                error,
                warnings);
    }
}

package entrepot.knowledge.sync;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.util.ArrayList;
import java.util.List;

/**
 * How far a pass has come.
 *
 * @param found documents listed so far; all of them once it reads
 * @param toRead how many of them have changed
 * @param read of those, how many were read
 * @param unchanged what did not need reading
 * @param skipped what holds no text, such as pictures
 * @param removed what is gone from the source
 * @param failed what could not be read
 * @param current the document that is being read
 * @param error why the pass failed as a whole
 * @param warnings what an operator should look at
 */
public record SyncProgress(
        State state,
        long startedMillis,
        long endedMillis,
        int found,
        int toRead,
        int read,
        int unchanged,
        int skipped,
        int removed,
        int failed,
        @Nullable String current,
        @Nullable String error,
        List<String> warnings) {

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final int WARNINGS_MAX = 20;

    public SyncProgress {
        warnings = warnings.stream().limit(WARNINGS_MAX).toList();
    }

    /** What a pass does now. */
    public enum State {
        /** None was begun yet. */
        NEW,
        LISTING,
        READING,
        DONE,
        FAILED
    }

    public static SyncProgress none() {
        return new SyncProgress(State.NEW, 0, 0, 0, 0, 0, 0, 0, 0, 0, null, null, List.of());
    }

    /** A JSON object. */
    public String written() {
        var json =
                JSON.createObjectNode()
                        .put("state", state.name())
                        .put("started", startedMillis)
                        .put("ended", endedMillis)
                        .put("found", found)
                        .put("to_read", toRead)
                        .put("read", read)
                        .put("unchanged", unchanged)
                        .put("skipped", skipped)
                        .put("removed", removed)
                        .put("failed", failed)
                        .put("current", current)
                        .put("error", error);
        var list = json.putArray("warnings");
        warnings.forEach(list::add);
        return json.toString();
    }

    /** As {@link #written} wrote it; a text of another version says that nothing is known. */
    public static SyncProgress of(String written) {
        try {
            JsonNode json = JSON.readTree(written);
            if (!json.path("state").isString()) {
                return none();
            }
            var warnings = new ArrayList<String>();
            json.path("warnings").forEach(each -> warnings.add(each.asString("")));
            return new SyncProgress(
                    State.valueOf(json.path("state").asString()),
                    json.path("started").asLong(0),
                    json.path("ended").asLong(0),
                    json.path("found").asInt(0),
                    json.path("to_read").asInt(0),
                    json.path("read").asInt(0),
                    json.path("unchanged").asInt(0),
                    json.path("skipped").asInt(0),
                    json.path("removed").asInt(0),
                    json.path("failed").asInt(0),
                    json.hasNonNull("current") ? json.path("current").asString() : null,
                    json.hasNonNull("error") ? json.path("error").asString() : null,
                    warnings);
        } catch (JacksonException | IllegalArgumentException e) {
            return none();
        }
    }
}

package entrepot.knowledge.index;

import entrepot.knowledge.sources.Access;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * A document that was just read, to be stored.
 *
 * @param body its text; the passages stand in it verbatim
 * @param vectors one per passage
 * @param error what is wrong though it was read, such as that it was cut; null when nothing is
 */
public record Reading(
        String id,
        String stamp,
        String revision,
        String title,
        String uri,
        String contentType,
        String label,
        Access access,
        long bytes,
        String body,
        List<Passage> passages,
        List<float[]> vectors,
        @Nullable String error) {

    public Reading {
        passages = List.copyOf(passages);
        vectors = List.copyOf(vectors);
        if (passages.size() != vectors.size()) {
            throw new IllegalArgumentException("as many vectors as passages");
        }
    }

    /** A document that could not be read: it has no passages, only a reason. */
    public Reading failed(String why) {
        return new Reading(
                id,
                stamp,
                revision,
                title,
                uri,
                contentType,
                label,
                access,
                bytes,
                "",
                List.of(),
                List.of(),
                why);
    }
}

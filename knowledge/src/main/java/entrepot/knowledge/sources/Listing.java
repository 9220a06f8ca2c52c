package entrepot.knowledge.sources;

import java.util.List;

/**
 * What a source has, or what changed in it.
 *
 * @param complete whether these are all documents there are: what is not among them is gone
 * @param removed ids of documents that are gone, where the listing is not complete
 * @param cursor what to list changes since, the next time
 * @param warnings what could not be listed, in words for people
 */
public record Listing(
        List<Entry> entries,
        boolean complete,
        List<String> removed,
        String cursor,
        List<String> warnings) {

    public Listing {
        entries = List.copyOf(entries);
        removed = List.copyOf(removed);
        warnings = List.copyOf(warnings);
    }

    /** All documents there are. */
    public static Listing complete(List<Entry> entries, String cursor, List<String> warnings) {
        return new Listing(entries, true, List.of(), cursor, warnings);
    }
}

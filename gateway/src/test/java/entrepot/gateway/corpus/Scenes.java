package entrepot.gateway.corpus;

import entrepot.testkit.Recording;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What is played: the recordings of this machine, and exchanges that were made up for the tests.
 */
final class Scenes {

    private static final Path MADE_UP =
            Path.of(System.getProperty("entrepot.root", ".."), "gateway/src/test/corpus");

    private Scenes() {}

    /** The exchanges of a track, those with a request. */
    static List<Recording> of(Track track) {
        var all = new ArrayList<>(Recording.known(track.files().toArray(String[]::new)));
        all.addAll(madeUp(track));
        all.removeIf(each -> each.request().length == 0);
        return all;
    }

    /** The ids of what was made up and must be understood: all but failures. */
    static List<String> whole(Track track) {
        return madeUp(track).stream()
                .filter(each -> each.status() == 200 && !each.id().contains("failed"))
                .map(Recording::id)
                .toList();
    }

    private static List<Recording> madeUp(Track track) {
        var all = new ArrayList<Recording>();
        for (String file : track.files()) {
            if (Files.exists(MADE_UP.resolve(file))) {
                all.addAll(Recording.in(MADE_UP.resolve(file)));
            }
        }
        return all;
    }
}

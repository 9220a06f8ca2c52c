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
        for (String file : track.files()) {
            if (Files.exists(MADE_UP.resolve(file))) {
                all.addAll(Recording.in(MADE_UP.resolve(file)));
            }
        }
        all.removeIf(each -> each.request().length == 0);
        return all;
    }
}

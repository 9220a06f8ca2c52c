package entrepot.protocols;

import static java.nio.charset.StandardCharsets.UTF_8;

import entrepot.testkit.Recording;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;

/** Recorded exchanges with real providers, which stand beside the project on some machines. */
public final class Corpus {

    private Corpus() {}

    /**
     * One exchange.
     *
     * @param events the payloads of a stream; empty when the answer was whole
     * @param framed the stream as it came, or framed again where the recorder took that away
     */
    public record Row(
            String id,
            String path,
            byte[] request,
            int status,
            byte[] response,
            List<String> events,
            byte[] framed) {

        public boolean isStream() {
            return !events.isEmpty();
        }

        @Override
        public String toString() {
            return id;
        }
    }

    /** The rows of some files; skips the test, by name, where the corpus is absent. */
    public static List<Row> rows(String... files) {
        return Recording.of(files).stream().map(Corpus::row).toList();
    }

    /**
     * One exchange of any dialect.
     *
     * @param file it stands in
     * @param protocol what it is, in the corpus's own words
     */
    public record Exchange(String file, String protocol, Row row) {

        @Override
        public String toString() {
            return file + " " + row.id();
        }
    }

    /** All exchanges of the folder of recordings. */
    public static List<Exchange> exchanges() {
        var exchanges = new ArrayList<Exchange>();
        for (String file : Recording.files()) {
            for (Recording recording : Recording.known(file)) {
                if (!recording.protocol().isEmpty()) {
                    exchanges.add(new Exchange(file, recording.protocol(), row(recording)));
                }
            }
        }
        return exchanges;
    }

    /** A file of captured requests, skipping the test where it is absent. */
    public static String capture(String file) {
        try {
            return Files.readString(Recording.shared("captures").resolve(file));
        } catch (IOException e) {
            throw new IllegalStateException("cannot read " + file, e);
        }
    }

    private static Row row(Recording recording) {
        String text = new String(recording.answer(), UTF_8);
        var events = new ArrayList<String>();
        if (recording.unframed()) {
            text.lines().filter(line -> !line.isBlank()).forEach(events::add);
        } else if (!text.stripLeading().startsWith("{")) {
            text.lines()
                    .filter(line -> line.startsWith("data:"))
                    .forEach(line -> events.add(line.substring(5).strip()));
        }
        var framed = new StringBuilder();
        events.forEach(event -> framed.append("data: ").append(event).append("\n\n"));
        return new Row(
                recording.id(),
                recording.path(),
                recording.request(),
                recording.status(),
                recording.answer(),
                events,
                recording.unframed() ? framed.toString().getBytes(UTF_8) : recording.answer());
    }
}

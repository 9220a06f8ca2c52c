package entrepot.runtime.faults;

import entrepot.runtime.session.Cursor;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * What those outside know, in files that are only appended to: what the world went through, what a
 * client was told is accepted, and what a reader has seen. It outlives the process.
 */
final class Outside {

    private final Path folder;

    Outside(Path folder) {
        this.folder = folder;
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A tool has been used. */
    record Effect(String tool, String key, long atMillis) {}

    void effect(String tool, String key) {
        append("effects", tool + " " + key + " " + System.currentTimeMillis(), true);
    }

    List<Effect> effects() {
        List<Effect> effects = new ArrayList<>();
        for (String line : lines("effects")) {
            String[] words = line.split(" ");
            effects.add(new Effect(words[0], words[1], Long.parseLong(words[2])));
        }
        return effects;
    }

    void accepted(String session, String message) {
        append("accepted", session + " " + message, true);
    }

    /** The messages that a client was told are accepted. */
    List<String> accepted(String session) {
        return lines("accepted").stream()
                .filter(line -> line.startsWith(session + " "))
                .map(line -> line.substring(session.length() + 1))
                .distinct()
                .toList();
    }

    /** The sessions that a client was told of, each once. */
    List<String> sessions() {
        return lines("accepted").stream()
                .map(line -> line.substring(0, line.indexOf(' ')))
                .distinct()
                .toList();
    }

    void seen(String session, List<Cursor> places) {
        var text = new StringBuilder();
        for (Cursor place : places) {
            text.append(text.isEmpty() ? "" : "\n").append(place.seq()).append(' ');
            text.append(place.part());
        }
        append("seen-" + session, text.toString(), false);
    }

    List<Cursor> seen(String session) {
        List<Cursor> seen = new ArrayList<>();
        for (String line : lines("seen-" + session)) {
            String[] words = line.split(" ");
            seen.add(new Cursor(Long.parseLong(words[0]), Long.parseLong(words[1])));
        }
        return seen;
    }

    private void append(String file, String text, boolean flush) {
        try (FileChannel channel =
                FileChannel.open(
                        folder.resolve(file),
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE,
                        StandardOpenOption.APPEND)) {
            channel.write(ByteBuffer.wrap((text + "\n").getBytes(StandardCharsets.UTF_8)));
            if (flush) {
                channel.force(false);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<String> lines(String file) {
        Path path = folder.resolve(file);
        try {
            return Files.exists(path) ? Files.readAllLines(path) : List.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Forgets all: what was to be proved is proved. */
    void delete() {
        try (var files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
            Files.delete(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

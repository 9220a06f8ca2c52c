package entrepot.market.catalog;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * Where a catalogue's keys are looked up.
 *
 * @param environment variables by name
 * @param folder what a relative {@code key_file} is relative to
 */
public record SecretSources(Map<String, String> environment, Path folder) {

    private static final String PRETENDED = "pretended-secret";
    private static final long FILE_BYTES_MAX = 64 * 1024;

    /** Finds something for every name: for whoever reads a catalogue and calls nobody. */
    public static SecretSources pretended() {
        return new SecretSources(Map.of(PRETENDED, PRETENDED), Path.of(""));
    }

    @Nullable String environment(String name) {
        return isPretended() ? PRETENDED : environment.get(name);
    }

    private boolean isPretended() {
        return environment.containsKey(PRETENDED);
    }

    String file(String path) throws IOException {
        if (isPretended()) {
            return PRETENDED;
        }
        Path file = folder.resolve(path);
        if (Files.size(file) > FILE_BYTES_MAX) {
            throw new IOException("over " + FILE_BYTES_MAX + " bytes");
        }
        return Files.readString(file);
    }

    /** Names only: values are secrets. */
    @Override
    public String toString() {
        return "SecretSources[" + environment.size() + " variables, " + folder + "]";
    }
}

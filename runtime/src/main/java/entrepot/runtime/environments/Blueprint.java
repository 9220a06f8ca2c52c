package entrepot.runtime.environments;

import org.jspecify.annotations.Nullable;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What somebody wants an environment to be made of; null is what they do not say.
 *
 * @param network whether commands have the node's network
 * @param files in it from the beginning
 * @param setup commands that run before the agent does, in order
 * @param variables secret: nobody is told them but commands
 */
public record Blueprint(
        @Nullable Size size,
        @Nullable Boolean network,
        @Nullable List<Given> files,
        @Nullable List<Setup> setup,
        @Nullable Map<String, String> variables) {

    /** Nothing is said. */
    public static final Blueprint NONE = new Blueprint(null, null, null, null, null);

    public Blueprint {
        files = files == null ? null : List.copyOf(files);
        setup = setup == null ? null : List.copyOf(setup);
        variables =
                variables == null ? null : Collections.unmodifiableMap(new TreeMap<>(variables));
    }

    /**
     * A file that is put in.
     *
     * @param path absolute, within {@code /workspace}
     * @param fileId of the stored file it is a copy of; null for one that is told whole
     * @param base64 what is in it; null for a copy
     */
    public record Given(
            String id, String path, long bytes, @Nullable String fileId, @Nullable String base64) {}

    /** A command of the setup; secret. */
    public record Setup(String command, String folder) {}

    /** How much a command may use: memory, processes and disk. */
    public enum Size {
        SMALL(1),
        MEDIUM(4),
        LARGE(16);

        private final int gigabytes;

        Size(int gigabytes) {
            this.gigabytes = gigabytes;
        }

        public int gigabytes() {
            return gigabytes;
        }
    }

    /** This, and where it says nothing, what another says. */
    public Blueprint over(Blueprint other) {
        return new Blueprint(
                size == null ? other.size : size,
                network == null ? other.network : network,
                files == null ? other.files : files,
                setup == null ? other.setup : setup,
                variables == null ? other.variables : variables);
    }

    /** With what holds where nobody says anything. */
    Blueprint whole() {
        return over(new Blueprint(Size.MEDIUM, false, List.of(), List.of(), Map.of()));
    }

    @Override
    public String toString() {
        return "Blueprint[***]";
    }
}

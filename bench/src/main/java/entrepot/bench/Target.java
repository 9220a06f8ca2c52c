package entrepot.bench;

import org.jspecify.annotations.Nullable;

import java.util.Map;
import java.util.function.Function;

/**
 * A proxy under load.
 *
 * @param headers what a case is sent with; null when this proxy cannot do it
 */
record Target(
        String name,
        int port,
        ProcessHandle process,
        Function<Case, @Nullable Map<String, String>> headers) {

    boolean can(Case each) {
        return headers.apply(each) != null;
    }
}

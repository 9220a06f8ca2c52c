package entrepot.http;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;

/**
 * How calls go out.
 *
 * @param connectionsMax to one host, from each event loop; more calls wait within their connect
 *     clock
 * @param http2 whether TLS may agree on HTTP/2
 * @param certificates PEM files trusted beside the platform's own
 * @param reachable which addresses may be called, asked after the name is resolved and just before
 *     connecting to that very address, so that no name can be made to point inside later; null for
 *     all
 */
public record ClientSettings(
        int connectionsMax,
        boolean http2,
        List<Path> certificates,
        @Nullable Predicate<InetAddress> reachable) {

    public static final ClientSettings DEFAULT = new ClientSettings(20_000, false, List.of(), null);

    public ClientSettings {
        certificates = List.copyOf(certificates);
    }
}

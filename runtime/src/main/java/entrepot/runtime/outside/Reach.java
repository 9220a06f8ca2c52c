package entrepot.runtime.outside;

import org.jspecify.annotations.Nullable;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Which addresses tenants may have us call: https on the public Internet, and the hosts that the
 * operator lists. Names are judged by the address that is then connected to.
 */
public final class Reach {

    private static final int URL_CHARS_MAX = 2048;

    private final List<String> inside;

    /**
     * @param inside {@code host} or {@code host:port}
     */
    public Reach(List<String> inside) {
        this.inside = inside.stream().map(host -> host.toLowerCase(Locale.ROOT)).toList();
    }

    /** What is wrong with a URL; empty when it may be called. */
    public Optional<String> objection(String url) {
        URI uri = parse(url);
        if (uri == null) {
            return Optional.of("it must be an absolute URL of at most 2048 characters.");
        }
        if (uri.getRawUserInfo() != null || uri.getRawFragment() != null) {
            return Optional.of("it must have neither a user nor a fragment.");
        }
        boolean secure = "https".equalsIgnoreCase(uri.getScheme());
        boolean plain = "http".equalsIgnoreCase(uri.getScheme());
        return secure || (plain && isInside(uri))
                ? Optional.empty()
                : Optional.of(
                        "it must begin with https://, unless the operator lists its host in the"
                                + " setting mcp_hosts.");
    }

    public static @Nullable URI parse(String url) {
        try {
            URI uri = new URI(url);
            boolean usable =
                    url.length() <= URL_CHARS_MAX
                            && uri.getHost() != null
                            && !uri.getHost().isEmpty()
                            && uri.getScheme() != null;
            return usable ? uri : null;
        } catch (URISyntaxException notAUrl) {
            return null;
        }
    }

    /** Whether the operator lists its host. */
    public boolean isInside(URI uri) {
        String host = uri.getHost().toLowerCase(Locale.ROOT);
        int port = uri.getPort() >= 0 ? uri.getPort() : "https".equals(uri.getScheme()) ? 443 : 80;
        return inside.contains(host) || inside.contains(host + ":" + port);
    }
}

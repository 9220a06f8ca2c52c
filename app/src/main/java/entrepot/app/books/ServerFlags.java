package entrepot.app.books;

import entrepot.app.client.Api;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Option;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** Which server a command speaks to, and with which key. */
public final class ServerFlags {

    @Option(
            names = "--url",
            paramLabel = "URL",
            description = "the server (default: ENTREPOT_URL, or http://127.0.0.1:8080)")
    @Nullable String url;

    @Option(
            names = "--key",
            paramLabel = "KEY",
            description =
                    "the key (default: ENTREPOT_KEY, or the one a server left on this machine)")
    @Nullable String key;

    /** To be closed by the caller. */
    public Api connect(Desk desk) {
        return desk.connect(url, key);
    }

    /** As a part of a path or a query. */
    public static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}

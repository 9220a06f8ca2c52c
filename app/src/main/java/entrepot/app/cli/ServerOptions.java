package entrepot.app.cli;

import entrepot.app.client.Api;
import entrepot.app.settings.Setting;
import entrepot.app.settings.SettingsReader;
import entrepot.identity.Secret;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Option;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.util.Map;

/** Which server a command speaks to, and with which key. */
final class ServerOptions {

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

    /** Whether a server was named, by flag or by environment. */
    boolean named(Map<String, String> environment) {
        return url != null || environment.containsKey("ENTREPOT_URL");
    }

    Api connect(Map<String, String> environment) {
        var address = url != null ? url : environment.get("ENTREPOT_URL");
        return new Api(address(address == null ? local(environment) : address), key(environment));
    }

    private static String local(Map<String, String> environment) {
        return "http://127.0.0.1:" + environment.getOrDefault(Setting.PORT.variable(), "8080");
    }

    private static URI address(String text) {
        try {
            var uri = URI.create(text.contains("://") ? text : "http://" + text);
            var scheme = uri.getScheme();
            if (uri.getHost() != null && (scheme.equals("http") || scheme.equals("https"))) {
                return uri;
            }
        } catch (IllegalArgumentException e) {
            // Told below, like an address without a host.
        }
        throw new Refused(text + " is not the address of a server, such as http://127.0.0.1:8080");
    }

    private Secret key(Map<String, String> environment) {
        var given = key != null ? key : environment.get("ENTREPOT_KEY");
        if (given != null && !given.isBlank()) {
            return sendable(given.strip());
        }
        var file = SettingsReader.read(Map.of(), environment).keyFile();
        try {
            if (Files.exists(file)) {
                return sendable(Files.readString(file).strip());
            }
        } catch (IOException e) {
            throw new Refused(file + " cannot be read: give a key with --key or ENTREPOT_KEY.");
        }
        throw new Refused(
                "No key. Give one with --key or ENTREPOT_KEY; a server's first start prints one and"
                        + " leaves it in "
                        + file
                        + ".");
    }

    /** What a header cannot carry was mistaken for a key: it is not shown, in case it is secret. */
    private static Secret sendable(String key) {
        if (!key.chars().allMatch(c -> c > ' ' && c < 127)) {
            throw new Refused(
                    "The key holds a space, a line break or a letter beyond ASCII, as no key does:"
                            + " copy it again.");
        }
        return new Secret(key);
    }
}

package entrepot.console;

import entrepot.http.Exchange;
import entrepot.http.Headers;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;

/** The few files that pages need, from the class path, with entity tags. */
final class Assets {

    private static final Map<String, String> TYPES =
            Map.of(
                    "console.css", "text/css; charset=utf-8",
                    "console.js", "text/javascript; charset=utf-8",
                    "htmx.min.js", "text/javascript; charset=utf-8",
                    "sse.min.js", "text/javascript; charset=utf-8",
                    "mark.svg", "image/svg+xml");

    private final Map<String, Asset> assets = new LinkedHashMap<>();

    Assets() {
        TYPES.forEach((name, type) -> assets.put(name, load(name, type)));
    }

    /** Answers with the file of this name; returns whether there is one. */
    boolean answer(Exchange exchange, String name, Headers guard) {
        Asset asset = assets.get(name);
        if (asset == null) {
            return false;
        }
        Headers headers =
                guard.with("content-type", asset.type())
                        .with("cache-control", "no-cache")
                        .with("etag", asset.tag());
        if (asset.tag().equals(exchange.headers().get("if-none-match"))) {
            exchange.respond(304, headers, new byte[0]);
        } else {
            exchange.respond(200, headers, asset.bytes());
        }
        return true;
    }

    static byte[] read(String name) {
        try (InputStream in = Assets.class.getResourceAsStream("assets/" + name)) {
            if (in == null) {
                throw new IllegalStateException("the console's file " + name + " is missing");
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the console's file " + name, e);
        }
    }

    static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static Asset load(String name, String type) {
        byte[] bytes = read(name);
        return new Asset(type, bytes, '"' + sha256(bytes).substring(0, 16) + '"');
    }

    private record Asset(String type, byte[] bytes, String tag) {}
}

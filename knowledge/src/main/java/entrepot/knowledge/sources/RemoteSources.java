package entrepot.knowledge.sources;

import entrepot.identity.Secret;
import entrepot.market.yaml.YamlMap;
import entrepot.market.yaml.YamlValue;

import org.jspecify.annotations.Nullable;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Reads from settings the sources that are asked over a network, or with a secret.
 *
 * <pre>
 *   kind: sql   url, user?, password_env?, query, key?, revision?, title?, body?, access_column?
 *   kind: web   url, pages_max?, depth_max?, pause?, private_addresses?
 *   kind: s3    endpoint, region?, bucket, prefix?, access_key_env, secret_key_env,
 *               private_addresses?
 * </pre>
 */
final class RemoteSources {

    private static final String SQLITE = "jdbc:sqlite:";
    private static final String POSTGRES = "jdbc:postgresql:";
    private static final int PAGES = 500;
    private static final int PAGES_MAX = 10_000;
    private static final int DEPTH = 5;
    private static final int DEPTH_MAX = 50;
    private static final Duration PAUSE = Duration.ofMillis(200);

    private final Map<String, String> environment;
    private final Path folder;

    RemoteSources(Map<String, String> environment, Path folder) {
        this.environment = environment;
        this.folder = folder;
    }

    SourceSettings.@Nullable Place sql(YamlMap map) {
        YamlValue url = map.required("url", "jdbc:postgresql://db.example.com/tickets");
        YamlValue query = map.required("query", "select id, updated_at, title, body from ticket");
        String user = text(map.get("user"));
        Secret password = secret(map, "password_env");
        var columns =
                new SourceSettings.Columns(
                        Objects.requireNonNullElse(text(map.get("key")), "id"),
                        text(map.get("revision")),
                        text(map.get("title")),
                        Objects.requireNonNullElse(text(map.get("body")), "body"),
                        text(map.get("access_column")));
        String address = url == null ? null : jdbc(url);
        String select = text(query);
        return address == null || select == null
                ? null
                : new SourceSettings.Sql(address, user, password, select.strip(), columns);
    }

    private @Nullable String jdbc(YamlValue url) {
        String address = url.text();
        if (address == null) {
            return null;
        }
        if (address.startsWith(SQLITE)) {
            return SQLITE
                    + folder.resolve(address.substring(SQLITE.length()))
                            .toAbsolutePath()
                            .normalize();
        }
        if (!address.startsWith(POSTGRES)) {
            url.complain("must begin with " + POSTGRES + "// or " + SQLITE);
            return null;
        }
        if (address.matches(".*//[^/]*@.*") || address.contains("password=")) {
            url.complain("must not hold a user or password: use user and password_env");
            return null;
        }
        return address;
    }

    SourceSettings.@Nullable Place web(YamlMap map) {
        YamlValue url = map.required("url", "https://www.example.com/");
        Long pages = number(map.get("pages_max"), PAGES, 1, PAGES_MAX);
        Long depth = number(map.get("depth_max"), DEPTH, 0, DEPTH_MAX);
        YamlValue pause = map.get("pause");
        Duration between = pause == null ? PAUSE : pause.duration();
        boolean inner = yes(map.get("private_addresses"));
        URI start = url == null ? null : url.address();
        return start == null || pages == null || depth == null || between == null
                ? null
                : new SourceSettings.Web(start, pages.intValue(), depth.intValue(), between, inner);
    }

    SourceSettings.@Nullable Place s3(YamlMap map) {
        YamlValue endpoint = map.required("endpoint", "https://s3.eu-west-1.amazonaws.com");
        String region = Objects.requireNonNullElse(text(map.get("region")), "us-east-1");
        String bucket = text(map.required("bucket", "handbook"));
        String prefix = Objects.requireNonNullElse(text(map.get("prefix")), "");
        map.required("access_key_env", "S3_ACCESS_KEY_ID");
        map.required("secret_key_env", "S3_SECRET_ACCESS_KEY");
        Secret id = secret(map, "access_key_env");
        Secret secret = secret(map, "secret_key_env");
        boolean inner = yes(map.get("private_addresses"));
        URI address = endpoint == null ? null : endpoint.address();
        if (endpoint != null && address != null && address.getPath().length() > 1) {
            endpoint.complain("must be a host only: the bucket is named under bucket");
            return null;
        }
        return address == null || bucket == null || id == null || secret == null
                ? null
                : new SourceSettings.S3(address, region, bucket, prefix, id, secret, inner);
    }

    private static @Nullable String text(@Nullable YamlValue value) {
        return value == null ? null : value.text();
    }

    private static @Nullable Long number(
            @Nullable YamlValue value, long standard, long min, long max) {
        return value == null ? (Long) standard : value.number(min, max);
    }

    private static boolean yes(@Nullable YamlValue value) {
        return value != null && "yes".equals(value.oneOf(List.of("yes", "no")));
    }

    /** The secret that a variable holds; complains when it is not set, and never shows it. */
    @Nullable Secret secret(YamlMap map, String key) {
        YamlValue name = map.get(key);
        String variable = name == null ? null : name.text();
        if (name == null || variable == null) {
            return null;
        }
        String value = environment.get(variable);
        if (value == null || value.isBlank()) {
            name.complain("names the variable " + variable + ", which is not set");
            return null;
        }
        return new Secret(value.strip());
    }
}

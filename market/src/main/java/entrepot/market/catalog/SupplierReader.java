package entrepot.market.catalog;

import entrepot.http.Clocks;
import entrepot.http.Headers;
import entrepot.identity.Secret;
import entrepot.market.catalog.Supplier.Credential;
import entrepot.market.catalog.Supplier.OpenAiApi;
import entrepot.market.prices.PriceList;
import entrepot.market.yaml.YamlMap;
import entrepot.market.yaml.YamlValue;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads one supplier. No complaint and no warning of it repeats a secret. */
final class SupplierReader {

    private static final int CALLS_MAX = 1_000;
    private static final String AZURE = "azure";
    private static final Pattern API_VERSION =
            Pattern.compile("preview|latest|v1|[0-9]{4}-[0-9]{2}-[0-9]{2}(-preview)?");

    /** The first in which {@code stream_options} may be sent. */
    private static final String API_VERSION_MIN = "2024-09-01-preview";

    private static final Pattern ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

    /** What the call itself decides; a file that set these would break the framing or leak. */
    private static final Set<String> OURS =
            Set.of(
                    "authorization",
                    "anthropic-beta",
                    "anthropic-version",
                    "x-goog-api-key",
                    "host",
                    "content-length",
                    "content-type",
                    "transfer-encoding",
                    "connection",
                    "accept",
                    "accept-encoding");

    private final SecretSources secrets;
    private final PriceList prices;
    private final List<String> warnings;

    SupplierReader(SecretSources secrets, PriceList prices, List<String> warnings) {
        this.secrets = secrets;
        this.prices = prices;
        this.warnings = warnings;
    }

    /** Null when the supplier cannot even be named. */
    @Nullable Supplier read(String id, YamlValue value) {
        if (!ID.matcher(id).matches()) {
            value.complain("a supplier's id is made of at most 64 letters, digits and . _ -");
        }
        YamlMap map = value.map();
        YamlValue kindValue = map.required("kind", "openai-compatible");
        String kind =
                kindValue == null
                        ? null
                        : kindValue.oneOf(
                                List.of(
                                        "openai-compatible",
                                        AZURE,
                                        AnthropicReader.KIND,
                                        BedrockReader.KIND,
                                        GoogleReader.GEMINI,
                                        GoogleReader.VERTEX,
                                        CatalogueReader.BUILT_IN));
        YamlValue calls = map.get("calls_max");
        Long callsMax = calls == null ? null : calls.number(1, 1_000_000);
        int callsMaxOrDefault = callsMax == null ? CALLS_MAX : Math.toIntExact(callsMax);
        if (CatalogueReader.BUILT_IN.equals(kind)) {
            map.noOthers();
            return new Supplier.BuiltIn(id, callsMaxOrDefault);
        }
        boolean azure = AZURE.equals(kind);
        boolean bedrock = BedrockReader.KIND.equals(kind);
        Supplier.Api api = api(kind, map);
        URI base = base(map, kind, api);
        List<Credential> credentials = credentials(id, map);
        Credential pair = bedrock ? BedrockReader.pair(map, this::secret) : null;
        if (pair != null) {
            credentials.add(pair);
        }
        Supplier.Options options = OptionsReader.read(map, prices);
        Headers headers = headers(map.get("headers"));
        Clocks clocks = clocks(map.get("clocks"));
        Supplier.Channel channel = ChannelReader.read(map, id, api, base);
        map.noOthers();
        URI address = base == null ? URI.create("http://invalid.invalid") : withoutSlash(base);
        if (azure) {
            address = URI.create(address.toString().replaceFirst("/openai(/v1)?$", ""));
        }
        if (base != null && !credentials.isEmpty() && inTheClear(base)) {
            warnings.add(
                    id + ": base_url is http://, so the key travels unencrypted: use https://");
        }
        return new Supplier.Remote(
                id,
                address,
                credentials,
                headers,
                clocks,
                callsMaxOrDefault,
                api,
                channel,
                options);
    }

    private static String example(@Nullable String kind) {
        return switch (kind) {
            case AZURE -> "https://NAME.openai.azure.com";
            case AnthropicReader.KIND -> "https://api.anthropic.com";
            case GoogleReader.GEMINI -> "https://generativelanguage.googleapis.com";
            case GoogleReader.VERTEX -> "https://europe-west4-aiplatform.googleapis.com";
            case null, default -> "https://api.openai.com/v1";
        };
    }

    /** What only suppliers of one kind must be told. */
    private static Supplier.Api api(@Nullable String kind, YamlMap map) {
        return switch (kind) {
            case AZURE -> azure(map);
            case AnthropicReader.KIND -> AnthropicReader.read(map);
            case BedrockReader.KIND -> BedrockReader.api(map);
            case GoogleReader.GEMINI -> new Supplier.Api.Gemini();
            case GoogleReader.VERTEX -> GoogleReader.vertex(map);
            case null, default -> new Supplier.Api.OpenAiCompatible(apis(map));
        };
    }

    private static Supplier.Api azure(YamlMap map) {
        YamlValue versionValue = map.get("api_version");
        String version = versionValue == null ? null : versionValue.text();
        if (versionValue != null && version != null) {
            if (!API_VERSION.matcher(version).matches()) {
                versionValue.complain(
                        "must be a date such as \"2024-10-21\", or preview; leave it out for"
                                + " /openai/v1");
            } else if (Character.isDigit(version.charAt(0))
                    && version.compareTo(API_VERSION_MIN) < 0) {
                versionValue.complain(
                        "is too old to tell a stream's usage: take "
                                + API_VERSION_MIN
                                + " or a later one");
            }
        }
        YamlValue authValue = map.get("auth");
        String auth = authValue == null ? null : authValue.oneOf(List.of("api-key", "bearer"));
        return new Supplier.Api.Azure(version, "bearer".equals(auth), apis(map));
    }

    /** Which interfaces it has; only chat, unless the file says so: most servers have no other. */
    private static List<OpenAiApi> apis(YamlMap map) {
        var apis = new ArrayList<OpenAiApi>();
        for (YamlValue value : oneOrMore(map.get("apis"))) {
            String word = value.oneOf(List.of("chat", "responses"));
            if (word == null) {
                continue;
            }
            OpenAiApi api = word.equals("chat") ? OpenAiApi.CHAT : OpenAiApi.RESPONSES;
            if (apis.contains(api)) {
                value.complain("stands twice: name each of them once, the preferred one first");
            } else {
                apis.add(api);
            }
        }
        return apis.isEmpty() ? List.of(OpenAiApi.CHAT) : apis;
    }

    private static @Nullable URI base(YamlMap map, @Nullable String kind, Supplier.Api api) {
        if (map.get("base_url") == null && api instanceof Supplier.Api.Bedrock bedrock) {
            return BedrockReader.base(bedrock);
        }
        YamlValue value = map.required("base_url", example(kind));
        return value == null ? null : value.address();
    }

    /** A secret by the name of a variable or a file; null when neither is said. */
    private @Nullable Secret secret(YamlMap map, String environmentKey, String fileKey) {
        var found = new ArrayList<Credential>();
        YamlValue name = map.get(environmentKey);
        YamlValue path = map.get(fileKey);
        if (name != null) {
            add(found, name, this::fromEnvironment);
        }
        if (path != null) {
            add(found, path, this::fromFile);
        }
        return found.isEmpty() ? null : found.getFirst().secret();
    }

    private List<Credential> credentials(String id, YamlMap map) {
        var found = new ArrayList<Credential>();
        for (YamlValue name : oneOrMore(map.get("key_env"))) {
            add(found, name, this::fromEnvironment);
        }
        for (YamlValue path : oneOrMore(map.get("key_file"))) {
            add(found, path, this::fromFile);
        }
        YamlValue inline = map.get("key");
        String key = inline == null ? null : inline.text();
        if (inline != null && key != null) {
            credential(found, inline, "key in the file", key);
            warnings.add(id + ": 'key' keeps a secret in the catalogue: use key_env or key_file");
        }
        return found;
    }

    /** Finds the secret that a value names, or complains and gives null. */
    private interface Finder {
        @Nullable String find(YamlValue value, String name);
    }

    private static void add(List<Credential> found, YamlValue value, Finder finder) {
        String name = value.text();
        String secret = name == null ? null : finder.find(value, name);
        if (name != null && secret != null) {
            credential(found, value, name, secret);
        }
    }

    private static void credential(
            List<Credential> found, YamlValue value, String source, String secret) {
        if (secret.chars().anyMatch(letter -> letter <= 0x20 || letter >= 0x7f)) {
            value.complain("the key holds a blank or a letter outside ASCII: look for a bad paste");
            return;
        }
        found.add(new Credential(source, new Secret(secret)));
    }

    private @Nullable String fromEnvironment(YamlValue value, String name) {
        String secret = secrets.environment(name);
        if (secret == null || secret.isBlank()) {
            value.complain("the environment variable " + name + " is not set: export it");
            return null;
        }
        return secret.strip();
    }

    private @Nullable String fromFile(YamlValue value, String path) {
        try {
            String secret = secrets.file(path).strip();
            if (!secret.isEmpty()) {
                return secret;
            }
            value.complain("the file " + path + " is empty: write the key into it");
        } catch (IOException e) {
            value.complain(
                    "the file " + path + " cannot be read (" + e.getClass().getSimpleName() + ")");
        }
        return null;
    }

    private static List<YamlValue> oneOrMore(@Nullable YamlValue value) {
        if (value == null) {
            return List.of();
        }
        return value.isList() ? value.list() : List.of(value);
    }

    private static Headers headers(@Nullable YamlValue section) {
        var fields = new ArrayList<Headers.Field>();
        if (section != null) {
            for (Map.Entry<String, YamlValue> pair : section.map().all().entrySet()) {
                String name = pair.getKey();
                String value = pair.getValue().text();
                if (OURS.contains(name.toLowerCase(Locale.ROOT))) {
                    pair.getValue()
                            .complain("is set by every call itself: drop it (keys: key_env)");
                } else if (value != null) {
                    try {
                        fields.add(new Headers.Field(name, value));
                    } catch (IllegalArgumentException e) {
                        pair.getValue().complain(String.valueOf(e.getMessage()));
                    }
                }
            }
        }
        return Headers.of(fields);
    }

    private static Clocks clocks(@Nullable YamlValue section) {
        if (section == null) {
            return Clocks.DEFAULT;
        }
        YamlMap map = section.map();
        var clocks =
                new Clocks(
                        clock(map, "connect", Clocks.DEFAULT.connect()),
                        clock(map, "first_byte", Clocks.DEFAULT.firstByte()),
                        clock(map, "idle", Clocks.DEFAULT.idle()),
                        clock(map, "total", Clocks.DEFAULT.total()));
        map.noOthers();
        return clocks;
    }

    private static Duration clock(YamlMap map, String key, Duration otherwise) {
        YamlValue value = map.get(key);
        Duration duration = value == null ? null : value.duration();
        return duration == null ? otherwise : duration;
    }

    private static URI withoutSlash(URI base) {
        String text = base.toString();
        return text.endsWith("/") ? URI.create(text.replaceFirst("/+$", "")) : base;
    }

    private static boolean inTheClear(URI base) {
        String host = base.getHost();
        return "http".equalsIgnoreCase(base.getScheme())
                && !host.equals("localhost")
                && !host.startsWith("127.")
                && !host.equals("[::1]");
    }
}

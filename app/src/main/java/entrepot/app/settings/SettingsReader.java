package entrepot.app.settings;

import entrepot.http.ServerSettings;
import entrepot.identity.FirstStart;
import entrepot.identity.Secret;
import entrepot.knowledge.sources.SourceSettings;
import entrepot.knowledge.sources.SourcesReader;
import entrepot.market.yaml.YamlFile;
import entrepot.market.yaml.YamlInvalid;
import entrepot.runtime.sandbox.SandboxSettings;
import entrepot.store.Database;
import entrepot.store.DatabaseSettings;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Puts settings together: a flag wins over the environment, the environment over the file. */
public final class SettingsReader {

    private static final int SIGNING_SECRET_CHARS_MIN = 32;
    private static final String FOLDER_NAME = "[a-z0-9][a-z0-9._-]{0,63}";

    private final Map<Setting, Said> said = new EnumMap<>(Setting.class);
    private final Map<String, Path> foldersOfFile = new LinkedHashMap<>();
    private final List<SourceSettings> sources = new ArrayList<>();
    private final List<String> problems = new ArrayList<>();
    private final Map<String, String> environment;

    /**
     * What was said about a setting.
     *
     * @param where a flag, a variable, or a file and key
     * @param folder what a relative path is relative to
     */
    private record Said(String text, String where, Path folder) {}

    private SettingsReader(Map<String, String> environment) {
        this.environment = environment;
    }

    /**
     * @param flags what was given on the command line, by setting
     * @throws SettingsInvalid with everything that is wrong
     */
    public static Settings read(Map<Setting, String> flags, Map<String, String> environment) {
        return new SettingsReader(environment).read(flags);
    }

    private Settings read(Map<Setting, String> flags) {
        var here = Path.of("").toAbsolutePath();
        for (var setting : Setting.values()) {
            var flag = flags.get(setting);
            var variable = environment.get(setting.variable());
            if (flag != null && flag.isBlank()) {
                problems.add(setting.flag() + " is empty: give it a value, or leave it out.");
            } else if (flag != null) {
                said.put(setting, new Said(flag, setting.flag(), here));
            } else if (variable != null && !variable.isBlank()) {
                said.put(setting, new Said(variable.strip(), setting.variable(), here));
            }
        }
        readFile();
        var data = data();
        var settings =
                new Settings(
                        text(Setting.HOST),
                        number(Setting.PORT, 0, 65_535),
                        data,
                        database(data),
                        path(Setting.CATALOGUE, data.resolve("catalogue.yaml")),
                        folders(),
                        sources,
                        tls(),
                        truth(Setting.PLAIN_HTTP),
                        adminKey(),
                        signingSecret(),
                        said.containsKey(Setting.VAULT_KEY)
                                ? new Secret(text(Setting.VAULT_KEY))
                                : null,
                        words(Setting.MCP_HOSTS),
                        sandbox(),
                        Duration.ofDays(number(Setting.ENVIRONMENT_DAYS, 1, 3_650)),
                        node(),
                        Duration.ofSeconds(number(Setting.DRAIN_SECONDS, 0, 3_600)),
                        number(Setting.TURNS_MAX, 1, 10_000),
                        Duration.ofDays(number(Setting.RESPONSES_DAYS, 1, 3_650)),
                        Duration.ofHours(number(Setting.IDEMPOTENCY_HOURS, 1, 8_760)),
                        number(Setting.BODY_BYTES_MAX, 1_024, 1 << 30));
        checkReach(settings);
        if (!problems.isEmpty()) {
            throw new SettingsInvalid(problems);
        }
        return settings;
    }

    private void readFile() {
        var asked = said.get(Setting.CONFIG);
        var file = path(Setting.CONFIG, data().resolve("entrepot.yaml"));
        if (asked == null && !Files.exists(file)) {
            return;
        }
        try {
            var yaml = YamlFile.parse(file.toString(), Files.readString(file));
            var root = yaml.root();
            var folder = file.resolveSibling("");
            for (var setting : Setting.values()) {
                var value = setting == Setting.CONFIG ? null : root.get(setting.key());
                if (value == null) {
                    continue;
                }
                if (setting == Setting.FOLDERS) {
                    value.map()
                            .all()
                            .forEach((name, path) -> {
                                var text = path.text();
                                if (text != null) {
                                    foldersOfFile.put(name, folder.resolve(text));
                                }
                            });
                } else {
                    var text = value.text();
                    if (text != null) {
                        said.putIfAbsent(
                                setting, new Said(text, file + ": " + setting.key(), folder));
                    }
                }
            }
            var companyData = root.get("sources");
            if (companyData != null) {
                sources.addAll(
                        new SourcesReader(environment, folder, FirstStart.TENANT)
                                .read(companyData));
            }
            root.noOthers();
            yaml.done();
        } catch (YamlInvalid e) {
            e.problems().forEach(problem -> problems.add(problem.toString()));
        } catch (NoSuchFileException e) {
            problems.add("There is no settings file " + file + ".");
        } catch (CharacterCodingException e) {
            problems.add(file + " is not text in UTF-8: save it in that encoding.");
        } catch (IOException e) {
            problems.add(file + " cannot be read: look at its rights.");
        }
    }

    /** The XDG base directory specification's place for data, unless said otherwise. */
    private Path data() {
        var xdg = environment.get("XDG_DATA_HOME");
        var home = environment.getOrDefault("HOME", System.getProperty("user.home", "."));
        var shared = xdg != null && xdg.startsWith("/") ? xdg : home + "/.local/share";
        return path(Setting.DATA, Path.of(shared, "entrepot"));
    }

    private String database(Path data) {
        var given = said.get(Setting.DATABASE_URL);
        if (given == null) {
            return data.resolve("entrepot.db").toString();
        }
        var database = DatabaseSettings.of(given.text());
        if (database.engine() == Database.Engine.SQLITE && database.url().contains("://")) {
            problems.add(
                    given.where()
                            + " must be a file or begin with postgresql://, but is '"
                            + database.shown()
                            + "'.");
        }
        return database.url();
    }

    private String text(Setting setting) {
        var value = said.get(setting);
        var standard = setting.standard();
        return value != null ? value.text() : standard == null ? "" : standard;
    }

    private SandboxSettings sandbox() {
        var program = text(Setting.SANDBOX);
        return new SandboxSettings(
                program.equals("no") ? null : program,
                truth(Setting.SANDBOX_NETWORK),
                number(Setting.SANDBOXES_MAX, 1, 1_000));
    }

    private int number(Setting setting, int min, int max) {
        var text = text(setting);
        try {
            int number = Integer.parseInt(text);
            if (number >= min && number <= max) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Told below, like a number that is out of range.
        }
        complain(setting, "must be a whole number from " + min + " to " + max);
        return min;
    }

    private boolean truth(Setting setting) {
        return switch (text(setting)) {
            case "yes", "true" -> true;
            case "no", "false" -> false;
            default -> {
                complain(setting, "must be yes or no");
                yield false;
            }
        };
    }

    private Path path(Setting setting, Path standard) {
        var value = said.get(setting);
        if (value == null) {
            return standard.toAbsolutePath().normalize();
        }
        try {
            return expand(value.folder(), value.text());
        } catch (InvalidPathException e) {
            complain(setting, "is not a path");
            return standard;
        }
    }

    private Path expand(Path folder, String text) {
        var home = environment.getOrDefault("HOME", "");
        var full = text.startsWith("~/") ? home + text.substring(1) : text;
        return folder.resolve(full).toAbsolutePath().normalize();
    }

    private @Nullable Secret adminKey() {
        return said.containsKey(Setting.ADMIN_KEY) ? new Secret(text(Setting.ADMIN_KEY)) : null;
    }

    private @Nullable Secret signingSecret() {
        var value = said.get(Setting.SIGNING_SECRET);
        if (value != null && value.text().length() < SIGNING_SECRET_CHARS_MIN) {
            problems.add(
                    value.where()
                            + " must be random, of at least "
                            + SIGNING_SECRET_CHARS_MIN
                            + " characters.");
        }
        return value == null ? null : new Secret(value.text());
    }

    private String node() {
        if (said.containsKey(Setting.NODE)) {
            return text(Setting.NODE);
        }
        try {
            // With the port: two nodes on one host must not write one chain of the ledger.
            return InetAddress.getLocalHost().getHostName() + ":" + text(Setting.PORT);
        } catch (UnknownHostException e) {
            return "node:" + text(Setting.PORT);
        }
    }

    private List<String> words(Setting setting) {
        return Arrays.stream(text(setting).split(","))
                .map(String::strip)
                .filter(word -> !word.isEmpty())
                .toList();
    }

    private Map<String, Path> folders() {
        var folders = new LinkedHashMap<>(foldersOfFile);
        var value = said.get(Setting.FOLDERS);
        if (value != null) {
            for (var pair : value.text().split(",")) {
                var equals = pair.indexOf('=');
                if (equals < 1) {
                    complain(Setting.FOLDERS, "must have the form name=path,name=path");
                } else {
                    folders.put(
                            pair.substring(0, equals).strip(),
                            expand(value.folder(), pair.substring(equals + 1).strip()));
                }
            }
        }
        folders.forEach((name, path) -> {
            if (!name.matches(FOLDER_NAME)) {
                problems.add(
                        "The folder name '"
                                + name
                                + "' must be 1 to 64 of a-z, 0-9, dot, hyphen and underscore,"
                                + " beginning with a letter or digit.");
            }
            if (!Files.isDirectory(path)) {
                problems.add("The folder '" + name + "' is not there: " + path);
            }
        });
        return folders;
    }

    private ServerSettings.@Nullable Tls tls() {
        var certificate = said.get(Setting.TLS_CERTIFICATE);
        var key = said.get(Setting.TLS_KEY);
        if (certificate == null && key == null) {
            return null;
        }
        if (certificate == null || key == null) {
            problems.add(
                    "https needs both "
                            + Setting.TLS_CERTIFICATE.flag()
                            + " and "
                            + Setting.TLS_KEY.flag()
                            + "; one of them is missing.");
            return null;
        }
        var tls =
                new ServerSettings.Tls(
                        path(Setting.TLS_CERTIFICATE, Path.of("")),
                        path(Setting.TLS_KEY, Path.of("")));
        checkPem(Setting.TLS_CERTIFICATE, tls.certificate(), "CERTIFICATE-----");
        checkPem(Setting.TLS_KEY, tls.key(), "PRIVATE KEY-----");
        return tls;
    }

    private void checkPem(Setting setting, Path file, String mark) {
        try {
            if (!Files.readString(file, StandardCharsets.ISO_8859_1).contains(mark)) {
                complain(setting, "must hold PEM with '-----BEGIN … " + mark + "'");
            }
        } catch (IOException e) {
            complain(setting, "cannot be read");
        }
    }

    /** Beyond this machine, keys travel encrypted unless someone has said that they need not. */
    private void checkReach(Settings settings) {
        try {
            boolean loopback = true;
            for (var address : InetAddress.getAllByName(settings.host())) {
                loopback &= address.isLoopbackAddress();
            }
            if (!loopback && settings.tls() == null && !settings.plainHttp()) {
                problems.add(
                        "Listening on "
                                + settings.host()
                                + " would send keys unencrypted over the network. Give "
                                + Setting.TLS_CERTIFICATE.flag()
                                + " and "
                                + Setting.TLS_KEY.flag()
                                + ", or, behind a proxy that encrypts, "
                                + Setting.PLAIN_HTTP.flag()
                                + " yes.");
            }
        } catch (UnknownHostException e) {
            complain(Setting.HOST, "is not an address of this machine");
        }
    }

    private void complain(Setting setting, String message) {
        var value = said.get(setting);
        var where = value == null ? setting.flag() : value.where();
        problems.add(where + " " + message + ", but is '" + text(setting) + "'.");
    }
}

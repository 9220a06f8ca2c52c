package entrepot.knowledge.sources;

import entrepot.identity.Secret;
import entrepot.market.yaml.YamlMap;
import entrepot.market.yaml.YamlValue;

import org.jspecify.annotations.Nullable;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Reads sources from settings. What is wrong is complained of where it stands.
 *
 * <pre>
 *   sources:
 *     NAME:
 *       kind: folder | git | sql | web | s3
 *       access: everyone | nobody | [GROUP, team:NAME, principal:NAME]
 *       label: internal            # a word of your own; default "internal"
 *       every: 5m                  # default 5m
 *       tenant: TENANT             # default: the first one
 *       …                          # what the kind needs
 * </pre>
 */
public final class SourcesReader {

    private static final List<String> KINDS = List.of("folder", "git", "sql", "web", "s3");
    private static final Duration EVERY = Duration.ofMinutes(5);
    private static final Duration EVERY_MIN = Duration.ofSeconds(5);
    private static final int SOURCES_MAX = 200;
    private static final String NAME = "[A-Za-z0-9][A-Za-z0-9._@-]{0,63}";

    private final Map<String, String> environment;
    private final Path folder;
    private final String tenant;
    private final RemoteSources remote;

    /**
     * @param environment where secrets are looked up by name
     * @param folder what relative paths are relative to
     * @param tenant of sources that name none
     */
    public SourcesReader(Map<String, String> environment, Path folder, String tenant) {
        this.environment = environment;
        this.folder = folder;
        this.tenant = tenant;
        this.remote = new RemoteSources(environment, folder);
    }

    public List<SourceSettings> read(YamlValue value) {
        var sources = new ArrayList<SourceSettings>();
        Map<String, YamlValue> all = value.map().all();
        if (all.size() > SOURCES_MAX) {
            value.complain("holds more than " + SOURCES_MAX + " sources");
        }
        all.forEach((id, each) -> {
            if (!SourceSettings.isId(id)) {
                each.complain(
                        "the name of a source must be 1 to 64 of a-z, 0-9, dot, hyphen and"
                                + " underscore, beginning with a letter or digit");
            } else {
                SourceSettings source = source(id, each);
                if (source != null) {
                    sources.add(source);
                }
            }
        });
        return List.copyOf(sources);
    }

    private @Nullable SourceSettings source(String id, YamlValue value) {
        YamlMap map = value.map();
        YamlValue kind = map.required("kind", "folder");
        YamlValue access = map.required("access", "everyone");
        String label = word(map, "label", "internal");
        String whose = word(map, "tenant", tenant);
        Duration every = every(map);
        String named = kind == null ? null : kind.oneOf(KINDS);
        SourceSettings.Place place = named == null ? null : place(named, map);
        if (named != null) {
            map.noOthers();
        }
        if (access == null || place == null || every == null) {
            return null;
        }
        return new SourceSettings(id, whose, label, AccessFiles.words(access), every, place);
    }

    private SourceSettings.@Nullable Place place(String kind, YamlMap map) {
        return switch (kind) {
            case "git" -> git(map);
            case "sql" -> remote.sql(map);
            case "web" -> remote.web(map);
            case "s3" -> remote.s3(map);
            default -> folder(map);
        };
    }

    private SourceSettings.@Nullable Place folder(YamlMap map) {
        YamlValue path = map.required("path", "./handbook");
        List<String> globs = globs(map);
        Path at = path == null ? null : path(path);
        if (at == null || path == null) {
            return null;
        }
        if (!Files.isDirectory(at)) {
            path.complain("is not a folder that can be read: " + at);
        }
        return new SourceSettings.Folder(at, globs);
    }

    private SourceSettings.@Nullable Place git(YamlMap map) {
        YamlValue url = map.required("url", "https://git.example.com/team/handbook.git");
        YamlValue branch = map.get("branch");
        List<String> globs = globs(map);
        Secret token = remote.secret(map, "token_env");
        String address = url == null ? null : url.text();
        if (url == null || address == null) {
            return null;
        }
        if (address.matches("https?://[^/]*@.*")) {
            url.complain("must not hold a user or password: give a token under token_env");
            return null;
        }
        boolean remote = address.contains("://") || address.matches("[^/]+@[^/]+:.*");
        String full = remote ? address : String.valueOf(path(url));
        return new SourceSettings.Git(full, branch == null ? null : branch.text(), globs, token);
    }

    private List<String> globs(YamlMap map) {
        var globs = new ArrayList<String>();
        YamlValue paths = map.get("paths");
        if (paths != null) {
            for (YamlValue each : paths.isList() ? paths.list() : List.of(paths)) {
                String glob = each.text();
                if (glob != null && isGlob(each, glob)) {
                    globs.add(glob);
                }
            }
        }
        return globs;
    }

    private static boolean isGlob(YamlValue value, String glob) {
        try {
            return Globs.of(List.of(glob)) != null;
        } catch (IllegalArgumentException e) {
            value.complain("is not a glob such as docs/** or *.md: " + e.getMessage());
            return false;
        }
    }

    private @Nullable Path path(YamlValue value) {
        String text = value.text();
        if (text == null) {
            return null;
        }
        try {
            String home = environment.getOrDefault("HOME", "");
            String full = text.startsWith("~/") ? home + text.substring(1) : text;
            return folder.resolve(full).toAbsolutePath().normalize();
        } catch (InvalidPathException e) {
            value.complain("is not a path");
            return null;
        }
    }

    private @Nullable Duration every(YamlMap map) {
        YamlValue value = map.get("every");
        Duration every = value == null ? EVERY : value.duration();
        if (value != null && every != null && every.compareTo(EVERY_MIN) < 0) {
            value.complain("must be at least " + EVERY_MIN.toSeconds() + "s");
            return null;
        }
        return every;
    }

    private static String word(YamlMap map, String key, String standard) {
        YamlValue value = map.get(key);
        String text = value == null ? standard : value.text();
        if (value != null && text != null && !text.matches(NAME)) {
            value.complain("must be 1 to 64 letters, digits or . _ @ -, and begin with no sign");
        }
        return Objects.requireNonNullElse(text, standard);
    }
}

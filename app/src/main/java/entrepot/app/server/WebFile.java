package entrepot.app.server;

import entrepot.identity.Secret;
import entrepot.market.yaml.YamlFile;
import entrepot.market.yaml.YamlInvalid;
import entrepot.market.yaml.YamlMap;
import entrepot.market.yaml.YamlValue;
import entrepot.runtime.outside.Outside;
import entrepot.runtime.tools.web.SearchProvider;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Reads {@code web.yaml}: the search engine that the operator has set up for agents. */
final class WebFile {

    private WebFile() {}

    /**
     * Null when there is no such file.
     *
     * @param environment holds the key, under the name that the file gives
     * @throws StartFailed with everything that is wrong in it
     */
    static @Nullable SearchProvider read(
            Path file, Map<String, String> environment, Outside outside) {
        if (!Files.exists(file)) {
            return null;
        }
        try {
            var yaml = YamlFile.parse(file.toString(), Files.readString(file));
            YamlMap root = yaml.root();
            YamlValue search = root.required("search", "{url: https://searx.example/search}");
            SearchProvider found = null;
            if (search != null) {
                found = provider(search.map(), environment, outside);
            }
            root.noOthers();
            yaml.done();
            return found;
        } catch (YamlInvalid e) {
            var problems = e.problems().stream().map(Object::toString).toList();
            throw new StartFailed(String.join("\n", problems), e);
        } catch (IOException e) {
            throw new StartFailed(file + " cannot be read: look at its rights.", e);
        }
    }

    private static @Nullable SearchProvider provider(
            YamlMap search, Map<String, String> environment, Outside outside) {
        YamlValue url = search.required("url", "https://searx.example/search");
        URI address = url == null ? null : url.address();
        YamlValue variable = search.get("key_env");
        String name = variable == null ? null : variable.text();
        String key = name == null ? null : environment.get(name);
        if (variable != null && name != null && key == null) {
            variable.complain("there is no variable " + name);
        }
        search.noOthers();
        return address == null
                ? null
                : new SearchProvider(outside, address, key == null ? null : new Secret(key));
    }
}

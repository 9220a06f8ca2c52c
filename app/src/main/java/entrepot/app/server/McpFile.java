package entrepot.app.server;

import entrepot.identity.Secret;
import entrepot.market.yaml.YamlFile;
import entrepot.market.yaml.YamlInvalid;
import entrepot.market.yaml.YamlMap;
import entrepot.market.yaml.YamlValue;
import entrepot.runtime.tools.mcp.OperatorServer;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads {@code mcp.yaml}: the tool servers that the operator has set up. */
final class McpFile {

    private static final String NAME = "[a-z0-9][a-z0-9._-]{0,63}";

    private final Path folder;
    private final Map<String, String> environment;

    private McpFile(Path folder, Map<String, String> environment) {
        this.folder = folder;
        this.environment = environment;
    }

    /**
     * The servers by name; none when there is no such file.
     *
     * @throws StartFailed with everything that is wrong in it
     */
    static Map<String, OperatorServer> read(Path file, Map<String, String> environment) {
        if (!Files.exists(file)) {
            return Map.of();
        }
        try {
            var yaml = YamlFile.parse(file.toString(), Files.readString(file));
            var found = new LinkedHashMap<String, OperatorServer>();
            var reader = new McpFile(file.resolveSibling(""), environment);
            YamlMap root = yaml.root();
            YamlValue servers = root.required("servers", "{wiki: {url: https://…}}");
            if (servers != null) {
                servers.map()
                        .all()
                        .forEach((name, value) -> {
                            OperatorServer server = reader.server(name, value);
                            if (server != null) {
                                found.put(name, server);
                            }
                        });
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

    private @Nullable OperatorServer server(String name, YamlValue value) {
        if (!name.matches(NAME)) {
            value.complain(
                    "its name must be 1 to 64 of a-z, 0-9, dot, hyphen and underscore, beginning"
                            + " with a letter or digit");
        }
        YamlMap map = value.map();
        YamlValue url = map.get("url");
        YamlValue command = map.get("command");
        OperatorServer.Way way = null;
        if ((url == null) == (command == null)) {
            map.complain("give one of url and command");
        } else if (url != null) {
            way = http(url, map);
        } else if (command != null) {
            way = command(command, map);
        }
        List<String> tenants = texts(map.get("tenants"));
        map.noOthers();
        return way == null ? null : new OperatorServer(name, way, tenants);
    }

    private OperatorServer.@Nullable Way http(YamlValue url, YamlMap map) {
        URI address = url.address();
        var headers = new HashMap<String, Secret>();
        YamlValue given = map.get("headers");
        if (given != null) {
            given.map()
                    .all()
                    .forEach((name, value) -> {
                        String text = value.text();
                        if (text != null) {
                            headers.put(name, new Secret(text));
                        }
                    });
        }
        YamlValue token = map.get("token_env");
        String variable = token == null ? null : token.text();
        if (token != null && variable != null) {
            String found = environment.get(variable);
            if (found == null) {
                token.complain("there is no variable " + variable);
            } else {
                headers.put("authorization", new Secret("Bearer " + found));
            }
        }
        return address == null ? null : new OperatorServer.Http(address, headers);
    }

    private OperatorServer.Way command(YamlValue command, YamlMap map) {
        List<String> line = texts(command);
        if (line.isEmpty()) {
            command.complain("it must be a list: the program, then its arguments");
        }
        YamlValue place = map.get("folder");
        String path = place == null ? null : place.text();
        var variables = new HashMap<String, Secret>();
        YamlValue names = map.get("variables");
        for (String name : texts(names)) {
            String found = environment.get(name);
            if (found != null) {
                variables.put(name, new Secret(found));
            } else if (names != null) {
                names.complain("there is no variable " + name);
            }
        }
        return new OperatorServer.Command(
                line, path == null ? null : folder.resolve(path), variables);
    }

    private static List<String> texts(@Nullable YamlValue value) {
        var texts = new ArrayList<String>();
        if (value != null) {
            for (YamlValue each : value.list()) {
                String text = each.text();
                if (text != null) {
                    texts.add(text);
                }
            }
        }
        return texts;
    }
}

package entrepot.runtime.tools;

import entrepot.runtime.agents.AgentSnapshot.ToolSpec;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/**
 * Folders that the operator has allowed agents to read, by name. An agent names one as {@code
 * entrepot:folder/NAME}; it cannot name a path.
 */
public final class Folders implements ToolServers {

    public static final String URL_PREFIX = "entrepot:folder/";

    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9._-]{0,63}");

    private final Map<String, FolderServer> serversByName = new ConcurrentHashMap<>();
    private final FolderSearch search;

    public Folders(FolderSearch search) {
        this.search = search;
    }

    /**
     * Allows a folder. Only an operator may call this. The same name and folder again change
     * nothing.
     *
     * @param name 1 to 64 lower-case letters, digits, dots, hyphens and underscores
     * @throws IllegalArgumentException when the name or the folder cannot be used
     */
    public void allow(String name, Path folder) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "\""
                            + name
                            + "\" cannot name a folder: use 1 to 64 of a-z, 0-9, dot, hyphen and"
                            + " underscore, beginning with a letter or digit.");
        }
        if (!Files.isDirectory(folder)) {
            throw new IllegalArgumentException(folder + " is not a folder that can be read.");
        }
        try {
            Path real = folder.toRealPath();
            FolderServer server = new FolderServer(name, new FolderFiles(real), search);
            FolderServer before = serversByName.putIfAbsent(name, server);
            if (before != null && !before.root().equals(real)) {
                throw new IllegalArgumentException(
                        "The name " + name + " already stands for " + before.root() + ".");
            }
        } catch (IOException e) {
            throw new IllegalArgumentException(folder + " cannot be read: " + e.getMessage(), e);
        }
    }

    /** Names and folders, as allowed. */
    public Map<String, Path> allowed() {
        Map<String, Path> all = new java.util.TreeMap<>();
        serversByName.forEach((name, server) -> all.put(name, server.root()));
        return all;
    }

    @Override
    public Optional<ToolServer> find(ToolSpec.Server spec, Context context) {
        String url = spec.address();
        return url.startsWith(URL_PREFIX)
                ? Optional.ofNullable(serversByName.get(url.substring(URL_PREFIX.length())))
                : Optional.empty();
    }
}

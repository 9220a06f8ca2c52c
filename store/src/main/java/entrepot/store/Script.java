package entrepot.store;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.JarURLConnection;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * One step in the life of a feature's tables.
 *
 * @param name its place on the class path
 */
record Script(int version, String name, String text) {

    private static final Pattern NAME = Pattern.compile("V(\\d{1,6})__[A-Za-z0-9_]+\\.sql");

    /** All scripts of a folder that are meant for an engine, by version. */
    static List<Script> find(String location, Database.Engine engine) {
        ClassLoader loader = Script.class.getClassLoader();
        TreeMap<Integer, Script> found = new TreeMap<>();
        String own = location + "/" + engine.name().toLowerCase(Locale.ROOT);
        try {
            for (String folder : List.of(location, own)) {
                for (URL url : Collections.list(loader.getResources(folder))) {
                    for (String file : files(url, folder)) {
                        Script script = read(loader, folder + "/" + file, file);
                        Script other = found.putIfAbsent(script.version, script);
                        if (other != null && !other.name.equals(script.name)) {
                            throw new IllegalStateException(
                                    "Two migrations have version "
                                            + script.version
                                            + ": "
                                            + other.name
                                            + " and "
                                            + script.name
                                            + ". Give the newer one a higher number.");
                        }
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read the migrations in " + location, e);
        }
        if (found.isEmpty()) {
            throw new IllegalStateException("There are no migrations in " + location + ".");
        }
        return List.copyOf(found.values());
    }

    /** Tells whether a script was changed after it ran; line ends do not count. */
    String checksum() {
        try {
            byte[] bytes = text.replace("\r\n", "\n").getBytes(StandardCharsets.UTF_8);
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("This Java has no SHA-256.", e);
        }
    }

    private static Script read(ClassLoader loader, String place, String file) throws IOException {
        Matcher name = NAME.matcher(file);
        if (!name.matches()) {
            throw new IllegalStateException(
                    "The migration " + place + " is not named like V1__what_it_does.sql.");
        }
        try (InputStream bytes = loader.getResourceAsStream(place)) {
            if (bytes == null) {
                throw new IOException("Gone while being read: " + place);
            }
            String text = new String(bytes.readAllBytes(), StandardCharsets.UTF_8);
            return new Script(Integer.parseInt(name.group(1)), place, text);
        }
    }

    private static List<String> files(URL url, String folder) throws IOException {
        List<String> names = new ArrayList<>();
        if (url.openConnection() instanceof JarURLConnection jar) {
            jar.setUseCaches(false);
            try (JarFile entries = jar.getJarFile()) {
                entries.stream()
                        .map(entry -> entry.getName())
                        .filter(name -> name.startsWith(folder + "/"))
                        .map(name -> name.substring(folder.length() + 1))
                        .forEach(names::add);
            }
        } else {
            try (Stream<Path> paths = Files.list(Path.of(uri(url)))) {
                paths.map(path -> path.getFileName().toString()).forEach(names::add);
            }
        }
        names.removeIf(name -> !name.endsWith(".sql") || name.contains("/"));
        return names;
    }

    private static URI uri(URL url) throws IOException {
        try {
            return url.toURI();
        } catch (URISyntaxException e) {
            throw new IOException("Not a folder: " + url, e);
        }
    }
}

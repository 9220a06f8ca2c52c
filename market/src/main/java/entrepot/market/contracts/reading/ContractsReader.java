package entrepot.market.contracts.reading;

import entrepot.market.contracts.Contract;
import entrepot.market.contracts.ContractBook;
import entrepot.market.contracts.Place;
import entrepot.market.yaml.Problem;
import entrepot.market.yaml.YamlFile;
import entrepot.market.yaml.YamlInvalid;
import entrepot.market.yaml.YamlMap;
import entrepot.market.yaml.YamlValue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Turns texts into a {@link ContractBook}, or into everything that is wrong with them. */
public final class ContractsReader {

    static final int FILES_MAX = 1_000;
    static final long FILE_BYTES_MAX = 4L * 1024 * 1024;

    private final Map<String, Set<String>> asked = new LinkedHashMap<>();

    /**
     * Reads the files of a folder whose names end in {@code .yaml} or {@code .yml}.
     *
     * @param label what the folder is called in complaints and in what clauses cite
     * @throws YamlInvalid with every problem
     */
    public static ContractBook folder(Path folder, String label) {
        return new ContractsReader().read(texts(folder, label));
    }

    /**
     * @param texts by file name, as it is to stand in complaints
     * @throws YamlInvalid with every problem of every file, each with line and column
     */
    public ContractBook read(SortedMap<String, String> texts) {
        var problems = new ArrayList<Problem>();
        var contracts = new ArrayList<Contract>();
        texts.forEach((file, text) -> {
            try {
                contracts.addAll(readFile(file, text));
            } catch (YamlInvalid e) {
                problems.addAll(e.problems());
            }
        });
        if (problems.isEmpty()) {
            problems.addAll(new Checks(contracts).problems());
        }
        if (!problems.isEmpty()) {
            throw new YamlInvalid(problems);
        }
        return contracts.isEmpty()
                ? ContractBook.EMPTY
                : new ContractBook(version(texts), contracts);
    }

    private List<Contract> readFile(String file, String text) {
        YamlFile yaml = YamlFile.parse(file, text);
        YamlMap root = yaml.root();
        var contracts = new ArrayList<Contract>();
        YamlValue section = root.required("contracts", "{my-contract: {title: …}}");
        if (section != null) {
            YamlMap all = section.map();
            all.all()
                    .forEach((id, value) -> {
                        var place = new Place(file, all.lineOf(id), all.columnOf(id));
                        contracts.add(new ContractReader(file, asked).read(id, value, place));
                    });
        }
        root.noOthers();
        yaml.done();
        return contracts;
    }

    /** Every member that was looked for, by what it stands in: a kind of clause, a party… */
    Map<String, Set<String>> asked() {
        return Collections.unmodifiableMap(asked);
    }

    /**
     * The texts of a folder by file name, each after the label and a slash.
     *
     * @throws YamlInvalid when the folder or a file cannot be read
     */
    public static SortedMap<String, String> texts(Path folder, String label) {
        var texts = new TreeMap<String, String>();
        try (Stream<Path> files = Files.list(folder)) {
            List<Path> found =
                    files.filter(ContractsReader::isYaml).sorted().limit(FILES_MAX + 1).toList();
            if (found.size() > FILES_MAX) {
                throw unreadable(label, "holds over " + FILES_MAX + " files: put some together");
            }
            for (Path file : found) {
                String name = label + "/" + file.getFileName();
                texts.put(name, text(file, name));
            }
        } catch (NoSuchFileException e) {
            throw unreadable(label, "is not there: make the folder, or give another");
        } catch (NotDirectoryException e) {
            throw unreadable(label, "is no folder: give the folder that holds the contracts");
        } catch (IOException e) {
            throw unreadable(label, "cannot be listed (" + e.getClass().getSimpleName() + ")");
        }
        return texts;
    }

    private static boolean isYaml(Path file) {
        String name = String.valueOf(file.getFileName());
        return (name.endsWith(".yaml") || name.endsWith(".yml")) && Files.isRegularFile(file);
    }

    private static String text(Path file, String name) {
        try {
            if (Files.size(file) > FILE_BYTES_MAX) {
                throw unreadable(name, "is over " + FILE_BYTES_MAX + " bytes: split it");
            }
            return Files.readString(file);
        } catch (IOException e) {
            throw unreadable(
                    name,
                    "cannot be read as UTF-8 text ("
                            + e.getClass().getSimpleName()
                            + "): look at its rights and its encoding");
        }
    }

    private static YamlInvalid unreadable(String name, String message) {
        return new YamlInvalid(List.of(new Problem(name, 1, 1, "", message)));
    }

    private static String version(SortedMap<String, String> texts) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            texts.forEach((file, text) -> {
                add(digest, file.substring(file.lastIndexOf('/') + 1));
                add(digest, text);
            });
            return HexFormat.of().formatHex(digest.digest(), 0, 6);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** With its length, so that no two sets of files read as the same bytes. */
    private static void add(MessageDigest digest, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        digest.update((bytes.length + ":").getBytes(StandardCharsets.UTF_8));
        digest.update(bytes);
    }
}

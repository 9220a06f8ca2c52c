package entrepot.knowledge.sources;

import entrepot.market.yaml.YamlFile;
import entrepot.market.yaml.YamlInvalid;
import entrepot.market.yaml.YamlMap;
import entrepot.market.yaml.YamlValue;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The files {@code .access.yaml} of a tree of folders. One holds for its folder and all below it,
 * until a folder further down has its own; a folder without any takes the source's access.
 *
 * <pre>
 *   access: [finance, principal:alice]     # or everyone, or nobody
 *   files:
 *     "salaries*.xlsx": [board]            # globs of names in this folder
 * </pre>
 *
 * A file that cannot be read or understood gives nobody access.
 */
final class AccessFiles {

    static final String NAME = ".access.yaml";

    /** A file of that name is small; a larger one is not read. */
    static final int BYTES_MAX = 64 << 10;

    private final Access standard;
    private final Map<String, Rules> byFolder = new HashMap<>();
    private final List<String> warnings = new ArrayList<>();

    /**
     * @param standard where there is no such file
     */
    AccessFiles(Access standard) {
        this.standard = standard;
    }

    private record Rules(Access access, Map<Globs, Access> files) {}

    /**
     * Takes one in.
     *
     * @param folder without a slash at its end; empty for the root
     * @param text null when it could not be read
     */
    void add(String folder, @Nullable String text) {
        byFolder.put(folder, rules(folder.isEmpty() ? NAME : folder + "/" + NAME, text));
    }

    private Rules rules(String path, @Nullable String text) {
        if (text == null) {
            warnings.add(path + " cannot be read: nobody may read what it is for.");
            return new Rules(Access.NOBODY, Map.of());
        }
        try {
            YamlFile file = YamlFile.parse(path, text);
            YamlMap root = file.root();
            YamlValue access = root.required("access", "[finance]");
            Access rule = access == null ? Access.NOBODY : words(access);
            Map<Globs, Access> files = new LinkedHashMap<>();
            YamlValue named = root.get("files");
            if (named != null) {
                named.map()
                        .all()
                        .forEach((glob, each) -> files.put(Globs.of(List.of(glob)), words(each)));
            }
            root.noOthers();
            file.done();
            return new Rules(rule, files);
        } catch (YamlInvalid | IllegalArgumentException e) {
            warnings.add(e.getMessage() + " (until this is mended, nobody may read it)");
            return new Rules(Access.NOBODY, Map.of());
        }
    }

    /** Reads an access list that stands as one word or as a list of them. */
    static Access words(YamlValue value) {
        var words = new ArrayList<String>();
        List<YamlValue> all = value.isList() ? value.list() : List.of(value);
        for (YamlValue each : all) {
            String word = each.text();
            if (word != null) {
                words.add(word);
            }
        }
        try {
            return Access.of(words);
        } catch (IllegalArgumentException e) {
            value.complain(String.valueOf(e.getMessage()));
            return Access.NOBODY;
        }
    }

    /** Who may read a file. */
    Access of(String path) {
        int slash = path.lastIndexOf('/');
        String name = path.substring(slash + 1);
        String folder = slash < 0 ? "" : path.substring(0, slash);
        Rules own = byFolder.get(folder);
        if (own != null) {
            for (Map.Entry<Globs, Access> file : own.files().entrySet()) {
                if (file.getKey().takes(name)) {
                    return file.getValue();
                }
            }
        }
        for (String at = folder; ; at = at.substring(0, Math.max(0, at.lastIndexOf('/')))) {
            Rules rules = byFolder.get(at);
            if (rules != null) {
                return rules.access();
            }
            if (at.isEmpty()) {
                return standard;
            }
        }
    }

    /** What is wrong with them. */
    List<String> warnings() {
        return List.copyOf(warnings);
    }
}

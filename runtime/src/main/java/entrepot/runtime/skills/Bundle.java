package entrepot.runtime.skills;

import entrepot.conversation.Failed;
import entrepot.conversation.Failure;

import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;

/**
 * The files of a skill, by path, with the folder they were packed in left out.
 *
 * @param name and {@code description} as {@code SKILL.md} says them at its head
 */
public record Bundle(String name, String description, Map<String, byte[]> files) {

    public static final int ZIP_BYTES_MAX = 16 << 20;
    static final int FILES_MAX = 500;
    static final int FILE_BYTES_MAX = 5 << 20;
    static final int FILES_BYTES_MAX = 32 << 20;
    private static final int PATH_CHARS_MAX = 512;
    private static final int DESCRIPTION_CHARS_MAX = 1_024;
    private static final String SKILL = "SKILL.md";
    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,63}");
    private static final Pattern HEAD =
            Pattern.compile("\\A\\uFEFF?---\\s*\\R(.*?)\\R---\\s*(\\R|\\z)", Pattern.DOTALL);

    public Bundle {
        files = Collections.unmodifiableMap(new TreeMap<>(files));
    }

    /**
     * Reads a zip file.
     *
     * @throws Failed saying what is wrong with it
     */
    public static Bundle read(byte[] zip) {
        if (zip.length > ZIP_BYTES_MAX) {
            throw wrong("it has " + zip.length + " bytes, and may have " + ZIP_BYTES_MAX + ".");
        }
        return of(unpacked(zip));
    }

    /**
     * @param files by path, with or without one folder around them
     * @throws Failed saying what is wrong with them
     */
    public static Bundle of(Map<String, byte[]> files) {
        files.keySet().forEach(Bundle::checkPath);
        Map<String, byte[]> own = withoutFolder(files);
        byte[] skill = own.get(SKILL);
        if (skill == null) {
            throw wrong("it has no SKILL.md at its root or in its only folder.");
        }
        Map<?, ?> head = head(text(skill).orElseThrow(() -> wrong("SKILL.md is not UTF-8.")));
        String name = word(head, "name");
        String description = word(head, "description");
        if (!NAME.matcher(name).matches()) {
            throw wrong(
                    "the name in SKILL.md must be 1 to 64 of a-z, 0-9 and hyphen, beginning with"
                            + " a letter or digit.");
        }
        if (description.length() > DESCRIPTION_CHARS_MAX) {
            throw wrong(
                    "the description in SKILL.md must be at most "
                            + DESCRIPTION_CHARS_MAX
                            + " characters.");
        }
        return new Bundle(name, description, own);
    }

    private static Failed wrong(String problem) {
        return new Failed(
                Failure.at(
                        Failure.Cause.INVALID_REQUEST,
                        "This skill cannot be used: " + problem,
                        "files"));
    }

    private static Map<String, byte[]> unpacked(byte[] zip) {
        var files = new TreeMap<String, byte[]>();
        long sum = 0;
        int entries = 0;
        try (var in = new ZipInputStream(new ByteArrayInputStream(zip))) {
            for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                if (++entries > FILES_MAX * 2) {
                    throw wrong("it has more than " + FILES_MAX + " files.");
                }
                if (entry.isDirectory()) {
                    checkPath(entry.getName().replaceFirst("/$", ""));
                    continue;
                }
                // What a file says of its size is not believed; what comes out is counted.
                byte[] bytes = in.readNBytes(FILE_BYTES_MAX + 1);
                sum += bytes.length;
                if (bytes.length > FILE_BYTES_MAX
                        || sum > FILES_BYTES_MAX
                        || files.size() >= FILES_MAX) {
                    throw wrong(
                            "it may have "
                                    + FILES_MAX
                                    + " files of "
                                    + FILE_BYTES_MAX
                                    + " bytes, and "
                                    + FILES_BYTES_MAX
                                    + " in all.");
                }
                checkPath(entry.getName());
                if (files.put(entry.getName(), bytes) != null) {
                    throw wrong(entry.getName() + " is in it twice.");
                }
            }
        } catch (IOException | IllegalArgumentException e) {
            throw wrong("it is not a zip file that can be read.");
        }
        if (entries == 0) {
            throw wrong("it is not a zip file, or an empty one.");
        }
        return files;
    }

    private static void checkPath(String path) {
        boolean odd =
                path.isEmpty()
                        || path.length() > PATH_CHARS_MAX
                        || path.startsWith("/")
                        || path.contains("\\")
                        || path.matches("^[A-Za-z]:.*")
                        || path.chars().anyMatch(Character::isISOControl);
        for (String segment : path.split("/", -1)) {
            odd |= segment.isEmpty() || segment.equals(".") || segment.equals("..");
        }
        if (odd) {
            throw wrong("a path in it leads elsewhere or is malformed.");
        }
    }

    private static Map<String, byte[]> withoutFolder(Map<String, byte[]> files) {
        if (files.containsKey(SKILL)) {
            return files;
        }
        List<String> roots =
                files.keySet().stream().map(path -> path.split("/", 2)[0]).distinct().toList();
        if (roots.size() != 1) {
            return files;
        }
        var own = new TreeMap<String, byte[]>();
        files.forEach((path, bytes) -> {
            int slash = path.indexOf('/');
            own.put(slash < 0 ? path : path.substring(slash + 1), bytes);
        });
        return own;
    }

    private static Map<?, ?> head(String skill) {
        var head = HEAD.matcher(skill);
        if (!head.find()) {
            throw wrong("SKILL.md must begin with a head between two lines of ---.");
        }
        try {
            Object read =
                    new Load(LoadSettings.builder().setCodePointLimit(64 << 10).build())
                            .loadFromString(head.group(1));
            if (read instanceof Map<?, ?> map) {
                return map;
            }
        } catch (YamlEngineException e) {
            // Said below.
        }
        throw wrong("the head of SKILL.md must be YAML with name and description.");
    }

    private static String word(Map<?, ?> head, String name) {
        if (head.get(name) instanceof String text && !text.isBlank() && text.indexOf('\0') < 0) {
            return text.strip();
        }
        throw wrong("the head of SKILL.md must have a text for " + name + ".");
    }

    /** Empty for bytes that are no text. */
    public static Optional<String> text(byte[] bytes) {
        try {
            return Optional.of(
                    StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }

    /** As one zip file; the same files make the same bytes. */
    public byte[] zip() {
        var bytes = new ByteArrayOutputStream();
        try (var out = new ZipOutputStream(bytes)) {
            for (Map.Entry<String, byte[]> file : files.entrySet()) {
                var entry = new ZipEntry(file.getKey());
                entry.setTimeLocal(LocalDateTime.of(1980, 1, 1, 0, 0));
                out.putNextEntry(entry);
                out.write(file.getValue());
                out.closeEntry();
            }
        } catch (IOException e) {
            throw new IllegalStateException("bytes in memory can be written", e);
        }
        return bytes.toByteArray();
    }

    /** Paths, in order. */
    public List<String> paths() {
        return new ArrayList<>(files.keySet());
    }
}

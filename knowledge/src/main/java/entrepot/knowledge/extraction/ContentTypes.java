package entrepot.knowledge.extraction;

import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** What kind of document a name or a declared type stands for. */
public final class ContentTypes {

    private static final String OFFICE = "application/vnd.openxmlformats-officedocument.";

    static final String PDF = "application/pdf";
    static final String HTML = "text/html";
    static final String WORD = OFFICE + "wordprocessingml.document";
    static final String SHEET = OFFICE + "spreadsheetml.sheet";
    static final String SLIDES = OFFICE + "presentationml.presentation";
    static final String PLAIN = "text/plain";

    private static final Map<String, String> BY_EXTENSION =
            Map.ofEntries(
                    Map.entry("pdf", PDF),
                    Map.entry("html", HTML),
                    Map.entry("htm", HTML),
                    Map.entry("xhtml", HTML),
                    Map.entry("docx", WORD),
                    Map.entry("xlsx", SHEET),
                    Map.entry("pptx", SLIDES),
                    Map.entry("md", "text/markdown"),
                    Map.entry("markdown", "text/markdown"),
                    Map.entry("csv", "text/csv"),
                    Map.entry("json", "application/json"),
                    Map.entry("xml", "application/xml"),
                    Map.entry("yaml", "application/yaml"),
                    Map.entry("yml", "application/yaml"));

    /** What holds no text, or text that nobody wrote for people. */
    private static final Set<String> NOT_TEXT =
            Set.of(
                    "png",
                    "jpg",
                    "jpeg",
                    "gif",
                    "webp",
                    "ico",
                    "bmp",
                    "tif",
                    "tiff",
                    "svg",
                    "heic",
                    "zip",
                    "gz",
                    "tgz",
                    "bz2",
                    "xz",
                    "zst",
                    "7z",
                    "rar",
                    "tar",
                    "jar",
                    "war",
                    "class",
                    "so",
                    "dll",
                    "dylib",
                    "exe",
                    "bin",
                    "o",
                    "a",
                    "wasm",
                    "mp3",
                    "mp4",
                    "wav",
                    "flac",
                    "ogg",
                    "mov",
                    "avi",
                    "mkv",
                    "webm",
                    "doc",
                    "xls",
                    "ppt",
                    "odt",
                    "ods",
                    "odp",
                    "db",
                    "sqlite",
                    "parquet",
                    "woff",
                    "woff2",
                    "ttf",
                    "otf",
                    "eot",
                    "onnx",
                    "safetensors",
                    "gguf",
                    "pt",
                    "npy",
                    "psd",
                    "iso",
                    "dmg",
                    "msi",
                    "deb",
                    "rpm",
                    "pyc",
                    "lock",
                    "map",
                    "pem",
                    "key",
                    "p12",
                    "pfx",
                    "jks");

    private ContentTypes() {}

    /** Whether a document of this name may hold text for people. */
    public static boolean mayBeText(String name) {
        return !NOT_TEXT.contains(extension(name));
    }

    /** The type of a document: as it is declared, or else as its name says. */
    public static String of(String name, String declared) {
        String type = declared.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
        boolean vague =
                type.isEmpty()
                        || type.equals("application/octet-stream")
                        || type.equals("binary/octet-stream")
                        || type.equals(PLAIN);
        if (!vague) {
            return type.equals("application/xhtml+xml") ? HTML : type;
        }
        return BY_EXTENSION.getOrDefault(extension(name), PLAIN);
    }

    private static String extension(String name) {
        int slash = name.lastIndexOf('/');
        int dot = name.lastIndexOf('.');
        return dot <= slash + 1 ? "" : name.substring(dot + 1).toLowerCase(Locale.ROOT);
    }
}

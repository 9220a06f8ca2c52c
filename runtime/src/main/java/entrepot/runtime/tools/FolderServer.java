package entrepot.runtime.tools;

import entrepot.conversation.Extras;
import entrepot.conversation.Tool;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** {@code list_files}, {@code read_file} and {@code search} over one folder. Changes nothing. */
final class FolderServer implements ToolServer {

    static final int WINDOW_BYTES = 64 << 10;
    private static final int SEARCHED_FILE_BYTES_MAX = 1 << 20;
    private static final int SEARCHED_BYTES_MAX = 16 << 20;
    private static final int HITS_MAX = 50;
    private static final int HITS = 10;
    private static final int QUERY_CHARS_MAX = 2000;

    private static final String NOTHING_FOUND = "[nothing found that answers this]";
    private static final JsonMapper JSON = JsonMapper.shared();

    private static final List<Offer> OFFERS =
            List.of(
                    offer(
                            "list_files",
                            "Lists the files of the folder: one line each, the path, a tab and the"
                                    + " size in bytes.",
                            "{\"type\":\"object\",\"properties\":{},"
                                    + "\"additionalProperties\":false}"),
                    offer(
                            "read_file",
                            "Reads a text file of the folder, up to 64 KiB at a time. A first line"
                                    + " in brackets says when it is not the whole file.",
                            "{\"type\":\"object\",\"properties\":{"
                                    + "\"path\":{\"type\":\"string\",\"description\":\"as"
                                    + " list_files shows it\"},"
                                    + "\"offset\":{\"type\":\"integer\",\"minimum\":0,"
                                    + "\"description\":\"byte to begin at; 0 if left out\"}},"
                                    + "\"required\":[\"path\"],\"additionalProperties\":false}"),
                    offer(
                            "search",
                            "Finds the sentences of the folder's files that answer a question best:"
                                    + " one line each, file:line, a tab and the sentence.",
                            "{\"type\":\"object\",\"properties\":{"
                                    + "\"query\":{\"type\":\"string\"},"
                                    + "\"limit\":{\"type\":\"integer\",\"minimum\":1,"
                                    + "\"maximum\":50}},"
                                    + "\"required\":[\"query\"],\"additionalProperties\":false}"));

    private final String name;
    private final FolderFiles files;
    private final FolderSearch search;

    FolderServer(String name, FolderFiles files, FolderSearch search) {
        this.name = name;
        this.files = files;
        this.search = search;
    }

    private static Offer offer(String name, String description, String parameters) {
        return new Offer(
                new Tool.Function(name, description, JSON.readTree(parameters), null, Extras.NONE),
                Effect.READ);
    }

    Path root() {
        return files.root();
    }

    @Override
    public List<Offer> offers() {
        return OFFERS;
    }

    @Override
    public Result use(Use use) throws InterruptedException {
        try {
            JsonNode arguments = arguments(use.arguments());
            return switch (use.name()) {
                case "list_files" -> list();
                case "read_file" ->
                        read(string(arguments, "path"), number(arguments, "offset", 0, 0));
                case "search" ->
                        search(
                                string(arguments, "query"),
                                (int) Math.min(HITS_MAX, number(arguments, "limit", HITS, 1)));
                default -> Result.failure("There is no tool " + use.name() + " on a folder.");
            };
        } catch (ToolRefused refused) {
            return Result.failure(String.valueOf(refused.getMessage()));
        } catch (IOException e) {
            return Result.failure("The folder " + name + " could not be read; try again later.");
        }
    }

    private Result list() throws IOException {
        FolderFiles.Listing listing = files.list();
        var lines = new StringBuilder();
        if (!listing.complete()) {
            lines.append("[truncated: showing the first ")
                    .append(listing.files().size())
                    .append(" files]\n");
        }
        for (FolderFiles.Found file : listing.files()) {
            lines.append(file.path()).append('\t').append(file.bytes()).append('\n');
        }
        return Result.text(lines.toString());
    }

    private Result read(String path, long offset) throws ToolRefused, IOException {
        FolderFiles.Window window = files.read(path, offset, WINDOW_BYTES);
        byte[] bytes = wholeCharacters(window);
        String text = text(bytes, path);
        boolean whole = window.offset() == 0 && bytes.length == window.fileBytes();
        if (whole) {
            return Result.text(text);
        }
        long end = window.offset() + bytes.length;
        return Result.text(
                "[truncated: showing bytes "
                        + window.offset()
                        + "-"
                        + end
                        + " of "
                        + window.fileBytes()
                        + (end < window.fileBytes() ? "; call again with offset" : "")
                        + "]\n"
                        + text);
    }

    private Result search(String query, int countMax)
            throws ToolRefused, IOException, InterruptedException {
        if (query.isBlank() || query.length() > QUERY_CHARS_MAX) {
            throw new ToolRefused("query must have 1 to " + QUERY_CHARS_MAX + " characters.");
        }
        List<FolderSearch.Document> documents = new ArrayList<>();
        int total = 0;
        for (FolderFiles.Found file : files.list().files()) {
            if (file.bytes() > SEARCHED_FILE_BYTES_MAX) {
                continue;
            }
            try {
                FolderFiles.Window window = files.read(file.path(), 0, SEARCHED_FILE_BYTES_MAX);
                total += window.bytes().length;
                if (total > SEARCHED_BYTES_MAX) {
                    break;
                }
                documents.add(
                        new FolderSearch.Document(file.path(), text(window.bytes(), file.path())));
            } catch (ToolRefused _) {
                // Not text, or gone since: nothing to find in it.
            }
        }
        var lines = new StringBuilder();
        for (FolderSearch.Hit hit : search.search(name, documents, query, countMax)) {
            lines.append(hit.path()).append(':').append(hit.line()).append('\t');
            lines.append(hit.sentence().replaceAll("\\s+", " ").strip()).append('\n');
        }
        return Result.text(lines.isEmpty() ? NOTHING_FOUND : lines.toString());
    }

    /** Leaves off half a character at the window's end; the next window begins with it. */
    private static byte[] wholeCharacters(FolderFiles.Window window) {
        byte[] bytes = window.bytes();
        if (window.offset() + bytes.length == window.fileBytes()) {
            return bytes;
        }
        int end = bytes.length;
        int continuations = 0;
        while (continuations < 3 && end > 0 && (bytes[end - 1] & 0xC0) == 0x80) {
            end--;
            continuations++;
        }
        boolean cut = end > 0 && length(bytes[end - 1]) > continuations + 1;
        return cut ? Arrays.copyOf(bytes, end - 1) : bytes;
    }

    private static int length(byte first) {
        int lead = first & 0xFF;
        return lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC0 ? 2 : 1;
    }

    private static String text(byte[] bytes, String path) throws ToolRefused {
        try {
            for (byte each : bytes) {
                if (each == 0) {
                    throw new CharacterCodingException();
                }
            }
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException e) {
            throw new ToolRefused(
                    path
                            + " is not text in UTF-8 (or the offset is in the middle of a"
                            + " character); binary files are not read.");
        }
    }

    private static JsonNode arguments(String text) throws ToolRefused {
        try {
            JsonNode arguments = JSON.readTree(text.isBlank() ? "{}" : text);
            if (arguments.isObject()) {
                return arguments;
            }
        } catch (JacksonException e) {
            // Said below.
        }
        throw new ToolRefused("The arguments must be a JSON object.");
    }

    private static String string(JsonNode arguments, String name) throws ToolRefused {
        JsonNode value = arguments.path(name);
        if (!value.isString()) {
            throw new ToolRefused("The argument " + name + " must be a string.");
        }
        return value.asString();
    }

    private static long number(JsonNode arguments, String name, long ifAbsent, long min)
            throws ToolRefused {
        JsonNode value = arguments.path(name);
        if (value.isMissingNode() || value.isNull()) {
            return ifAbsent;
        }
        if (!value.isIntegralNumber() || !value.canConvertToLong() || value.asLong() < min) {
            throw new ToolRefused(
                    "The argument " + name + " must be a whole number of at least " + min + ".");
        }
        return value.asLong();
    }
}

package entrepot.knowledge.extract;

import entrepot.knowledge.briefing.Briefing.Assignment;
import entrepot.knowledge.briefing.Questions;
import entrepot.knowledge.briefing.Source;
import entrepot.knowledge.briefing.SubQuestion;
import entrepot.knowledge.passages.Document;
import entrepot.knowledge.search.Words;

import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Decides the next step from the history alone. Each thing is asked for a limited number of times,
 * so that every session ends, whatever the tools answer.
 */
final class Planner {

    private static final int FILES_MAX = 24;
    private static final int READS_PER_STEP = 4;
    private static final int READS_PER_FILE_MAX = 5;
    private static final long BYTES_PER_FILE_MAX = 256 << 10;
    private static final int SEARCHES_MAX = 4;
    private static final int SEARCH_LIMIT = 5;
    private static final int LISTINGS_MAX = 2;
    private static final int QUERY_CHARS_MAX = 300;
    private static final Set<String> NOT_TEXT =
            Set.of(
                    "png", "jpg", "jpeg", "gif", "webp", "ico", "bmp", "tif", "tiff", "pdf", "zip",
                    "gz", "tgz", "bz2", "xz", "7z", "jar", "war", "class", "so", "dll", "exe",
                    "bin", "o", "a", "mp3", "mp4", "wav", "mov", "avi", "docx", "xlsx", "pptx",
                    "doc", "xls", "ppt", "db", "sqlite", "woff", "woff2", "ttf", "onnx", "parquet");

    static final String INTRODUCTION =
            "I extract from documents; I do not generate. Offer me the tools `list_files`,"
                + " `read_file` and `search`, or paste a text of a page or so, and ask: I answer in"
                + " quotes with their places, list dates and figures, and say what does not fit"
                + " together, or that the documents do not tell.";

    private final History history;
    private final Offered offered;

    Planner(History history, Offered offered) {
        this.history = history;
        this.offered = offered;
    }

    Step next() {
        boolean nothingYet = history.readings().isEmpty() && history.pasted().isEmpty();
        if (Questions.isGreeting(history.question()) && nothingYet) {
            return new Step.Say(INTRODUCTION);
        }
        if (nothingYet && offered.listFiles() != null && mustList()) {
            return new Step.Call(
                    List.of(use(offered.listFiles(), new JsonMapper().createObjectNode())));
        }
        List<Step.Use> reads = reads();
        if (!reads.isEmpty()) {
            return new Step.Call(several(reads));
        }
        List<Source> sources = sources();
        List<Step.Use> searches = searches(sources);
        if (!searches.isEmpty()) {
            return new Step.Call(several(searches));
        }
        if (sources.isEmpty()) {
            return new Step.Say(empty());
        }
        return new Step.Answer(
                new Assignment(
                        history.question(), sources, history.isFollowUp(), remarks(), favoured()));
    }

    private boolean mustList() {
        return !history.isListed() && history.listCalls() < LISTINGS_MAX;
    }

    private List<Step.Use> several(List<Step.Use> uses) {
        return offered.several() ? uses : uses.subList(0, 1);
    }

    private List<Step.Use> reads() {
        var uses = new ArrayList<Step.Use>();
        if (offered.readFile() == null) {
            return uses;
        }
        for (String path : chosen()) {
            Reading reading = history.reading(path);
            boolean more =
                    reading == null
                            || (!reading.isWhole()
                                    && reading.failure() == null
                                    && new Document(path, reading.text()).isText()
                                    && reading.nextByte() < BYTES_PER_FILE_MAX
                                    && reading.calls() < READS_PER_FILE_MAX);
            if (more && uses.size() < READS_PER_STEP) {
                ObjectNode arguments = new JsonMapper().createObjectNode().put("path", path);
                if (reading != null && reading.nextByte() > 0) {
                    arguments.put("offset", reading.nextByte());
                }
                uses.add(use(offered.readFile(), arguments));
            }
        }
        return uses;
    }

    private static Step.Use use(String tool, ObjectNode arguments) {
        return new Step.Use(tool, arguments.toString());
    }

    /** The files worth reading; of too many, those whose names the question names. */
    private List<String> chosen() {
        List<String> texts =
                history.files().entrySet().stream()
                        .filter(file -> file.getValue() > 0)
                        .map(Map.Entry::getKey)
                        .filter(path -> !NOT_TEXT.contains(extension(path)))
                        .toList();
        if (texts.size() <= FILES_MAX) {
            return texts;
        }
        Set<String> asked = new HashSet<>(Words.of(history.question()));
        return texts.stream()
                .sorted(
                        Comparator.comparingLong((String path) ->
                                -Words.of(path).stream().filter(asked::contains).count()))
                .limit(FILES_MAX)
                .toList();
    }

    private static String extension(String path) {
        return path.substring(path.lastIndexOf('.') + 1).toLowerCase(java.util.Locale.ROOT);
    }

    private List<Step.Use> searches(List<Source> sources) {
        var uses = new ArrayList<Step.Use>();
        if (offered.search() == null || history.searchCalls() > 0) {
            return uses;
        }
        boolean onlySearch = offered.readFile() == null;
        if (sources.isEmpty() && !onlySearch) {
            return uses;
        }
        var queries = new ArrayList<String>();
        if (!Questions.asksForEverything(history.question())) {
            queries.add(history.question());
        }
        if (!history.isFollowUp()) {
            for (SubQuestion question : Questions.of(history.question(), sources)) {
                queries.add(question.text());
            }
        }
        for (String query : queries.subList(0, Math.min(SEARCHES_MAX, queries.size()))) {
            String cut = query.substring(0, Math.min(QUERY_CHARS_MAX, query.length()));
            uses.add(
                    use(
                            offered.search(),
                            new JsonMapper()
                                    .createObjectNode()
                                    .put("query", cut)
                                    .put("limit", SEARCH_LIMIT)));
        }
        return uses;
    }

    private List<Source> sources() {
        var sources = new ArrayList<Source>();
        history.pasted().forEach((name, text) -> add(name, text, "", sources));
        history.readings()
                .forEach((path, reading) -> {
                    if (reading.hasText()) {
                        add(path, reading.text(), cutNote(reading), sources);
                    }
                });
        return Hits.added(history.hits(), sources);
    }

    private static void add(String name, String text, String note, List<Source> sources) {
        var document = new Document(name, text);
        if (document.isText() && !text.isBlank()) {
            sources.add(Source.of(document, note));
        }
    }

    private static String cutNote(Reading reading) {
        return reading.isWhole()
                ? ""
                : "only the first %d of %d KB were read"
                        .formatted(reading.nextByte() >> 10, reading.bytes() >> 10);
    }

    private Set<String> favoured() {
        var places = new HashSet<String>();
        history.hits().forEach(hit -> places.add(hit.substring(0, hit.indexOf('\t'))));
        return places;
    }

    private List<String> remarks() {
        var remarks = new ArrayList<>(history.remarks());
        history.readings()
                .forEach((path, reading) -> {
                    if (reading.failure() != null) {
                        remarks.add(path + ": could not be read: " + reading.failure());
                    } else if (!reading.hasText()) {
                        remarks.add(path + ": could not be read: no answer came");
                    } else if (reading.text().isBlank()) {
                        remarks.add(path + ": is empty");
                    } else if (!new Document(path, reading.text()).isText()) {
                        remarks.add(path + ": is not text");
                    }
                });
        unread(remarks);
        return remarks;
    }

    private void unread(List<String> remarks) {
        Set<String> chosen = new HashSet<>(chosen());
        int tooMany = 0;
        for (Map.Entry<String, Long> file : history.files().entrySet()) {
            String path = file.getKey();
            if (file.getValue() == 0) {
                remarks.add(path + ": is empty");
            } else if (NOT_TEXT.contains(extension(path))) {
                remarks.add(path + ": is not text, not read");
            } else if (!chosen.contains(path)) {
                tooMany++;
            }
        }
        if (tooMany > 0) {
            remarks.add(
                    "%d more files were not read: at most %d are".formatted(tooMany, FILES_MAX));
        }
    }

    private String empty() {
        List<String> remarks = remarks();
        if (remarks.isEmpty() && !history.isListed() && history.searchCalls() > 0) {
            return "**Not found in these documents:** a search for it found nothing.\n";
        }
        if (remarks.isEmpty() && !history.isListed()) {
            return INTRODUCTION;
        }
        if (remarks.isEmpty()) {
            return "**Not found in these documents:** the folder holds no files.\n";
        }
        return "**Not found in these documents:** none of them could be read.\n\n- "
                + String.join("\n- ", remarks)
                + "\n";
    }
}

package entrepot.runtime.tools.knowledge;

import entrepot.conversation.Extras;
import entrepot.conversation.Tool;
import entrepot.knowledge.Knowledge;
import entrepot.knowledge.index.DocumentTable;
import entrepot.knowledge.index.Hit;
import entrepot.knowledge.index.KnowledgeSearch;
import entrepot.knowledge.index.Question;
import entrepot.knowledge.index.Reader;
import entrepot.runtime.tools.ToolServer;
import entrepot.runtime.tools.ToolServers;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * {@code search_knowledge}, {@code read_passage} and {@code read_document}. Changes nothing. A
 * document that the session's principal may not read is as if it were not there.
 */
final class KnowledgeServer implements ToolServer {

    private static final int HITS = 8;
    private static final int WINDOW_CHARS = 32_000;
    private static final int AROUND_CHARS_MAX = 4_000;
    private static final JsonMapper JSON = JsonMapper.shared();

    private static final String SEARCH =
            """
            {"type": "object", "properties": {
              "query": {"type": "string", "description": "a question or words"},
              "sources": {"type": "array", "items": {"type": "string"},
                "description": "only these; all if left out"},
              "labels": {"type": "array", "items": {"type": "string"},
                "description": "only documents with one of these labels"},
              "limit": {"type": "integer", "minimum": 1, "maximum": 50}},
             "required": ["query"], "additionalProperties": false}
            """;
    private static final String PASSAGE =
            """
            {"type": "object", "properties": {
              "source": {"type": "string", "description": "as search_knowledge gives it"},
              "document": {"type": "string", "description": "as search_knowledge gives it"},
              "from": {"type": "integer", "minimum": 0},
              "to": {"type": "integer", "minimum": 0},
              "around": {"type": "integer", "minimum": 0, "maximum": 4000,
                "description": "characters before and after; 500 if left out"},
              "revision": {"type": "string"}},
             "required": ["source", "document", "from", "to"], "additionalProperties": false}
            """;
    private static final String DOCUMENT =
            """
            {"type": "object", "properties": {
              "source": {"type": "string", "description": "as search_knowledge gives it"},
              "document": {"type": "string", "description": "as search_knowledge gives it"},
              "offset": {"type": "integer", "minimum": 0,
                "description": "character to begin at; 0 if left out"}},
             "required": ["source", "document"], "additionalProperties": false}
            """;

    private static final List<Offer> OFFERS =
            List.of(
                    offer(
                            "search_knowledge",
                            "Finds passages of the company's documents that answer a question best."
                                + " Gives JSON: passages with source, document, revision, from and"
                                + " to (characters), line, page, title, heading and the verbatim"
                                + " text. Cite as source/document:line.",
                            SEARCH),
                    offer(
                            "read_passage",
                            "Reads a passage that search_knowledge found, with what stands around"
                                    + " it. Says so when the document has changed since.",
                            PASSAGE),
                    offer(
                            "read_document",
                            "Reads a document, up to 32,000 characters at a time.",
                            DOCUMENT));

    private final Knowledge knowledge;
    private final KnowledgeTools.GroupsOf groups;
    private final ToolServers.Context context;
    private final Set<String> sources;

    /**
     * @param context for whom it reads
     * @param sources of the tenant that may be used
     */
    KnowledgeServer(
            Knowledge knowledge,
            KnowledgeTools.GroupsOf groups,
            ToolServers.Context context,
            Set<String> sources) {
        this.knowledge = knowledge;
        this.groups = groups;
        this.context = context;
        this.sources = Set.copyOf(sources);
    }

    private static Offer offer(String name, String description, String parameters) {
        return new Offer(
                new Tool.Function(name, description, JSON.readTree(parameters), null, Extras.NONE),
                Effect.READ);
    }

    /** Said to the model in place of a result. */
    private static final class Wrong extends Exception {
        private static final long serialVersionUID = 1L;

        private Wrong(String message) {
            super(message);
        }
    }

    @Override
    public List<Offer> offers() {
        return OFFERS;
    }

    @Override
    public Result use(Use use) throws InterruptedException {
        try {
            JsonNode arguments = arguments(use.arguments());
            Reader reader =
                    Reader.of(
                            context.tenant(),
                            context.team(),
                            context.principal(),
                            groups.of(context.tenant(), context.principal()));
            return Result.text(
                    switch (use.name()) {
                        case "search_knowledge" -> search(reader, arguments).toString();
                        case "read_passage" -> passage(reader, arguments).toString();
                        case "read_document" -> document(reader, arguments).toString();
                        default -> throw new Wrong("There is no tool " + use.name() + " here.");
                    });
        } catch (Wrong | IllegalArgumentException e) {
            return Result.failure(String.valueOf(e.getMessage()));
        }
    }

    private static Wrong noSource(String id) {
        return new Wrong("There is no source '" + id + "' here.");
    }

    private ObjectNode search(Reader reader, JsonNode arguments)
            throws Wrong, InterruptedException {
        Set<String> named = words(arguments, "sources");
        for (String id : named) {
            if (!sources.contains(id)) {
                throw noSource(id);
            }
        }
        KnowledgeSearch.Found found =
                knowledge
                        .search()
                        .search(
                                reader,
                                new Question(
                                        text(arguments, "query"),
                                        named.isEmpty() ? sources : named,
                                        words(arguments, "labels"),
                                        (int) number(arguments, "limit", HITS)));
        ObjectNode json = JSON.createObjectNode();
        if (found.weak()) {
            json.put("note", "Nothing found that answers this; these passages only come nearest.");
        }
        var passages = json.putArray("passages");
        found.hits().forEach(hit -> passages.add(json(hit)));
        return json;
    }

    private static ObjectNode json(Hit hit) {
        var document = hit.document();
        var passage = hit.passage();
        ObjectNode json =
                JSON.createObjectNode()
                        .put("source", document.source().id())
                        .put("document", document.id())
                        .put("revision", document.revision())
                        .put("from", passage.from())
                        .put("to", passage.to())
                        .put("line", passage.line());
        Integer page = passage.page();
        if (page != null) {
            json.put("page", page);
        }
        put(json, "title", document.title());
        put(json, "heading", passage.heading());
        put(json, "uri", document.uri());
        put(json, "label", document.label());
        return json.put("text", passage.text());
    }

    private static void put(ObjectNode json, String name, String value) {
        if (!value.isEmpty()) {
            json.put(name, value);
        }
    }

    private ObjectNode passage(Reader reader, JsonNode arguments) throws Wrong {
        DocumentTable.Text text = read(reader, arguments);
        int length = text.body().codePointCount(0, text.body().length());
        long from = number(arguments, "from", 0);
        long to = number(arguments, "to", 0);
        if (from >= to || to > length) {
            throw new Wrong("from and to must be a stretch of its 0 to " + length + " characters.");
        }
        long around = Math.min(AROUND_CHARS_MAX, number(arguments, "around", 500));
        JsonNode revision = arguments.path("revision");
        ObjectNode json =
                window(
                        text,
                        Math.max(0, from - around),
                        Math.min(Math.min(length, to + around), from + WINDOW_CHARS),
                        length);
        if (revision.isString() && !revision.asString().equals(text.document().revision())) {
            json.put("note", "The document has changed since: search again to cite it.");
        }
        return json;
    }

    private ObjectNode document(Reader reader, JsonNode arguments) throws Wrong {
        DocumentTable.Text text = read(reader, arguments);
        int length = text.body().codePointCount(0, text.body().length());
        long from = number(arguments, "offset", 0);
        if (from > length) {
            throw new Wrong("offset is " + from + ", but it has " + length + " characters.");
        }
        return window(text, from, Math.min(length, from + WINDOW_CHARS), length);
    }

    private static ObjectNode window(DocumentTable.Text text, long from, long to, int length) {
        String body = text.body();
        int start = body.offsetByCodePoints(0, (int) from);
        int end = body.offsetByCodePoints(start, (int) (to - from));
        var document = text.document();
        return JSON.createObjectNode()
                .put("source", document.source().id())
                .put("document", document.id())
                .put("revision", document.revision())
                .put("title", document.title())
                .put("from", from)
                .put("to", to)
                .put("characters", length)
                .put("text", body.substring(start, end));
    }

    private DocumentTable.Text read(Reader reader, JsonNode arguments) throws Wrong {
        String source = text(arguments, "source");
        String id = text(arguments, "document");
        Optional<DocumentTable.Text> text =
                sources.contains(source)
                        ? knowledge.search().text(reader, source, id)
                        : Optional.empty();
        if (text.isEmpty()) {
            throw new Wrong(
                    "There is no document '"
                            + id
                            + "' in '"
                            + source
                            + "': give both as search_knowledge gives them.");
        }
        return text.get();
    }

    private static JsonNode arguments(String text) throws Wrong {
        try {
            JsonNode arguments = JSON.readTree(text.isBlank() ? "{}" : text);
            if (arguments.isObject()) {
                return arguments;
            }
        } catch (JacksonException e) {
            // Said below.
        }
        throw new Wrong("The arguments must be a JSON object.");
    }

    private static String text(JsonNode arguments, String name) throws Wrong {
        JsonNode value = arguments.path(name);
        if (!value.isString()) {
            throw new Wrong("The argument " + name + " must be a string.");
        }
        return value.asString();
    }

    private static long number(JsonNode arguments, String name, long ifAbsent) throws Wrong {
        JsonNode value = arguments.path(name);
        if (value.isMissingNode() || value.isNull()) {
            return ifAbsent;
        }
        if (!value.isIntegralNumber() || !value.canConvertToInt() || value.asInt() < 0) {
            throw new Wrong("The argument " + name + " must be a whole number of at least 0.");
        }
        return value.asInt();
    }

    private static Set<String> words(JsonNode arguments, String name) throws Wrong {
        @Nullable JsonNode value = arguments.get(name);
        var words = new TreeSet<String>();
        if (value == null || value.isNull()) {
            return words;
        }
        if (!value.isArray()) {
            throw new Wrong("The argument " + name + " must be a list of strings.");
        }
        for (JsonNode each : value) {
            if (!each.isString()) {
                throw new Wrong("The argument " + name + " must be a list of strings.");
            }
            words.add(each.asString());
        }
        return words;
    }
}

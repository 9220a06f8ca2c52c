package entrepot.knowledge.extract;

import entrepot.conversation.Event;
import entrepot.conversation.Extras;
import entrepot.conversation.Message;
import entrepot.conversation.OutputFormat;
import entrepot.conversation.Part;
import entrepot.conversation.Request;
import entrepot.conversation.Sampling;
import entrepot.conversation.Tool;
import entrepot.conversation.ToolChoice;
import entrepot.knowledge.embedding.Embedder;
import entrepot.knowledge.passages.Document;
import entrepot.knowledge.search.PassageSearch;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A person with a folder, who runs the tools that the model calls: the runtime in forty lines. */
final class Desk {

    static final int BYTES_PER_READ = 65_536;
    private static final int STEPS_MAX = 40;

    private final Extract1 model;
    private final Embedder embedder;
    private final Map<String, byte[]> files;
    private final List<Message> messages = new ArrayList<>();
    private final List<List<Event>> steps = new ArrayList<>();
    private List<String> tools = Extract1.tools();
    private Sampling sampling = Sampling.DEFAULT;

    Desk(Extract1 model, Embedder embedder, Map<String, byte[]> files) {
        this.model = model;
        this.embedder = embedder;
        this.files = new LinkedHashMap<>(files);
    }

    static Map<String, byte[]> folder(Path folder) throws IOException {
        var files = new LinkedHashMap<String, byte[]>();
        try (Stream<Path> walk = Files.walk(folder)) {
            for (Path file : walk.filter(Files::isRegularFile).sorted().toList()) {
                files.put(folder.relativize(file).toString(), Files.readAllBytes(file));
            }
        }
        return files;
    }

    static Map<String, byte[]> files(String... namesAndTexts) {
        var files = new LinkedHashMap<String, byte[]>();
        for (int i = 0; i < namesAndTexts.length; i += 2) {
            files.put(namesAndTexts[i], namesAndTexts[i + 1].getBytes(StandardCharsets.UTF_8));
        }
        return files;
    }

    Desk withTools(List<String> names) {
        tools = names;
        return this;
    }

    Desk withSampling(Sampling other) {
        sampling = other;
        return this;
    }

    /** Asks, runs every tool that is called, and returns the text of the answer. */
    String ask(String question) throws InterruptedException {
        messages.add(Message.text(Message.Role.USER, question));
        for (int step = 0; step < STEPS_MAX; step++) {
            List<Part> parts = step();
            messages.add(new Message(Message.Role.ASSISTANT, parts, null, Extras.NONE));
            List<Part> results = new ArrayList<>();
            for (Part part : parts) {
                if (part instanceof Part.ToolCall call) {
                    results.add(run(call));
                }
            }
            if (results.isEmpty()) {
                return messages.getLast().text();
            }
            results.forEach(result -> messages.add(Message.of(Message.Role.TOOL, result)));
        }
        throw new AssertionError("no answer after " + STEPS_MAX + " steps");
    }

    private List<Part> step() throws InterruptedException {
        List<Event> events = new ArrayList<>();
        model.answer(request(messages), events::add);
        steps.add(events);
        List<Part> parts = new ArrayList<>();
        for (Event event : events) {
            if (event instanceof Event.PartFinished finished) {
                parts.add(finished.part());
            }
        }
        return parts;
    }

    Request request(List<Message> history) {
        List<Tool> offered = new ArrayList<>();
        tools.forEach(name -> offered.add(new Tool.Function(name, null, null, null, Extras.NONE)));
        return new Request(
                Extract1.MODEL,
                history,
                offered,
                ToolChoice.AUTO,
                sampling,
                OutputFormat.TEXT,
                true,
                Extras.NONE);
    }

    List<Message> messages() {
        return messages;
    }

    List<List<Event>> steps() {
        return steps;
    }

    List<String> calls() {
        List<String> calls = new ArrayList<>();
        for (Message message : messages) {
            for (Part part : message.parts()) {
                if (part instanceof Part.ToolCall call) {
                    calls.add(call.name() + call.arguments());
                }
            }
        }
        return calls;
    }

    private Part.ToolResult run(Part.ToolCall call) throws InterruptedException {
        JsonNode arguments = new JsonMapper().readTree(call.arguments());
        String result =
                switch (call.name()) {
                    case Offered.LIST_FILES -> list();
                    case Offered.READ_FILE -> read(arguments);
                    case Offered.SEARCH -> search(arguments);
                    default -> throw new AssertionError("no such tool: " + call.name());
                };
        if (result.startsWith("error: ")) {
            return new Part.ToolResult(
                    call.callId(), List.of(new Part.Text(result, Extras.NONE)), true, Extras.NONE);
        }
        return Part.ToolResult.text(call.callId(), result);
    }

    private String list() {
        var list = new StringBuilder();
        files.forEach(
                (name, bytes) -> list.append(name).append('\t').append(bytes.length).append('\n'));
        return list.toString();
    }

    private String read(JsonNode arguments) {
        byte[] bytes = files.get(arguments.get("path").asString());
        if (bytes == null || arguments.get("path").asString().startsWith("locked")) {
            return "error: permission denied";
        }
        int from = arguments.path("offset").asInt(0);
        int to = Math.min(bytes.length, from + BYTES_PER_READ);
        String text = new String(bytes, from, to - from, StandardCharsets.UTF_8);
        return from == 0 && to == bytes.length
                ? text
                : "[truncated: showing bytes %d-%d of %d; call again with offset]\n%s"
                        .formatted(from, to, bytes.length, text);
    }

    private String search(JsonNode arguments) throws InterruptedException {
        List<Document> documents = new ArrayList<>();
        files.forEach((name, bytes) ->
                documents.add(new Document(name, new String(bytes, StandardCharsets.UTF_8))));
        var found =
                new PassageSearch(embedder)
                        .search(
                                documents,
                                arguments.get("query").asString(),
                                arguments.path("limit").asInt(10));
        return String.join("\n", found.hits().stream().map(PassageSearch.Hit::line).toList());
    }
}

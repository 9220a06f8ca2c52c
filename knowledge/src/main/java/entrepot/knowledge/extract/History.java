package entrepot.knowledge.extract;

import entrepot.conversation.Message;
import entrepot.conversation.Part;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What has been asked, listed, read and found so far, read off the messages. */
final class History {

    /** Shorter messages are questions, not documents. */
    private static final int PASTED_CHARS_MIN = 700;

    private static final JsonMapper JSON = new JsonMapper();

    private String question = "";
    private boolean listed;
    private boolean followUp;
    private int listCalls;
    private int searchCalls;
    private final Map<String, Long> files = new LinkedHashMap<>();
    private final Map<String, Reading> readings = new LinkedHashMap<>();
    private final Map<String, String> pasted = new LinkedHashMap<>();
    private final List<String> remarks = new ArrayList<>();
    private final List<String> hits = new ArrayList<>();
    private final Set<String> searched = new HashSet<>();
    private final Map<String, Call> calls = new HashMap<>();

    private record Call(String name, JsonNode arguments) {}

    private History() {}

    static History of(List<Message> messages) {
        var history = new History();
        boolean spoke = false;
        for (Message message : messages) {
            for (Part part : message.parts()) {
                switch (part) {
                    case Part.ToolCall call -> history.called(call);
                    case Part.ToolResult result -> history.returned(result);
                    case Part.File file -> history.attached(file);
                    case Part.Text text ->
                            spoke |=
                                    message.role() == Message.Role.ASSISTANT
                                            && !text.text().isBlank();
                    case Part.Refusal ignored -> {}
                    case Part.Image ignored -> {}
                    case Part.Audio ignored -> {}
                    case Part.CachePoint ignored -> {}
                    case Part.Reasoning ignored -> {}
                    case Part.Unknown ignored -> {}
                }
            }
            if (message.role() == Message.Role.USER && !message.text().isBlank()) {
                history.asked(message.text(), spoke);
            }
        }
        return history;
    }

    /** A new question: what was searched for an earlier one does not count for it. */
    private void asked(String text, boolean spoke) {
        followUp = spoke && (!readings.isEmpty() || !pasted.isEmpty() || !hits.isEmpty());
        searched.clear();
        searchCalls = 0;
        if (text.length() >= PASTED_CHARS_MIN) {
            String name = pasted.isEmpty() ? "message" : "message-" + (pasted.size() + 1);
            pasted.put(name, text);
            question = Pasted.question(text);
        } else {
            question = text.strip();
        }
    }

    private void attached(Part.File file) {
        if (file.base64() == null) {
            return;
        }
        String name =
                file.filename() == null ? "attachment-" + (pasted.size() + 1) : file.filename();
        try {
            byte[] bytes = Base64.getDecoder().decode(file.base64());
            pasted.put(name, new String(bytes, StandardCharsets.UTF_8));
        } catch (IllegalArgumentException e) {
            remarks.add(name + ": could not be read, its base64 is damaged");
        }
    }

    private void called(Part.ToolCall call) {
        JsonNode arguments = parsed(call.arguments());
        calls.put(call.callId(), new Call(call.name(), arguments));
        if (Offered.is(call.name(), Offered.LIST_FILES)) {
            listCalls++;
        } else if (Offered.is(call.name(), Offered.READ_FILE)) {
            reading(arguments).asked();
        } else if (Offered.isSearch(call.name())) {
            searchCalls++;
            searched.add(arguments.path("query").asString(""));
        }
    }

    private Reading reading(JsonNode arguments) {
        return readings.computeIfAbsent(arguments.path("path").asString(""), p -> new Reading());
    }

    private static JsonNode parsed(String arguments) {
        try {
            JsonNode node = JSON.readTree(arguments.isBlank() ? "{}" : arguments);
            return node == null ? JSON.createObjectNode() : node;
        } catch (JacksonException e) {
            return JSON.createObjectNode();
        }
    }

    private void returned(Part.ToolResult result) {
        Call call = calls.get(result.callId());
        if (call == null) {
            return;
        }
        String text = text(result);
        if (Offered.is(call.name, Offered.LIST_FILES)) {
            listed(result.failed(), text);
        } else if (Offered.is(call.name, Offered.READ_FILE)) {
            if (result.failed()) {
                reading(call.arguments).failed(firstLine(text));
            } else {
                reading(call.arguments).read(call.arguments.path("offset").asLong(0), text);
            }
        } else if (Offered.is(call.name, Offered.SEARCH_KNOWLEDGE) && !result.failed()) {
            hits.addAll(Found.lines(text));
        } else if (Offered.is(call.name, Offered.SEARCH) && !result.failed()) {
            text.lines().filter(line -> line.indexOf('\t') > 0).forEach(hits::add);
        }
    }

    private void listed(boolean failed, String text) {
        listed = true;
        if (failed) {
            remarks.add("the files could not be listed: " + firstLine(text));
            return;
        }
        for (String line : text.split("\\R")) {
            if (line.startsWith("[truncated")) {
                remarks.add("not all files are listed: " + firstLine(line));
            }
            int tab = line.lastIndexOf('\t');
            if (tab > 0 && line.substring(tab + 1).strip().matches("\\d{1,18}")) {
                files.put(line.substring(0, tab), Long.parseLong(line.substring(tab + 1).strip()));
            }
        }
    }

    private static String text(Part.ToolResult result) {
        var text = new StringBuilder();
        for (Part part : result.content()) {
            if (part instanceof Part.Text words) {
                text.append(words.text());
            }
        }
        return text.toString();
    }

    private static String firstLine(String text) {
        String line = text.strip().lines().findFirst().orElse("no reason given");
        return line.length() <= 200 ? line : line.substring(0, 200) + " …";
    }

    /** What the user asked last. */
    String question() {
        return question;
    }

    boolean isListed() {
        return listed;
    }

    /** Whether an earlier question about the same documents has been answered. */
    boolean isFollowUp() {
        return followUp;
    }

    int listCalls() {
        return listCalls;
    }

    /** Searches for the last question. */
    int searchCalls() {
        return searchCalls;
    }

    boolean hasSearched(String query) {
        return searched.contains(query);
    }

    /** Names with sizes in bytes, as listed. */
    Map<String, Long> files() {
        return files;
    }

    @Nullable Reading reading(String path) {
        return readings.get(path);
    }

    /** By path, in the order they were asked for. */
    Map<String, Reading> readings() {
        return readings;
    }

    /** Documents that came in messages, by name. */
    Map<String, String> pasted() {
        return pasted;
    }

    List<String> remarks() {
        return remarks;
    }

    /** Lines {@code FILE:LINE<TAB>SENTENCE} that searches gave. */
    List<String> hits() {
        return hits;
    }
}

package entrepot.gateway.corpus;

import entrepot.conversation.Answer;
import entrepot.conversation.Failed;
import entrepot.conversation.Failure.Cause;
import entrepot.conversation.Message;
import entrepot.conversation.Part;
import entrepot.conversation.Request;
import entrepot.conversation.Tool;
import entrepot.protocols.json.Json;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** What must arrive whatever dialects lie between: words, calls, results, pictures, tools. */
final class Essence {

    private final StringBuilder words = new StringBuilder();
    private final List<String> facts = new ArrayList<>();

    static Essence of(Request request) {
        var essence = new Essence();
        for (Message message : request.messages()) {
            message.parts().forEach(essence::part);
        }
        for (Tool tool : request.tools()) {
            if (tool instanceof Tool.Function function) {
                essence.facts.add("tool " + function.name());
            }
        }
        return essence;
    }

    static Essence of(Answer answer) {
        var essence = new Essence();
        answer.parts().forEach(essence::part);
        return essence;
    }

    /** What of this is missing in another; texts may be joined or cut differently there. */
    List<String> missingIn(Essence other) {
        var missing = new ArrayList<String>();
        String there = squeezed(other.words.toString());
        for (String piece : words.toString().split("\u0000", -1)) {
            String squeezed = squeezed(piece);
            if (!squeezed.isEmpty() && !there.contains(squeezed)) {
                missing.add("text " + piece);
            }
        }
        var left = new ArrayList<>(other.facts);
        for (String fact : facts) {
            if (!left.remove(fact)) {
                missing.add(fact);
            }
        }
        return missing;
    }

    private void part(Part part) {
        switch (part) {
            case Part.Text text -> words.append(text.text()).append('\u0000');
            case Part.Refusal refusal -> words.append(refusal.text()).append('\u0000');
            case Part.Image image -> facts.add("image " + address(image.url(), image.base64()));
            case Part.File file ->
                    facts.add("file " + file.fileId() + address(file.url(), file.base64()));
            case Part.Audio audio -> facts.add("audio " + audio.base64().hashCode());
            case Part.ToolCall call -> facts.add("call " + call.name() + json(call.arguments()));
            case Part.ToolResult result -> result.content().forEach(this::part);
            case Part.Reasoning _, Part.CachePoint _, Part.Unknown _ -> {
                // Reasoning stays with its origin, marks are hints, the unknown is a loss.
            }
        }
    }

    private static String address(
            @org.jspecify.annotations.Nullable String url,
            @org.jspecify.annotations.Nullable String base64) {
        return url == null ? "bytes " + Objects.hashCode(base64) : url;
    }

    private static String json(String arguments) {
        try {
            return arguments.isBlank() ? "{}" : Json.read(arguments, Cause.INTERNAL).toString();
        } catch (Failed notJson) {
            return arguments;
        }
    }

    private static String squeezed(String text) {
        return text.replaceAll("[\\s\u0000]+", "");
    }
}

package entrepot.market.metering;

import entrepot.conversation.Message;
import entrepot.conversation.Part;
import entrepot.conversation.Request;
import entrepot.conversation.Tool;
import entrepot.conversation.embedding.EmbeddingRequest;
import entrepot.conversation.embedding.EmbeddingRequest.Input;

import java.util.List;

/** Counts what a model reads and writes, for estimates: words, not wrapping. */
public final class Letters {

    /** Letters per token, of English text in today's vocabularies. */
    static final long PER_TOKEN = 4;

    private Letters() {}

    /** What so many letters are in tokens, by the rule of thumb. */
    public static long tokens(long letters) {
        return (letters + PER_TOKEN - 1) / PER_TOKEN;
    }

    public static long of(Request request) {
        long letters = 0;
        for (Message message : request.messages()) {
            letters += of(message.parts());
        }
        for (Tool tool : request.tools()) {
            if (tool instanceof Tool.Function function) {
                String description = function.description();
                letters += function.name().length();
                letters += description == null ? 0 : description.length();
                letters +=
                        function.parameters() == null
                                ? 0
                                : function.parameters().toString().length();
            }
        }
        return letters;
    }

    /** Tokens count for as many letters as one has in English text. */
    public static long of(EmbeddingRequest request) {
        long letters = 0;
        for (Input input : request.inputs()) {
            letters +=
                    switch (input) {
                        case Input.Text text -> text.text().length();
                        case Input.Tokens tokens -> tokens.ids().size() * PER_TOKEN;
                    };
        }
        return letters;
    }

    public static long of(List<Part> parts) {
        long letters = 0;
        for (Part part : parts) {
            letters += of(part);
        }
        return letters;
    }

    /** Images, files and sound are not letters: nobody but the supplier can count them. */
    public static long of(Part part) {
        return switch (part) {
            case Part.Text text -> text.text().length();
            case Part.Refusal refusal -> refusal.text().length();
            case Part.Reasoning reasoning -> reasoning.text().length();
            case Part.ToolCall call -> call.name().length() + call.arguments().length();
            case Part.ToolResult result -> of(result.content());
            case Part.Image ignored -> 0;
            case Part.File ignored -> 0;
            case Part.Audio ignored -> 0;
            case Part.CachePoint ignored -> 0;
            case Part.Unknown ignored -> 0;
        };
    }
}

package entrepot.protocols.openai.chat;

import static entrepot.protocols.openai.chat.ChatRequests.DIALECT;

import entrepot.conversation.Answer;
import entrepot.conversation.Extras;
import entrepot.conversation.Loss;
import entrepot.conversation.Loss.Weight;
import entrepot.conversation.Message;
import entrepot.conversation.Message.Role;
import entrepot.conversation.OutputFormat;
import entrepot.conversation.Part;
import entrepot.conversation.Request;
import entrepot.conversation.StopReason;
import entrepot.conversation.Tool;
import entrepot.conversation.ToolChoice;
import entrepot.conversation.Usage.Meter;
import entrepot.protocols.Foreign;
import entrepot.protocols.json.Residue;

import java.util.ArrayList;
import java.util.List;

/**
 * What chat cannot carry. A request or an answer without a loss here comes back as it was when it
 * is written and read again; whoever writes one with a loss refuses it or reports it (R38).
 */
public enum ChatLosses {
    SIGNATURE("chat has no place for the signature of reasoning", Weight.HINT),
    JOINED("chat joins several pieces of reasoning, or of refusal, into one", Weight.HINT),
    ORDER("chat has one order: reasoning, content, refusal, calls", Weight.HINT),
    FAILED_RESULT("chat cannot say that a tool failed, but in the text of its result", Weight.HINT),
    MISPLACED("chat has no place for such a part in a message of this role", Weight.MEANING),
    EMPTY_TEXT("chat does not tell an empty text from none", Weight.HINT),
    FILE_ADDRESS(
            "OpenAI takes a file's bytes or id; only some compatible servers take its address",
            Weight.MEANING),
    MEDIA_TYPE("chat tells the media type only together with the bytes", Weight.HINT),
    FOREIGN("another dialect's member, for which chat has no word", Weight.MEANING),
    CACHE_POINT("OpenAI's caches need no marks", Weight.HINT),
    TOP_K("OpenAI has no top_k", Weight.HINT),
    REASONING_BUDGET("chat weighs reasoning by effort, not by tokens", Weight.HINT),
    STOP_REASON("chat says stop for this reason as well", Weight.HINT),
    METER("chat's usage has no such meter", Weight.HINT);

    private final String what;
    private final Weight weight;

    ChatLosses(String what, Weight weight) {
        this.what = what;
        this.weight = weight;
    }

    /** What is lost and why, in words for the caller. */
    public String what() {
        return what;
    }

    /** What a request loses when it is written in chat. */
    public static List<Loss> of(Request request) {
        var losses = new ArrayList<Loss>();
        extras(request.extras(), "", losses);
        if (request.sampling().topK() != null
                && Residue.of(request.extras(), DIALECT, "top_k") == null) {
            TOP_K.at("sampling.topK", losses);
        }
        if (request.sampling().reasoningTokensMax() != null
                && !ChatRequests.form(request, "max_tokens")) {
            REASONING_BUDGET.at("sampling.reasoningTokensMax", losses);
        }
        for (int i = 0; i < request.messages().size(); i++) {
            message(request.messages().get(i), "messages[" + i + "]", losses);
        }
        for (int i = 0; i < request.tools().size(); i++) {
            String path = "tools[" + i + "]";
            switch (request.tools().get(i)) {
                case Tool.Function function -> extras(function.extras(), path, losses);
                case Tool.Unknown unknown -> foreign(unknown.dialect(), path, losses);
                case Tool.CachePoint _ -> CACHE_POINT.at(path, losses);
            }
        }
        if (request.toolChoice() instanceof ToolChoice.Unknown unknown) {
            foreign(unknown.dialect(), "toolChoice", losses);
        }
        if (request.format() instanceof OutputFormat.Unknown unknown) {
            foreign(unknown.dialect(), "format", losses);
        }
        return List.copyOf(losses);
    }

    /** What an answer loses when it is written in chat. */
    public static List<Loss> of(Answer answer) {
        var losses = new ArrayList<Loss>();
        extras(answer.extras(), "", losses);
        parts(answer.parts(), Role.ASSISTANT, "parts", losses);
        for (int i = 0; i < answer.parts().size(); i++) {
            Part part = answer.parts().get(i);
            if (part instanceof Part.Image
                    || part instanceof Part.File
                    || part instanceof Part.Audio) {
                MISPLACED.at("parts[" + i + "]", losses);
            }
        }
        // With calls, stop is read as the wish to have them made: see ChatAnswers.
        boolean calls = answer.parts().stream().anyMatch(Part.ToolCall.class::isInstance);
        if ((calls && answer.stopReason().equals(StopReason.END))
                || !ChatAnswers.reason(ChatAnswers.word(answer.stopReason()))
                        .equals(answer.stopReason())) {
            STOP_REASON.at("stopReason", losses);
        }
        for (Meter meter : List.of(Meter.CACHE_WRITE_1H, Meter.REQUESTS, Meter.IMAGES)) {
            if (answer.usage().of(meter) > 0) {
                METER.at("usage." + meter, losses);
            }
        }
        return List.copyOf(losses);
    }

    private static void message(Message message, String path, List<Loss> losses) {
        extras(message.extras(), path, losses);
        parts(message.parts(), message.role(), path + ".parts", losses);
        long results = message.parts().stream().filter(Part.ToolResult.class::isInstance).count();
        if (message.role() == Role.TOOL && message.parts().isEmpty()) {
            MISPLACED.at(path, losses);
        }
        if (message.role() == Role.TOOL && results > 1) {
            // They arrive, each in a message of its own; that they were one turn does not.
            ORDER.at(path + ".parts", losses);
        }
    }

    private static void parts(List<Part> parts, Role role, String path, List<Loss> losses) {
        int rank = 0;
        int thoughts = 0;
        int refusals = 0;
        for (int i = 0; i < parts.size(); i++) {
            Part part = parts.get(i);
            String at = path + "[" + i + "]";
            part(part, at, losses);
            if (!fits(part, role)) {
                MISPLACED.at(at, losses);
            }
            if (part instanceof Part.CachePoint) {
                continue;
            }
            if (rank(part) < rank) {
                ORDER.at(at, losses);
            }
            rank = Math.max(rank, rank(part));
            if ((part instanceof Part.Reasoning && ++thoughts > 1)
                    || (part instanceof Part.Refusal && rank(part) == 2 && ++refusals > 1)) {
                JOINED.at(at, losses);
            }
        }
    }

    private static void part(Part part, String path, List<Loss> losses) {
        switch (part) {
            case Part.Text text -> {
                extras(text.extras(), path, losses);
                empty(text.text(), path, losses);
            }
            case Part.Refusal refusal -> {
                extras(refusal.extras(), path, losses);
                empty(refusal.text(), path, losses);
            }
            case Part.Image image -> {
                extras(image.extras(), path, losses);
                if ((image.base64() == null) != (image.mediaType() == null)) {
                    MEDIA_TYPE.at(path + ".mediaType", losses);
                }
            }
            case Part.File file -> {
                extras(file.extras(), path, losses);
                if (file.url() != null && Residue.of(file.extras(), DIALECT, "type") == null) {
                    FILE_ADDRESS.at(path + ".url", losses);
                }
                if (file.base64() == null && file.mediaType() != null) {
                    MEDIA_TYPE.at(path + ".mediaType", losses);
                }
            }
            case Part.Audio audio -> extras(audio.extras(), path, losses);
            case Part.CachePoint _ -> CACHE_POINT.at(path, losses);
            case Part.Reasoning reasoning -> {
                extras(reasoning.extras(), path, losses);
                empty(reasoning.text(), path, losses);
                if (reasoning.signature() != null) {
                    SIGNATURE.at(path + ".signature", losses);
                }
            }
            case Part.ToolCall call -> extras(call.extras(), path, losses);
            case Part.ToolResult result -> {
                extras(result.extras(), path, losses);
                if (result.failed()) {
                    FAILED_RESULT.at(path + ".failed", losses);
                }
                parts(result.content(), Role.USER, path + ".content", losses);
            }
            case Part.Unknown unknown -> Foreign.part(unknown, DIALECT, path, losses);
        }
    }

    private static boolean fits(Part part, Role role) {
        return switch (part) {
            case Part.Reasoning _, Part.Refusal _, Part.ToolCall _ -> role == Role.ASSISTANT;
            case Part.ToolResult _ -> role == Role.TOOL;
            case Part.Unknown _, Part.CachePoint _ -> true;
            case Part.Text _, Part.Image _, Part.File _, Part.Audio _ -> role != Role.TOOL;
        };
    }

    private static int rank(Part part) {
        return switch (part) {
            case Part.Reasoning _ -> 0;
            case Part.Refusal refusal -> ChatParts.isContent(refusal) ? 1 : 2;
            case Part.ToolCall _, Part.ToolResult _ -> 3;
            case Part.Unknown unknown -> ChatCalls.isCall(unknown.raw()) ? 3 : 1;
            case Part.Text _, Part.Image _, Part.File _, Part.Audio _ -> 1;
            case Part.CachePoint _ -> 0;
        };
    }

    private static void empty(String text, String path, List<Loss> losses) {
        if (text.isEmpty()) {
            EMPTY_TEXT.at(path, losses);
        }
    }

    private static void extras(Extras extras, String path, List<Loss> losses) {
        Foreign.extras(extras, DIALECT, path, losses);
    }

    private static void foreign(String dialect, String path, List<Loss> losses) {
        if (!dialect.equals(DIALECT)) {
            FOREIGN.at(path, losses);
        }
    }

    /** This loss, at a place. */
    public Loss at(String path) {
        return new Loss(path, what, weight);
    }

    private void at(String path, List<Loss> losses) {
        losses.add(at(path));
    }
}

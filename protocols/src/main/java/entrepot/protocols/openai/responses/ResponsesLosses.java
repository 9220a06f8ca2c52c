package entrepot.protocols.openai.responses;

import static entrepot.protocols.openai.responses.ResponsesRequests.DIALECT;

import entrepot.conversation.Answer;
import entrepot.conversation.Extras;
import entrepot.conversation.Loss;
import entrepot.conversation.Loss.Weight;
import entrepot.conversation.Message;
import entrepot.conversation.Message.Role;
import entrepot.conversation.OutputFormat;
import entrepot.conversation.Part;
import entrepot.conversation.Request;
import entrepot.conversation.Sampling;
import entrepot.conversation.Tool;
import entrepot.conversation.ToolChoice;
import entrepot.conversation.Usage.Meter;
import entrepot.protocols.Foreign;
import entrepot.protocols.openai.responses.items.Form;
import entrepot.protocols.openai.responses.items.ItemWriter;

import java.util.ArrayList;
import java.util.List;

/**
 * What Responses cannot carry. A request or an answer without a loss here comes back as it was when
 * it is written and read again; whoever writes one with a loss refuses it or reports it (R38).
 */
public enum ResponsesLosses {
    SIGNATURE("reasoning that no supplier of Responses can open is left out", Weight.HINT),
    JOINED("turns of one speaker that follow each other are one here", Weight.HINT),
    FAILED_RESULT("a tool's failure can only be said in the text of its result", Weight.HINT),
    MISPLACED("there is no place for such a part in a message of this role", Weight.MEANING),
    AUDIO("Responses takes no audio", Weight.MEANING),
    EMPTY_TEXT("an empty text is not told from none", Weight.HINT),
    EMPTY_TURN("a turn in which nothing was said is left out", Weight.HINT),
    NAME("Responses has no names of participants", Weight.HINT),
    FILENAME("a file without a name is sent under one", Weight.HINT),
    MEDIA_TYPE("the media type is told only together with the bytes", Weight.HINT),
    FOREIGN("another dialect's member, for which Responses has no word", Weight.MEANING),
    CACHE_POINT("OpenAI's caches need no marks", Weight.HINT),
    TOP_K("Responses has no top_k", Weight.HINT),
    SEED("Responses has no seed", Weight.HINT),
    PENALTY("Responses has no penalties", Weight.HINT),
    STOP("Responses has no stop sequences: the answer is cut at the first here", Weight.HINT),
    REASONING_BUDGET("reasoning is weighed by effort here, not by tokens", Weight.HINT),
    STOP_REASON("this reason is told as the plain end", Weight.HINT),
    METER("the usage of Responses has no such meter", Weight.HINT);

    private final String what;
    private final Weight weight;

    ResponsesLosses(String what, Weight weight) {
        this.what = what;
        this.weight = weight;
    }

    /** What is lost and why, in words for the caller. */
    public String what() {
        return what;
    }

    /** What a request loses when it is written here. */
    public static List<Loss> of(Request request) {
        var losses = new ArrayList<Loss>();
        extras(FromChat.rest(request.extras()), "", losses);
        sampling(request.sampling(), losses);
        Role before = null;
        for (int i = 0; i < request.messages().size(); i++) {
            Message message = request.messages().get(i);
            String path = "messages[" + i + "]";
            message(message, path, losses);
            boolean turn = message.role() == Role.ASSISTANT || message.role() == Role.TOOL;
            if (turn && message.role() == before) {
                JOINED.at(path, losses);
            }
            before = message.role();
        }
        for (int i = 0; i < request.tools().size(); i++) {
            String path = "tools[" + i + "]";
            switch (request.tools().get(i)) {
                case Tool.Function function ->
                        extras(FromChat.tool(function.extras()), path, losses);
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

    /** What an answer loses when a caller is told it here. */
    public static List<Loss> of(Answer answer) {
        var losses = new ArrayList<Loss>();
        extras(answer.extras(), "", losses);
        for (int i = 0; i < answer.parts().size(); i++) {
            Part part = answer.parts().get(i);
            String path = "parts[" + i + "]";
            part(part, path, losses);
            if (!spoken(part)) {
                MISPLACED.at(path, losses);
            }
        }
        if (!Endings.told(answer).equals(answer.stopReason())) {
            STOP_REASON.at("stopReason", losses);
        }
        for (Meter meter : List.of(Meter.CACHE_WRITE_1H, Meter.REQUESTS)) {
            if (answer.usage().of(meter) > 0) {
                METER.at("usage." + meter, losses);
            }
        }
        return List.copyOf(losses);
    }

    private static void sampling(Sampling sampling, List<Loss> losses) {
        if (sampling.topK() != null) {
            TOP_K.at("sampling.topK", losses);
        }
        if (!sampling.stop().isEmpty()) {
            STOP.at("sampling.stop", losses);
        }
        if (sampling.seed() != null) {
            SEED.at("sampling.seed", losses);
        }
        if (sampling.frequencyPenalty() != null) {
            PENALTY.at("sampling.frequencyPenalty", losses);
        }
        if (sampling.presencePenalty() != null) {
            PENALTY.at("sampling.presencePenalty", losses);
        }
        if (sampling.reasoningTokensMax() != null) {
            REASONING_BUDGET.at("sampling.reasoningTokensMax", losses);
        }
    }

    private static void message(Message message, String path, List<Loss> losses) {
        extras(message.extras(), path, losses);
        if (message.name() != null) {
            NAME.at(path + ".name", losses);
        }
        Role role = message.role();
        if (message.parts().isEmpty() && (role == Role.ASSISTANT || role == Role.TOOL)) {
            EMPTY_TURN.at(path, losses);
        }
        for (int i = 0; i < message.parts().size(); i++) {
            Part part = message.parts().get(i);
            String at = path + ".parts[" + i + "]";
            part(part, at, losses);
            if (!fits(part, role)) {
                MISPLACED.at(at, losses);
            }
            if (part instanceof Part.Reasoning reasoning && !ItemWriter.goesToSupplier(reasoning)) {
                SIGNATURE.at(at, losses);
            }
        }
    }

    private static void part(Part part, String path, List<Loss> losses) {
        switch (part) {
            case Part.Text text -> extras(text.extras(), path, losses);
            case Part.Refusal refusal -> extras(refusal.extras(), path, losses);
            case Part.Image image -> {
                extras(image.extras(), path, losses);
                if ((image.base64() == null) != (image.mediaType() == null)) {
                    MEDIA_TYPE.at(path + ".mediaType", losses);
                }
            }
            case Part.File file -> {
                extras(file.extras(), path, losses);
                if (file.base64() == null && file.mediaType() != null) {
                    MEDIA_TYPE.at(path + ".mediaType", losses);
                }
                if (file.base64() != null
                        && file.filename() == null
                        && !Form.has(file.extras(), Form.NO_FILENAME)) {
                    FILENAME.at(path + ".filename", losses);
                }
            }
            case Part.Audio audio -> {
                extras(audio.extras(), path, losses);
                AUDIO.at(path, losses);
            }
            case Part.CachePoint _ -> CACHE_POINT.at(path, losses);
            case Part.Reasoning reasoning -> extras(reasoning.extras(), path, losses);
            case Part.ToolCall call -> extras(call.extras(), path, losses);
            case Part.ToolResult result -> result(result, path, losses);
            case Part.Unknown unknown -> Foreign.part(unknown, DIALECT, path, losses);
        }
    }

    private static void result(Part.ToolResult result, String path, List<Loss> losses) {
        extras(result.extras(), path, losses);
        if (result.failed()) {
            FAILED_RESULT.at(path + ".failed", losses);
        }
        for (int i = 0; i < result.content().size(); i++) {
            Part part = result.content().get(i);
            String at = path + ".content[" + i + "]";
            part(part, at, losses);
            if (!fits(part, Role.USER)) {
                MISPLACED.at(at, losses);
            }
        }
    }

    private static boolean fits(Part part, Role role) {
        boolean turn = role == Role.ASSISTANT || role == Role.TOOL;
        return switch (part) {
            case Part.Reasoning _, Part.ToolCall _ -> role == Role.ASSISTANT;
            case Part.Refusal _ -> role == Role.ASSISTANT;
            case Part.ToolResult _ -> role == Role.TOOL;
            case Part.Text _ -> role != Role.TOOL;
            case Part.Image _, Part.File _ -> !turn;
            case Part.Audio _, Part.Unknown _, Part.CachePoint _ -> true;
        };
    }

    private static boolean spoken(Part part) {
        return switch (part) {
            case Part.Text _,
                    Part.Refusal _,
                    Part.Reasoning _,
                    Part.ToolCall _,
                    Part.CachePoint _,
                    Part.Unknown _ ->
                    true;
            case Part.Image _, Part.File _, Part.Audio _, Part.ToolResult _ -> false;
        };
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

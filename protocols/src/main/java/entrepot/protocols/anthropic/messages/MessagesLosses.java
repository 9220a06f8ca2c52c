package entrepot.protocols.anthropic.messages;

import static entrepot.protocols.anthropic.messages.MessagesRequests.DIALECT;

import entrepot.conversation.Answer;
import entrepot.conversation.Extras;
import entrepot.conversation.Loss;
import entrepot.conversation.Loss.Weight;
import entrepot.conversation.Message;
import entrepot.conversation.Part;
import entrepot.conversation.Request;
import entrepot.protocols.Foreign;

import java.util.ArrayList;
import java.util.List;

/**
 * What the Messages API cannot carry. A request or an answer without a loss here comes back as it
 * was when it is written and read again; whoever writes one with a loss refuses it or reports it
 * (R38).
 */
public enum MessagesLosses {
    OUTPUT_LIMIT("Anthropic demands a limit of output; 32000 tokens are sent", Weight.HINT),
    LOGPROBS("Anthropic tells no log probabilities", Weight.MEANING),
    SAMPLING("Anthropic has no such sampling parameter", Weight.HINT),
    TEMPERATURE("Anthropic's highest temperature is 1", Weight.HINT),
    EFFORT("the effort is told in Anthropic's own measure of thinking", Weight.HINT),
    FORMAT_NAME("Anthropic's schemas have no name, and are always strict", Weight.HINT),
    ANY_JSON("Anthropic has no JSON mode without a schema; give one", Weight.MEANING),
    PARALLEL_CALLS("Anthropic takes this only with tools that may be called", Weight.HINT),
    NO_PARAMETERS("Anthropic demands a schema; the empty object's is sent", Weight.HINT),
    NAME("Anthropic's messages have no name", Weight.HINT),
    PROMPT("Anthropic has one system prompt, before all messages", Weight.HINT),
    SYSTEM_TURN("told as a turn of the user's, in <system> tags", Weight.HINT),
    EMPTY("Anthropic takes no empty text and no empty message", Weight.HINT),
    REFUSAL("Anthropic does not tell a refusal from text", Weight.HINT),
    UNSIGNED("Anthropic takes back only reasoning that it signed", Weight.HINT),
    SILENT("reasoning without text and without a signature says nothing", Weight.HINT),
    ARGUMENTS("Anthropic carries a call's arguments as a JSON object", Weight.HINT),
    CALL_ID("Anthropic's ids are letters, digits, hyphens and underscores", Weight.HINT),
    TURN("results of tools and what the user says are one turn", Weight.HINT),
    DETAIL("Anthropic's images have no level of detail", Weight.HINT),
    MEDIA_TYPE("Anthropic tells the media type only together with the bytes", Weight.HINT),
    FILE_TYPE("Anthropic takes files of text, and PDF", Weight.MEANING),
    FILE_TEXT("told as a document of plain text", Weight.HINT),
    AUDIO("Anthropic takes no audio", Weight.MEANING),
    MISPLACED("an answer of Anthropic's has no place for such a part", Weight.MEANING),
    CACHE_PLACE("nothing stands before this mark that could be cached", Weight.HINT),
    FOREIGN("another dialect's member, for which Anthropic has no word", Weight.MEANING),
    STOP_REASON("Anthropic says this with another word", Weight.HINT),
    METER("Anthropic's usage has no such meter", Weight.HINT);

    private final String what;
    private final Weight weight;

    MessagesLosses(String what, Weight weight) {
        this.what = what;
        this.weight = weight;
    }

    /** What is lost and why, in words for the caller. */
    public String what() {
        return what;
    }

    /** What a request loses when it is written in this dialect. */
    public static List<Loss> of(Request request) {
        var losses = new ArrayList<Loss>();
        extras(request.extras(), "", losses);
        RequestLosses.sampling(request, losses);
        RequestLosses.tools(request, losses);
        RequestLosses.format(request.format(), losses);
        List<Message> messages = request.messages();
        int leading = MessagesTurns.leading(messages);
        for (int i = 0; i < messages.size(); i++) {
            Message before = i == 0 ? null : messages.get(i - 1);
            String path = "messages[" + i + "]";
            if (i < leading && i > 0) {
                PROMPT.at(path, losses);
            }
            RequestLosses.message(messages.get(i), before, i < leading, path, losses);
        }
        return List.copyOf(losses);
    }

    /** What an answer loses when it is written in this dialect. */
    public static List<Loss> of(Answer answer) {
        var losses = new ArrayList<Loss>();
        extras(answer.extras(), "", losses);
        for (int i = 0; i < answer.parts().size(); i++) {
            Part part = answer.parts().get(i);
            String path = "parts[" + i + "]";
            PartLosses.of(part, path, false, losses);
            switch (part) {
                case Part.Image _, Part.File _, Part.ToolResult _, Part.CachePoint _ ->
                        MISPLACED.at(path, losses);
                case Part.Text _,
                        Part.Refusal _,
                        Part.Audio _,
                        Part.Reasoning _,
                        Part.ToolCall _,
                        Part.Unknown _ -> {}
            }
        }
        if (!MessagesAnswers.reason(MessagesAnswers.word(answer.stopReason()))
                .equals(answer.stopReason())) {
            STOP_REASON.at("stopReason", losses);
        }
        answer.usage().meters().keySet().stream()
                .filter(meter -> !MessagesUsage.METERS.contains(meter))
                .forEach(meter -> METER.at("usage." + meter, losses));
        return List.copyOf(losses);
    }

    static void extras(Extras extras, String path, List<Loss> losses) {
        Foreign.extras(extras, DIALECT, path, losses);
    }

    static void foreign(String dialect, String path, List<Loss> losses) {
        if (!dialect.equals(DIALECT)) {
            FOREIGN.at(path, losses);
        }
    }

    /** This loss, at a place. */
    public Loss at(String path) {
        return new Loss(path, what, weight);
    }

    void at(String path, List<Loss> losses) {
        losses.add(at(path));
    }
}

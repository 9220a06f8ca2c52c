package entrepot.protocols.bedrock.texts;

import entrepot.conversation.Answer;
import entrepot.conversation.Extras;
import entrepot.conversation.Loss;
import entrepot.conversation.Loss.Weight;
import entrepot.conversation.OutputFormat;
import entrepot.conversation.Part;
import entrepot.conversation.Request;
import entrepot.conversation.StopReason;
import entrepot.conversation.ToolChoice;
import entrepot.conversation.Usage;
import entrepot.conversation.Usage.Meter;
import entrepot.protocols.Foreign;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What a body of texts cannot carry. A request or an answer without a loss here comes back as it
 * was when it is written and read again.
 */
public enum TextLosses {
    SAMPLING("the model's body has no place for this setting", Weight.HINT),
    STOP(
            "the model's body has no stop sequences: the answer is cut at the first here",
            Weight.HINT),
    LOGPROBS("the model's body tells no log probabilities", Weight.MEANING),
    EMPTY("a turn without a word is left out", Weight.HINT),
    JOINED("the texts of a turn are told as one", Weight.HINT),
    TURNS("in this prompt users and assistants take turns", Weight.HINT),
    BEGINS("the model's body has no place for an assistant who speaks first", Weight.MEANING),
    PREFILL("the model's body has no place for the beginning of the answer", Weight.MEANING),
    SYSTEM_TURN("told in the user's turn, where the model knows no instruction", Weight.HINT),
    ROLE("the model's body has one role for system and developer", Weight.HINT),
    NAME("the model's body has no place for a participant's name", Weight.HINT),
    BLANKS("a prompt does not keep the blanks around a text", Weight.HINT),
    MARKS("the text has what this prompt would take for the end of its turn", Weight.MEANING),
    REFUSAL("a refusal is told as text", Weight.HINT),
    REASONING("the model's body has no place for reasoning", Weight.HINT),
    PART("the model's body carries texts only", Weight.MEANING),
    CALLS("the model's body has no place for calls and their results", Weight.MEANING),
    TOOLS("the model's body has no place for tools", Weight.MEANING),
    TOOL_CHOICE("without tools there is nothing to choose", Weight.HINT),
    CACHE_POINT("the model's body has no place for such a mark", Weight.HINT),
    FORMAT("the model's body has no word for the answer's shape", Weight.MEANING),
    STOP_REASON("the model has another word for this reason", Weight.HINT),
    ANSWER_ID("answers of this form have neither id nor model", Weight.HINT),
    METER("answers of this form count input and output only", Weight.HINT);

    private final String what;
    private final Weight weight;

    TextLosses(String what, Weight weight) {
        this.what = what;
        this.weight = weight;
    }

    /** What is lost and why, in words for the caller. */
    public String what() {
        return what;
    }

    /** The loss at a place in the canonical record. */
    public Loss at(String path) {
        return new Loss(path, what, weight);
    }

    /** What a request loses in a body. */
    static List<Loss> of(Request request, TextBody body) {
        var losses = new ArrayList<Loss>();
        Fit.turns(request.messages(), body.rules(request.model()), body.dialect(), losses);
        // Tools that must not be used are left out without a change of meaning.
        if (!request.tools().isEmpty() && !(request.toolChoice() instanceof ToolChoice.None)) {
            losses.add(TOOLS.at("tools"));
        }
        switch (request.toolChoice()) {
            case ToolChoice.Auto _ -> {}
            case ToolChoice.None _,
                    ToolChoice.Required _,
                    ToolChoice.Named _,
                    ToolChoice.Unknown _ ->
                    losses.add(TOOL_CHOICE.at("toolChoice"));
        }
        Settings.losses(request.sampling(), body.settings(), losses);
        if (!(request.format() instanceof OutputFormat.Text)) {
            losses.add(FORMAT.at("format"));
        }
        Foreign.extras(request.extras(), body.dialect(), "", losses);
        return losses;
    }

    /** What an answer loses in a body. */
    static List<Loss> of(Answer answer, TextBody body) {
        var losses = new ArrayList<Loss>();
        if (!answer.answerId().isEmpty() || !answer.model().isEmpty()) {
            losses.add(ANSWER_ID.at("answerId"));
        }
        if (answer.parts().size() != 1) {
            losses.add(JOINED.at("parts"));
        }
        for (int i = 0; i < answer.parts().size(); i++) {
            String path = "parts[" + i + "]";
            switch (answer.parts().get(i)) {
                case Part.Text(String text, var _, Extras extras) -> {
                    if (text.isEmpty()) {
                        losses.add(EMPTY.at(path));
                    }
                    Foreign.extras(extras, body.dialect(), path, losses);
                }
                case Part.Refusal _ -> losses.add(REFUSAL.at(path));
                case Part.Reasoning _ -> losses.add(REASONING.at(path));
                case Part.ToolCall _, Part.ToolResult _ -> losses.add(CALLS.at(path));
                case Part.CachePoint _ -> losses.add(CACHE_POINT.at(path));
                case Part.Image _, Part.File _, Part.Audio _, Part.Unknown _ ->
                        losses.add(PART.at(path));
            }
        }
        StopReason reason = answer.stopReason();
        if (!body.reason(body.word(reason)).equals(reason)) {
            losses.add(STOP_REASON.at("stopReason"));
        }
        Usage plain = body.counts() ? counted(answer.usage()) : Usage.NONE;
        if (!plain.equals(answer.usage())) {
            losses.add(METER.at("usage"));
        }
        Foreign.extras(answer.extras(), body.dialect(), "", losses);
        return losses;
    }

    private static Usage counted(Usage usage) {
        return new Usage(
                Map.of(
                        Meter.FRESH_INPUT, usage.inputTokens(),
                        Meter.OUTPUT, usage.outputTokens()),
                false);
    }
}

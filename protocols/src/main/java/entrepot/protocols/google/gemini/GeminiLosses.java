package entrepot.protocols.google.gemini;

import static entrepot.protocols.google.gemini.GeminiRequests.DIALECT;

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
import entrepot.protocols.google.wire.GeminiSignatures;
import entrepot.protocols.google.wire.GeminiThinking;
import entrepot.protocols.json.Residue;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What Gemini cannot carry. A request or an answer without a loss here comes back as it was when it
 * is written and read again; whoever writes one with a loss refuses it or reports it (R38).
 */
public enum GeminiLosses {
    SIGNATURE("Google is not sent the signatures of other vendors", Weight.HINT),
    UNSIGNED("a call without Google's signature is sent with one that stands for it", Weight.HINT),
    FAILED_RESULT("a failed result's other contents stand beside its error", Weight.HINT),
    JOINED("Gemini joins these into one", Weight.HINT),
    INSTRUCTION("Gemini is told this instruction in a user's turn, marked as one", Weight.HINT),
    ROLE("Gemini has one kind of instruction", Weight.HINT),
    NAME("Gemini has no names of participants, files or schemas", Weight.HINT),
    REFUSAL("Gemini is told a refusal as text", Weight.HINT),
    EMPTY("Gemini takes no empty content", Weight.HINT),
    ARGUMENTS("Gemini carries arguments as an object, not as text", Weight.HINT),
    MISPLACED("Gemini has no place for such a part here", Weight.MEANING),
    FILE_ID("another vendor's file cannot be read by Google", Weight.MEANING),
    MEDIA_TYPE("the media type was not said; Gemini is told the likely one", Weight.HINT),
    DETAIL("Gemini has one resolution for all images", Weight.HINT),
    FOREIGN("another dialect's member, for which Gemini has no word", Weight.MEANING),
    CACHE_POINT("Google's caches need no marks", Weight.HINT),
    STRICT("Gemini has no word for strictness", Weight.HINT),
    PARALLEL("Gemini decides by itself how many calls to make at once", Weight.HINT),
    EFFORT("this model weighs or counts its thinking otherwise: the nearest is asked", Weight.HINT),
    STOP_REASON("Gemini says this otherwise", Weight.HINT),
    METER("Gemini's usage has no such meter", Weight.HINT);

    private final String what;
    private final Weight weight;

    GeminiLosses(String what, Weight weight) {
        this.what = what;
        this.weight = weight;
    }

    /** What is lost and why, in words for the caller. */
    public String what() {
        return what;
    }

    /** What a request loses when it is written for Gemini. */
    public static List<Loss> of(Request request) {
        var losses = new ArrayList<Loss>();
        extras(request.extras(), "", losses);
        sampling(request.model(), request.sampling(), losses);
        List<Message> messages = request.messages();
        int leading = GeminiContents.leading(messages);
        for (int i = 0; i < messages.size(); i++) {
            message(messages, i, leading, losses);
        }
        for (int i = 0; i < request.tools().size(); i++) {
            String path = "tools[" + i + "]";
            switch (request.tools().get(i)) {
                case Tool.Function function -> {
                    extras(function.extras(), path, losses);
                    if (function.strict() != null) {
                        STRICT.at(path + ".strict", losses);
                    }
                }
                case Tool.Unknown unknown -> foreign(unknown.dialect(), path, losses);
                case Tool.CachePoint _ -> CACHE_POINT.at(path, losses);
            }
        }
        if (request.toolChoice() instanceof ToolChoice.Unknown unknown) {
            foreign(unknown.dialect(), "toolChoice", losses);
        }
        format(request.format(), losses);
        return List.copyOf(losses);
    }

    private static void sampling(String model, Sampling sampling, List<Loss> losses) {
        if (sampling.parallelToolCalls() != null) {
            PARALLEL.at("sampling.parallelToolCalls", losses);
        }
        String effort = sampling.reasoningEffort();
        if (effort == null) {
            return;
        }
        String level = GeminiThinking.asked(model, sampling, false).level();
        boolean exact =
                level == null
                        ? effort.equals("none") && GeminiThinking.counts(model)
                        : level.toLowerCase(Locale.ROOT).equals(effort);
        if (!exact || sampling.reasoningTokensMax() != null) {
            EFFORT.at("sampling.reasoningEffort", losses);
        }
    }

    private static void format(OutputFormat format, List<Loss> losses) {
        switch (format) {
            case OutputFormat.Text _, OutputFormat.JsonObject _ -> {}
            case OutputFormat.JsonSchema schema -> {
                if (!schema.name().equals(GeminiFormats.NAME) || schema.description() != null) {
                    NAME.at("format.name", losses);
                }
                if (schema.strict() != null) {
                    STRICT.at("format.strict", losses);
                }
                if (schema.schema() == null) {
                    EMPTY.at("format.schema", losses);
                }
            }
            case OutputFormat.Unknown unknown -> foreign(unknown.dialect(), "format", losses);
        }
    }

    /** What an answer loses when it is written for a caller of Gemini. */
    public static List<Loss> of(Answer answer) {
        var losses = new ArrayList<Loss>();
        extras(answer.extras(), "", losses);
        parts(answer.parts(), Role.ASSISTANT, "parts", losses);
        boolean calls = answer.parts().stream().anyMatch(Part.ToolCall.class::isInstance);
        String word = GeminiReasons.write(answer.stopReason());
        if (!GeminiReasons.read(word, calls).equals(answer.stopReason())) {
            STOP_REASON.at("stopReason", losses);
        }
        for (Meter meter : List.of(Meter.CACHE_WRITE_5M, Meter.CACHE_WRITE_1H, Meter.REQUESTS)) {
            if (answer.usage().of(meter) > 0) {
                METER.at("usage." + meter, losses);
            }
        }
        return List.copyOf(losses);
    }

    private static void message(List<Message> messages, int at, int leading, List<Loss> losses) {
        Message message = messages.get(at);
        String path = "messages[" + at + "]";
        extras(message.extras(), path, losses);
        if (message.name() != null) {
            NAME.at(path + ".name", losses);
        }
        if (GeminiContents.isInstruction(message)) {
            if (at >= leading) {
                INSTRUCTION.at(path, losses);
            } else if (at > 0) {
                JOINED.at(path, losses);
            }
            if (message.role() == Role.DEVELOPER) {
                ROLE.at(path + ".role", losses);
            }
        } else if (at > 0 && merges(message, messages.get(at - 1))) {
            JOINED.at(path, losses);
        }
        if (message.parts().isEmpty() && message.extras().isEmpty()) {
            EMPTY.at(path, losses);
        }
        parts(message.parts(), message.role(), path + ".parts", losses);
        for (int i = 0; i < message.parts().size(); i++) {
            if (message.parts().get(i) instanceof Part.Reasoning thought
                    && thought.signature() != null
                    && !GeminiSignatures.isOurs(thought.signature())) {
                SIGNATURE.at(path + ".parts[" + i + "].signature", losses);
            }
        }
    }

    private static boolean merges(Message message, Message before) {
        return message.role() == before.role()
                && GeminiContents.isJoined(message, before.role())
                && message.extras().isEmpty();
    }

    private static void parts(List<Part> parts, Role role, String path, List<Loss> losses) {
        for (int i = 0; i < parts.size(); i++) {
            String at = path + "[" + i + "]";
            GeminiPartLosses.of(parts, i, role, at, losses);
        }
    }

    static void extras(Extras extras, String path, List<Loss> losses) {
        Foreign.extras(extras, DIALECT, path, losses);
    }

    static void foreign(String dialect, String path, List<Loss> losses) {
        if (!dialect.equals(DIALECT)) {
            FOREIGN.at(path, losses);
        }
    }

    static boolean has(Extras extras, String name) {
        return Residue.of(extras, DIALECT, name) != null;
    }

    /** This loss, at a place. */
    public Loss at(String path) {
        return new Loss(path, what, weight);
    }

    void at(String path, List<Loss> losses) {
        losses.add(at(path));
    }
}

package entrepot.protocols.bedrock.converse;

import static entrepot.protocols.bedrock.converse.ConverseRequests.DIALECT;

import entrepot.conversation.Answer;
import entrepot.conversation.Extras;
import entrepot.conversation.Failed;
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
import entrepot.protocols.Seals;
import entrepot.protocols.bedrock.BedrockModel;
import entrepot.protocols.json.Residue;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * What Converse, or the model behind it, cannot carry. A request or an answer without a loss here
 * comes back as it was when it is written and read again.
 */
public enum ConverseLosses {
    LOGPROBS("Converse tells no log probabilities", Weight.MEANING),
    SAMPLING("the model takes this not at all or not so exactly", Weight.HINT),
    EMPTY_TEXT("Bedrock refuses a text without a visible letter", Weight.HINT),
    EMPTY_MESSAGE("Bedrock refuses a message without content", Weight.HINT),
    TURNS("in Converse users, with the results of tools, and assistants take turns", Weight.HINT),
    SYSTEM_TURN("amid a conversation it is told in the user's turn, marked", Weight.HINT),
    ROLE("Converse has one role for system and developer", Weight.HINT),
    NAME("Converse has no place for a participant's name", Weight.HINT),
    REFUSAL("Converse tells a refusal as text", Weight.HINT),
    MISPLACED("Converse has no place for such a part here", Weight.MEANING),
    ADDRESS("Converse takes bytes or an s3:// address, no other", Weight.MEANING),
    FILE_TYPE(
            "Converse takes pdf, csv, doc, docx, xls, xlsx, html, txt and md documents",
            Weight.MEANING),
    FILE_NAME("a document's name is letters, digits, spaces, - _ () and []", Weight.HINT),
    MEDIA_TYPE("the media type is told by one word, and guessed where nobody said", Weight.HINT),
    DETAIL("Converse knows no level of detail", Weight.HINT),
    SIGNATURE("reasoning goes back only to whom signed it", Weight.HINT),
    CALL_ID("Bedrock takes ids of 1 to 64 letters, digits, and . _ : -", Weight.HINT),
    ARGUMENTS("Converse carries arguments as an object, not as text", Weight.HINT),
    TOOL_NAME("Bedrock takes names of 1 to 64 letters, digits, _ and -", Weight.MEANING),
    TOOL_FORM("Bedrock wants a schema of an object, and a description or none", Weight.HINT),
    TOOL_CHOICE("Converse cannot forbid the tools that the history has used", Weight.MEANING),
    TOOLS_LEFT_OUT("Converse cannot forbid tools: they are left out instead", Weight.HINT),
    TOOLS_DEFINED(
            "Bedrock wants tools defined that the history shows in use: by name alone",
            Weight.HINT),
    CACHE_POINT("the model takes no such mark", Weight.HINT),
    FORMAT("Converse has a JSON Schema for the answer's shape, and nothing else", Weight.MEANING),
    FORMAT_STRICT("Converse is always strict about an answer's schema", Weight.HINT),
    FOREIGN("another dialect's member, for which Converse has no word", Weight.MEANING),
    STOP_REASON("Converse has another word for this reason", Weight.HINT),
    ANSWER_ID("Converse's answers have neither id nor model", Weight.HINT),
    METER("Converse's usage has no such meter", Weight.HINT);

    private final String what;
    private final Weight weight;

    ConverseLosses(String what, Weight weight) {
        this.what = what;
        this.weight = weight;
    }

    /** What is lost and why, in words for the caller. */
    public String what() {
        return what;
    }

    /** What a request loses when it is written for its model. */
    public static List<Loss> of(Request request) {
        var losses = new ArrayList<Loss>();
        extras(request.extras(), "", losses);
        sampling(request, losses);
        BedrockModel model = BedrockModel.of(request.model());
        int leading = ConverseMessages.leading(request.messages());
        Role before = null;
        for (int i = 0; i < request.messages().size(); i++) {
            Message message = request.messages().get(i);
            String path = "messages[" + i + "]";
            boolean system = ConverseMessages.isSystem(message);
            boolean marked = Residue.of(message.extras(), DIALECT, "role") != null;
            if (system && i >= leading && !marked) {
                SYSTEM_TURN.at(path, losses);
            }
            Role side = side(message.role());
            // Results of tools and what the user says beside them stay apart when read again.
            boolean together =
                    message.role() != Role.ASSISTANT && kind(request, i - 1) != kind(request, i);
            if (side == before && !marked && !(together && side == Role.USER)) {
                TURNS.at(path, losses);
            }
            before = side;
            message(message, path, model, losses);
        }
        tools(request, model, losses);
        format(request.format(), losses);
        return List.copyOf(losses);
    }

    private static Role side(Role role) {
        return switch (role) {
            case SYSTEM, DEVELOPER -> Role.SYSTEM;
            case USER, TOOL -> Role.USER;
            case ASSISTANT -> Role.ASSISTANT;
        };
    }

    private static @Nullable Role kind(Request request, int index) {
        return index < 0 ? null : request.messages().get(index).role();
    }

    private static void sampling(Request request, List<Loss> losses) {
        Sampling asked = request.sampling();
        Sampling fit = ConverseSampling.fit(request);
        if (asked.topLogprobs() != null) {
            LOGPROBS.at("sampling.topLogprobs", losses);
        }
        changed("temperature", asked.temperature(), fit.temperature(), losses);
        changed("topP", asked.topP(), fit.topP(), losses);
        changed("topK", asked.topK(), fit.topK(), losses);
        changed("seed", asked.seed(), fit.seed(), losses);
        changed("frequencyPenalty", asked.frequencyPenalty(), fit.frequencyPenalty(), losses);
        changed("presencePenalty", asked.presencePenalty(), fit.presencePenalty(), losses);
        changed("parallelToolCalls", asked.parallelToolCalls(), fit.parallelToolCalls(), losses);
        changed("reasoningEffort", asked.reasoningEffort(), fit.reasoningEffort(), losses);
        changed("reasoningTokensMax", asked.reasoningTokensMax(), fit.reasoningTokensMax(), losses);
    }

    private static void changed(
            String name, @Nullable Object asked, @Nullable Object fit, List<Loss> losses) {
        if (asked != null && !Objects.equals(asked, fit)) {
            SAMPLING.at("sampling." + name, losses);
        }
    }

    private static void message(
            Message message, String path, BedrockModel model, List<Loss> losses) {
        extras(message.extras(), path, losses);
        if (message.name() != null) {
            NAME.at(path + ".name", losses);
        }
        if (message.role() == Role.DEVELOPER) {
            ROLE.at(path + ".role", losses);
        }
        if (message.parts().isEmpty() && Residue.of(message.extras(), DIALECT, "content") == null) {
            EMPTY_MESSAGE.at(path, losses);
        }
        boolean results = false;
        for (int i = 0; i < message.parts().size(); i++) {
            Part part = message.parts().get(i);
            String at = path + ".parts[" + i + "]";
            part(part, at, model, losses);
            if (!ConverseMessages.fits(part, message.role())) {
                MISPLACED.at(at, losses);
            }
            boolean result = part instanceof Part.ToolResult;
            results |= result;
            boolean spoken = !result && !(part instanceof Part.CachePoint && i > 0);
            boolean first = part instanceof Part.CachePoint && i == 0;
            if ((message.role() == Role.TOOL && spoken)
                    || (message.role() == Role.USER && (result || first))) {
                // It arrives; read again, it stands in a message of its own.
                TURNS.at(at, losses);
            }
        }
        if (message.role() == Role.TOOL && !results && !message.parts().isEmpty()) {
            TURNS.at(path, losses);
        }
    }

    private static void part(Part part, String path, BedrockModel model, List<Loss> losses) {
        switch (part) {
            case Part.Text text -> {
                extras(text.extras(), path, losses);
                if (text.text().isBlank() && !text.extras().dialect().equals(DIALECT)) {
                    EMPTY_TEXT.at(path, losses);
                }
            }
            case Part.Refusal refusal -> {
                extras(refusal.extras(), path, losses);
                REFUSAL.at(path, losses);
            }
            case Part.Image image -> image(image, path, losses);
            case Part.File file -> file(file, path, losses);
            case Part.Audio audio -> extras(audio.extras(), path, losses);
            case Part.Reasoning reasoning -> {
                extras(reasoning.extras(), path, losses);
                if (!ConverseFit.keeps(reasoning, model) || !signed(reasoning)) {
                    SIGNATURE.at(path, losses);
                }
            }
            case Part.ToolCall call -> {
                extras(call.extras(), path, losses);
                call(call, path, losses);
            }
            case Part.ToolResult result -> {
                extras(result.extras(), path, losses);
                id(result.callId(), path, losses);
                for (int i = 0; i < result.content().size(); i++) {
                    String at = path + ".content[" + i + "]";
                    part(result.content().get(i), at, model, losses);
                    if (!ConverseFit.fitsResult(result.content().get(i))) {
                        MISPLACED.at(at, losses);
                    }
                }
            }
            case Part.CachePoint point -> cachePoint(point.ttl(), path, model, losses);
            case Part.Unknown unknown -> Foreign.part(unknown, DIALECT, path, losses);
        }
    }

    /** Whether the proof comes back as it went. */
    private static boolean signed(Part.Reasoning reasoning) {
        return reasoning.signature() == null
                ? !reasoning.text().isEmpty() || reasoning.extras().dialect().equals(DIALECT)
                : Seals.isOf(Seals.ANTHROPIC, reasoning.signature());
    }

    private static void image(Part.Image image, String path, List<Loss> losses) {
        extras(image.extras(), path, losses);
        if (!ConverseFit.carries(image)) {
            ADDRESS.at(path + ".url", losses);
        }
        String format = ConverseMedia.format(image);
        String type = format == null ? null : "image/" + format;
        if (!Objects.equals(type, image.mediaType())) {
            MEDIA_TYPE.at(path + ".mediaType", losses);
        }
        if (image.detail() != null) {
            DETAIL.at(path + ".detail", losses);
        }
    }

    private static void file(Part.File file, String path, List<Loss> losses) {
        extras(file.extras(), path, losses);
        if (file.base64() == null && !ConverseMedia.isS3(file.url())) {
            ADDRESS.at(path + (file.url() == null ? ".fileId" : ".url"), losses);
        } else if (!ConverseFit.carries(file)) {
            FILE_TYPE.at(path + ".mediaType", losses);
        }
        if (!ConverseMedia.name(file.filename()).equals(file.filename())) {
            FILE_NAME.at(path + ".filename", losses);
        }
    }

    private static void call(Part.ToolCall call, String path, List<Loss> losses) {
        id(call.callId(), path, losses);
        if (!ConverseFit.name(call.name()).equals(call.name())) {
            CALL_ID.at(path + ".name", losses);
        }
        try {
            var input = ConverseBlocks.input(call.arguments(), path);
            if (input.isObject() && ConverseBlocks.text(input).equals(call.arguments())) {
                return;
            }
        } catch (Failed notJson) {
            // Declared below.
        }
        ARGUMENTS.at(path + ".arguments", losses);
    }

    private static void id(String callId, String path, List<Loss> losses) {
        if (!ConverseFit.CALL_ID.matcher(callId).matches()) {
            CALL_ID.at(path + ".callId", losses);
        }
    }

    private static void cachePoint(
            @Nullable String ttl, String path, BedrockModel model, List<Loss> losses) {
        if (!model.caches() || (ttl != null && !model.cachesFor(ttl))) {
            CACHE_POINT.at(path, losses);
        }
    }

    private static void tools(Request request, BedrockModel model, List<Loss> losses) {
        for (int i = 0; i < request.tools().size(); i++) {
            String path = "tools[" + i + "]";
            switch (request.tools().get(i)) {
                case Tool.Function function -> {
                    extras(function.extras(), path, losses);
                    function(function, path, losses);
                }
                case Tool.CachePoint point -> {
                    cachePoint(point.ttl(), path, model, losses);
                    if (i == 0) {
                        CACHE_POINT.at(path, losses);
                    }
                }
                case Tool.Unknown unknown -> foreign(unknown.dialect(), path, losses);
            }
        }
        boolean used = used(request.messages());
        if (request.tools().isEmpty() && used) {
            TOOLS_DEFINED.at("tools", losses);
        }
        switch (request.toolChoice()) {
            case ToolChoice.None _ -> {
                boolean left = request.tools().isEmpty() || !used;
                (left ? TOOLS_LEFT_OUT : TOOL_CHOICE).at("toolChoice", losses);
            }
            case ToolChoice.Unknown unknown -> foreign(unknown.dialect(), "toolChoice", losses);
            case ToolChoice.Required _, ToolChoice.Named _ -> {
                if (request.tools().isEmpty()) {
                    TOOLS_LEFT_OUT.at("toolChoice", losses);
                }
            }
            case ToolChoice.Auto _ -> {}
        }
    }

    private static boolean used(List<Message> messages) {
        return messages.stream()
                .flatMap(message -> message.parts().stream())
                .anyMatch(p -> p instanceof Part.ToolCall || p instanceof Part.ToolResult);
    }

    private static void function(Tool.Function function, String path, List<Loss> losses) {
        if (!ConverseFit.TOOL_NAME.matcher(function.name()).matches()) {
            TOOL_NAME.at(path + ".name", losses);
        }
        String description = function.description();
        if (function.parameters() == null
                || !function.parameters().has("type")
                || (description != null && description.isBlank())) {
            TOOL_FORM.at(path, losses);
        }
    }

    private static void format(OutputFormat format, List<Loss> losses) {
        switch (format) {
            case OutputFormat.Text _ -> {}
            case OutputFormat.JsonSchema schema -> {
                if (schema.strict() != null || schema.schema() == null) {
                    FORMAT_STRICT.at("format", losses);
                }
            }
            case OutputFormat.JsonObject _, OutputFormat.Unknown _ -> FORMAT.at("format", losses);
        }
    }

    /** What an answer loses when it is written in Converse. */
    public static List<Loss> of(Answer answer) {
        var losses = new ArrayList<Loss>();
        extras(answer.extras(), "", losses);
        if (!answer.answerId().isEmpty() || !answer.model().isEmpty()) {
            ANSWER_ID.at("answerId", losses);
        }
        var anything = new BedrockModel(BedrockModel.Maker.ANTHROPIC, BedrockModel.Thinking.NONE);
        for (int i = 0; i < answer.parts().size(); i++) {
            Part part = answer.parts().get(i);
            String path = "parts[" + i + "]";
            if (part instanceof Part.Reasoning reasoning) {
                extras(reasoning.extras(), path, losses);
                if (!signed(reasoning)) {
                    SIGNATURE.at(path, losses);
                }
            } else {
                part(part, path, anything, losses);
            }
            if (!ConverseMessages.fits(part, Role.ASSISTANT)) {
                MISPLACED.at(path, losses);
            }
        }
        String word = ConverseStops.word(answer.stopReason());
        if (!ConverseStops.read(word).equals(answer.stopReason())) {
            STOP_REASON.at("stopReason", losses);
        }
        for (Meter meter :
                List.of(
                        Meter.AUDIO_INPUT,
                        Meter.IMAGE_INPUT,
                        Meter.REASONING,
                        Meter.AUDIO_OUTPUT,
                        Meter.REQUESTS)) {
            if (answer.usage().of(meter) > 0) {
                METER.at("usage." + meter, losses);
            }
        }
        return List.copyOf(losses);
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

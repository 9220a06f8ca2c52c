package entrepot.protocols.anthropic.messages;

import static entrepot.protocols.anthropic.messages.MessagesRequests.DIALECT;

import entrepot.conversation.Loss;
import entrepot.conversation.Message;
import entrepot.conversation.Message.Role;
import entrepot.conversation.OutputFormat;
import entrepot.conversation.Part;
import entrepot.conversation.Request;
import entrepot.conversation.Sampling;
import entrepot.conversation.Tool;
import entrepot.conversation.ToolChoice;

import org.jspecify.annotations.Nullable;

import java.math.BigDecimal;
import java.util.List;

/** What a request loses in the Messages API, but for the parts of its messages. */
final class RequestLosses {

    private RequestLosses() {}

    static void sampling(Request request, List<Loss> losses) {
        Sampling sampling = request.sampling();
        if (sampling.outputTokensMax() == null) {
            MessagesLosses.OUTPUT_LIMIT.at("sampling.outputTokensMax", losses);
        }
        if (sampling.topLogprobs() != null) {
            MessagesLosses.LOGPROBS.at("sampling.topLogprobs", losses);
        }
        if (sampling.seed() != null) {
            MessagesLosses.SAMPLING.at("sampling.seed", losses);
        }
        penalty(sampling.frequencyPenalty(), "sampling.frequencyPenalty", losses);
        penalty(sampling.presencePenalty(), "sampling.presencePenalty", losses);
        BigDecimal temperature = sampling.temperature();
        if (temperature != null && temperature.compareTo(BigDecimal.ONE) > 0) {
            MessagesLosses.TEMPERATURE.at("sampling.temperature", losses);
        }
        String effort = sampling.reasoningEffort();
        if (effort != null
                && !MessagesThinking.isOurs(request)
                && (!effort.equals(MessagesThinking.NONE)
                        || sampling.reasoningTokensMax() != null)) {
            MessagesLosses.EFFORT.at("sampling.reasoningEffort", losses);
        }
    }

    private static void penalty(@Nullable BigDecimal penalty, String path, List<Loss> losses) {
        if (penalty != null) {
            MessagesLosses.SAMPLING.at(path, losses);
        }
    }

    static void tools(Request request, List<Loss> losses) {
        List<Tool> tools = request.tools();
        boolean any = false;
        for (int i = 0; i < tools.size(); i++) {
            String path = "tools[" + i + "]";
            switch (tools.get(i)) {
                case Tool.Function function -> {
                    MessagesLosses.extras(function.extras(), path, losses);
                    if (function.parameters() == null && function.extras().isEmpty()) {
                        MessagesLosses.NO_PARAMETERS.at(path + ".parameters", losses);
                    }
                    any = true;
                }
                case Tool.Unknown unknown -> {
                    MessagesLosses.foreign(unknown.dialect(), path, losses);
                    any |= unknown.dialect().equals(DIALECT);
                }
                case Tool.CachePoint _ -> {
                    boolean after = i > 0 && tools.get(i - 1) instanceof Tool.Function;
                    if (!after) {
                        MessagesLosses.CACHE_PLACE.at(path, losses);
                    }
                }
            }
        }
        ToolChoice choice = request.toolChoice();
        if (choice instanceof ToolChoice.Unknown unknown) {
            MessagesLosses.foreign(unknown.dialect(), "toolChoice", losses);
        }
        boolean said =
                switch (choice) {
                    case ToolChoice.Auto _ -> any;
                    case ToolChoice.Required _, ToolChoice.Named _ -> true;
                    case ToolChoice.None _, ToolChoice.Unknown _ -> false;
                };
        if (request.sampling().parallelToolCalls() != null && !said) {
            MessagesLosses.PARALLEL_CALLS.at("sampling.parallelToolCalls", losses);
        }
    }

    static void format(OutputFormat format, List<Loss> losses) {
        switch (format) {
            case OutputFormat.Text _ -> {}
            case OutputFormat.JsonObject _ -> MessagesLosses.ANY_JSON.at("format", losses);
            case OutputFormat.JsonSchema schema -> {
                if (schema.schema() == null) {
                    MessagesLosses.ANY_JSON.at("format.schema", losses);
                } else if (!schema.name().equals(MessagesFormats.NAME)
                        || schema.description() != null
                        || schema.strict() != null) {
                    MessagesLosses.FORMAT_NAME.at("format", losses);
                }
            }
            case OutputFormat.Unknown unknown ->
                    MessagesLosses.foreign(unknown.dialect(), "format", losses);
        }
    }

    /**
     * @param before the message before it; null for the first
     * @param prompt whether it becomes part of the system prompt
     */
    static void message(
            Message message,
            @Nullable Message before,
            boolean prompt,
            String path,
            List<Loss> losses) {
        MessagesLosses.extras(message.extras(), path, losses);
        if (message.name() != null) {
            MessagesLosses.NAME.at(path + ".name", losses);
        }
        boolean system = MessagesTurns.isSystem(message);
        if (system && !prompt && !MessagesTurns.isMarked(message, "role")) {
            MessagesLosses.SYSTEM_TURN.at(path, losses);
        } else if (message.role() == Role.DEVELOPER) {
            MessagesLosses.PROMPT.at(path, losses);
        }
        if (before != null && before.role() == Role.TOOL && message.role() == Role.TOOL) {
            // They arrive, but as one turn.
            MessagesLosses.TURN.at(path, losses);
        }
        parts(message, path, losses);
    }

    private static void parts(Message message, String path, List<Loss> losses) {
        List<Part> parts = message.parts();
        if (parts.isEmpty() && message.extras().isEmpty()) {
            MessagesLosses.EMPTY.at(path, losses);
        }
        boolean results = message.role() == Role.TOOL;
        for (int i = 0; i < parts.size(); i++) {
            Part part = parts.get(i);
            String at = path + ".parts[" + i + "]";
            PartLosses.of(part, at, true, losses);
            if (part instanceof Part.CachePoint && !PartLosses.canMark(parts, i)) {
                MessagesLosses.CACHE_PLACE.at(at, losses);
            }
            boolean result = part instanceof Part.ToolResult;
            if (result != results && !(part instanceof Part.CachePoint)) {
                MessagesLosses.TURN.at(at, losses);
            }
        }
    }
}

package entrepot.conversation;

import java.util.List;
import java.util.Objects;

/**
 * What a caller asks of a model, in no vendor's words.
 *
 * @param model the model as asked for: an alias, a canonical id, or a supplier's own name
 * @param messages in the caller's order; system and developer messages stay where they stood
 * @param stream whether the caller wants the answer as it comes
 */
public record Request(
        String model,
        List<Message> messages,
        List<Tool> tools,
        ToolChoice toolChoice,
        Sampling sampling,
        OutputFormat format,
        boolean stream,
        Extras extras) {

    public Request {
        Objects.requireNonNull(model, "model");
        messages = List.copyOf(messages);
        tools = List.copyOf(tools);
    }

    /** A plain request with the defaults of every setting. */
    public static Request of(String model, List<Message> messages) {
        return new Request(
                model,
                messages,
                List.of(),
                ToolChoice.AUTO,
                Sampling.DEFAULT,
                OutputFormat.TEXT,
                false,
                Extras.NONE);
    }

    public Request withModel(String other) {
        return new Request(other, messages, tools, toolChoice, sampling, format, stream, extras);
    }

    public Request withTools(List<Tool> others) {
        return new Request(model, messages, others, toolChoice, sampling, format, stream, extras);
    }

    public Request withStream(boolean wanted) {
        return new Request(model, messages, tools, toolChoice, sampling, format, wanted, extras);
    }
}

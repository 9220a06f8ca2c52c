package entrepot.protocols.openai.responses;

import entrepot.conversation.Extras;
import entrepot.conversation.Part;

import java.util.List;

/** Parts without what only this dialect says of them. */
final class Bare {

    private Bare() {}

    static Part of(Part part) {
        return switch (part) {
            case Part.Text text -> new Part.Text(text.text(), Extras.NONE);
            case Part.Refusal refusal -> new Part.Refusal(refusal.text(), Extras.NONE);
            case Part.Reasoning thought ->
                    new Part.Reasoning(thought.text(), thought.signature(), Extras.NONE);
            case Part.ToolCall call ->
                    new Part.ToolCall(call.callId(), call.name(), call.arguments(), Extras.NONE);
            case Part.ToolResult result ->
                    new Part.ToolResult(
                            result.callId(), of(result.content()), result.failed(), Extras.NONE);
            case Part.Image _, Part.File _, Part.Audio _, Part.CachePoint _, Part.Unknown _ -> part;
        };
    }

    static List<Part> of(List<Part> parts) {
        return parts.stream().map(Bare::of).toList();
    }
}

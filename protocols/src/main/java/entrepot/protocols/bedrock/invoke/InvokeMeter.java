package entrepot.protocols.bedrock.invoke;

import entrepot.conversation.Failed;
import entrepot.conversation.Failure;
import entrepot.conversation.Usage;
import entrepot.protocols.Frame;
import entrepot.protocols.Meter;
import entrepot.protocols.bedrock.BedrockErrors;
import entrepot.protocols.bedrock.EventFrames;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.Set;

/**
 * Reads the usage beside a stream of InvokeModel that is relayed byte for byte: Bedrock's metrics
 * stand in the last chunk, whoever made the model.
 */
public final class InvokeMeter implements Meter {

    private static final byte[] NOTHING = {};

    /** Events of Anthropic's that only frame an answer. */
    private static final Set<String> FRAMING = Set.of("message_start", "ping", "message_stop");

    private final EventFrames frames = new EventFrames();
    private Usage usage = Usage.NONE;
    private boolean usageReported;
    private boolean finished;
    private long contentEvents;
    private @Nullable Failure failure;

    @Override
    public byte[] chunk(byte[] bytes) {
        frames.push(bytes, this::frame);
        return bytes;
    }

    private void frame(Frame frame) {
        if (frame.kind() == Frame.Kind.EXCEPTION) {
            failure = BedrockErrors.read(frame);
            return;
        }
        try {
            ObjectNode event = InvokeChunks.event(frame);
            if (event != null) {
                event(event);
            }
        } catch (Failed malformed) {
            // It passes as it came; the client will say what it thinks of it.
        }
    }

    private void event(ObjectNode event) {
        JsonNode metrics = event.path(InvokeChunks.METRICS);
        String type = event.path("type").asString("");
        if (metrics.isObject()) {
            usage = InvokeUsage.ofMetrics(metrics);
            usageReported = true;
            finished = true;
        }
        finished |= type.equals("message_stop") || event.has("messageStop") || ends(event);
        if (!FRAMING.contains(type) && !event.has("messageStart") && !event.has("messageStop")) {
            contentEvents++;
        }
    }

    /** How Titan, Llama, older Claude and Cohere say that this was the last piece. */
    private static boolean ends(ObjectNode event) {
        return event.path("totalOutputTextTokenCount").isNumber()
                || event.path("stop_reason").isString()
                || event.path("is_finished").asBoolean(false);
    }

    @Override
    public byte[] end() {
        return NOTHING;
    }

    @Override
    public Usage usage() {
        return usage;
    }

    @Override
    public boolean usageReported() {
        return usageReported;
    }

    @Override
    public boolean finished() {
        return finished;
    }

    @Override
    public boolean content() {
        return contentEvents > 0;
    }

    @Override
    public long contentEvents() {
        return contentEvents;
    }

    @Override
    public @Nullable Failure failure() {
        return failure;
    }
}

package entrepot.protocols.bedrock.converse;

import entrepot.conversation.Failed;
import entrepot.conversation.Failure;
import entrepot.conversation.Failure.Cause;
import entrepot.conversation.Usage;
import entrepot.protocols.Frame;
import entrepot.protocols.Meter;
import entrepot.protocols.bedrock.BedrockErrors;
import entrepot.protocols.bedrock.EventFrames;
import entrepot.protocols.json.Json;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;

/** Reads the usage beside a ConverseStream that is relayed byte for byte; it hides nothing. */
public final class ConverseMeter implements Meter {

    private static final byte[] NOTHING = {};

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
        switch (frame.name()) {
            case "contentBlockDelta", "contentBlockStart" -> contentEvents++;
            case "messageStop" -> finished = true;
            case "metadata" -> {
                try {
                    JsonNode told = Json.read(frame.data(), Cause.SUPPLIER_FAILED);
                    if (told.path("usage").isObject()) {
                        usage = ConverseUsage.of(told);
                        usageReported = true;
                    }
                } catch (Failed malformed) {
                    // It passes as it came; the client will say what it thinks of it.
                }
            }
            default -> {}
        }
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

package entrepot.protocols.bedrock.invoke;

import entrepot.conversation.Failed;
import entrepot.conversation.Failure;
import entrepot.conversation.Failure.Cause;
import entrepot.conversation.Usage;
import entrepot.conversation.Usage.Meter;
import entrepot.protocols.Frame;
import entrepot.protocols.json.Json;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.Base64;

/**
 * Chunks of InvokeModelWithResponseStream: {@code {"bytes": …}} with a maker's own event in base64
 * (PayloadPart). The last one also tells Bedrock's own metrics.
 */
public final class InvokeChunks {

    /** The name of Bedrock's own member in the last event. */
    public static final String METRICS = "amazon-bedrock-invocationMetrics";

    private InvokeChunks() {}

    /** The maker's event in a frame; null when it holds none. */
    public static @Nullable ObjectNode event(Frame frame) {
        JsonNode bytes = Json.read(frame.data(), Cause.SUPPLIER_FAILED).path("bytes");
        if (!bytes.isString()) {
            return null;
        }
        try {
            byte[] payload = Base64.getDecoder().decode(bytes.stringValue());
            return Json.read(payload, Cause.SUPPLIER_FAILED) instanceof ObjectNode event
                    ? event
                    : null;
        } catch (IllegalArgumentException notBase64) {
            throw new Failed(
                    Failure.of(
                            Cause.SUPPLIER_FAILED,
                            "The supplier's stream holds a chunk that is not base64."),
                    notBase64);
        }
    }

    /** A maker's event as a frame. */
    public static Frame frame(byte[] event) {
        String bytes = Base64.getEncoder().encodeToString(event);
        return Frame.of("chunk", Json.write(Json.object().put("bytes", bytes)));
    }

    /** Bedrock's own metrics of an answer. */
    public static ObjectNode metrics(Usage usage, long latencyMillis) {
        long read = usage.of(Meter.CACHE_READ);
        long written = usage.of(Meter.CACHE_WRITE_5M) + usage.of(Meter.CACHE_WRITE_1H);
        ObjectNode metrics =
                Json.object()
                        .put("inputTokenCount", usage.inputTokens() - read - written)
                        .put("outputTokenCount", usage.outputTokens())
                        .put("invocationLatency", Math.max(0, latencyMillis));
        if (read + written > 0) {
            metrics.put("cacheReadInputTokenCount", read);
            metrics.put("cacheWriteInputTokenCount", written);
        }
        return metrics;
    }
}

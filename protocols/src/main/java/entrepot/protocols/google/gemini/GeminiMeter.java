package entrepot.protocols.google.gemini;

import entrepot.conversation.Failed;
import entrepot.conversation.Failure;
import entrepot.conversation.Failure.Cause;
import entrepot.conversation.Usage;
import entrepot.protocols.Meter;
import entrepot.protocols.google.GoogleErrors;
import entrepot.protocols.google.wire.GeminiGlance;
import entrepot.protocols.google.wire.SsePayloads;
import entrepot.protocols.json.Json;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;

/**
 * Reads the usage beside a stream of server-sent events that is relayed as it comes, wherever
 * chunks are cut. One thread at a time; never blocks.
 */
public final class GeminiMeter implements Meter {

    private static final byte[] NOTHING = {};

    private final SsePayloads payloads = new SsePayloads();
    private final GeminiGlance glance = new GeminiGlance();
    private byte[] usage = NOTHING;
    private boolean finished;
    private long contentEvents;
    private @Nullable Failure failure;

    @Override
    public byte[] chunk(byte[] bytes) {
        payloads.push(bytes, this::read);
        return bytes;
    }

    @Override
    public byte[] end() {
        payloads.end(this::read);
        return NOTHING;
    }

    private void read(byte[] payload) {
        if (!glance.read(payload)) {
            // It passes as it came; the client will say what it thinks of it.
            return;
        }
        finished |= glance.finished();
        if (glance.content()) {
            contentEvents++;
        }
        if (glance.usageEnd() > glance.usageStart()) {
            usage = Arrays.copyOfRange(payload, glance.usageStart(), glance.usageEnd());
        }
        if (glance.error()) {
            failure = GoogleErrors.read(Json.read(payload, Cause.SUPPLIER_FAILED));
        }
    }

    @Override
    public Usage usage() {
        try {
            return usage.length == 0
                    ? Usage.NONE
                    : GeminiUsage.read(Json.read(usage, Cause.SUPPLIER_FAILED));
        } catch (Failed malformed) {
            return Usage.NONE;
        }
    }

    @Override
    public boolean usageReported() {
        return usage.length > 0;
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

package entrepot.protocols.openai.images;

import entrepot.conversation.Failed;
import entrepot.conversation.Failure;
import entrepot.conversation.Failure.Cause;
import entrepot.conversation.Usage;
import entrepot.protocols.Meter;
import entrepot.protocols.json.Json;
import entrepot.protocols.openai.OpenAiErrors;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/**
 * Reads the usage beside a stream of pictures, line by line, wherever its chunks are cut; the
 * stream itself goes on as it comes. One thread at a time.
 */
final class ImageMeter implements Meter {

    /** A picture that is longer goes on unread. */
    private static final int LINE_BYTES_MAX = 32 * 1024 * 1024;

    private static final byte[] NOTHING = {};

    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private boolean tooLong;
    private long pictures;
    private long finishedPictures;
    private Usage usage = Usage.NONE;
    private boolean usageReported;
    private @Nullable Failure failure;

    @Override
    public byte[] chunk(byte[] bytes) {
        int from = 0;
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == '\n' || bytes[i] == '\r') {
                keep(bytes, from, i);
                endLine();
                from = i + 1;
            }
        }
        keep(bytes, from, bytes.length);
        return bytes;
    }

    @Override
    public byte[] end() {
        endLine();
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
        return finishedPictures > 0;
    }

    @Override
    public boolean content() {
        return pictures > 0;
    }

    @Override
    public long contentEvents() {
        return 0;
    }

    @Override
    public @Nullable Failure failure() {
        return failure;
    }

    private void keep(byte[] bytes, int from, int to) {
        tooLong |= line.size() + to - from > LINE_BYTES_MAX;
        if (!tooLong) {
            line.write(bytes, from, to - from);
        }
    }

    private void endLine() {
        byte[] whole = line.toByteArray();
        line.reset();
        boolean unread = tooLong;
        tooLong = false;
        if (unread || whole.length < 6 || !isData(whole)) {
            return;
        }
        byte[] payload = Arrays.copyOfRange(whole, 5, whole.length);
        JsonNode json;
        try {
            json = Json.read(payload, Cause.SUPPLIER_FAILED);
        } catch (Failed malformed) {
            // It passes as it came; the client will say what it thinks of it.
            return;
        }
        if (json instanceof ObjectNode event) {
            event(event);
        }
    }

    private void event(ObjectNode event) {
        String type = event.path("type").asString("");
        if (type.endsWith(".partial_image")) {
            pictures++;
        } else if (type.endsWith(".completed")) {
            pictures++;
            finishedPictures++;
            Usage told =
                    event.path("usage").isObject()
                            ? ImageUsage.read(event.path("usage"))
                            : ImageUsage.pictures(1);
            // Each picture of several tells its own.
            usage = usage.plus(told);
            usageReported = true;
        } else if (event.path("error").isObject()) {
            failure = OpenAiErrors.read(event);
        } else if (type.equals("error")) {
            ObjectNode wrapped = Json.object();
            wrapped.set("error", event);
            failure = OpenAiErrors.read(wrapped);
        }
    }

    private static boolean isData(byte[] line) {
        return line[0] == 'd'
                && line[1] == 'a'
                && line[2] == 't'
                && line[3] == 'a'
                && line[4] == ':';
    }
}

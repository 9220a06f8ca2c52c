package entrepot.bench;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;

/** A dialect on the wire: a short chat with a system prompt of about 2 KB, and its answers. */
enum Wire {
    CHAT("/v1/chat/completions", "text/event-stream") {
        @Override
        Buffer request(String model, boolean stream) {
            return Buffer.buffer(
                    "{\"model\":\"%s\",\"messages\":[{\"role\":\"system\",\"content\":\"%s\"},"
                                    .formatted(model, PROMPT)
                            + "{\"role\":\"user\",\"content\":\"Hello\"}]"
                            + (stream
                                    ? ",\"stream\":true,\"stream_options\":"
                                            + "{\"include_usage\":true}}"
                                    : "}"));
        }

        @Override
        Buffer whole() {
            return Buffer.buffer(
                    CHAT_HEAD.formatted("")
                            + "\"choices\":[{\"index\":0,\"message\":"
                            + "{\"role\":\"assistant\",\"content\":\""
                            + WORDS
                            + "\"},\"finish_reason\":\"stop\"}],"
                            + CHAT_USAGE);
        }

        @Override
        Buffer head() {
            return Buffer.buffer();
        }

        @Override
        Buffer chunk() {
            return event("\"choices\":[{\"index\":0,\"delta\":{\"content\":\"word \"}}]}");
        }

        @Override
        Buffer tail() {
            return event("\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}")
                    .appendBuffer(event("\"choices\":[]," + CHAT_USAGE))
                    .appendString("data: [DONE]\n\n");
        }

        private Buffer event(String rest) {
            return Buffer.buffer("data: " + CHAT_HEAD.formatted(".chunk") + rest + "\n\n");
        }
    },

    MESSAGES("/v1/messages", "text/event-stream") {
        @Override
        Buffer request(String model, boolean stream) {
            return Buffer.buffer(
                    "{\"model\":\"%s\",\"max_tokens\":512,\"system\":\"%s\","
                                    .formatted(model, PROMPT)
                            + "\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]"
                            + (stream ? ",\"stream\":true}" : "}"));
        }

        @Override
        Buffer whole() {
            return Buffer.buffer(
                    "{\"id\":\"msg_1\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"m\","
                            + "\"content\":[{\"type\":\"text\",\"text\":\""
                            + WORDS
                            + "\"}],\"stop_reason\":\"end_turn\",\"stop_sequence\":null,"
                            + "\"usage\":{\"input_tokens\":9,\"output_tokens\":100}}");
        }

        @Override
        Buffer head() {
            return event(
                            "message_start",
                            "\"message\":{\"id\":\"msg_1\",\"type\":\"message\","
                                    + "\"role\":\"assistant\",\"model\":\"m\",\"content\":[],"
                                    + "\"stop_reason\":null,\"stop_sequence\":null,"
                                    + "\"usage\":{\"input_tokens\":9,\"output_tokens\":1}}")
                    .appendBuffer(
                            event(
                                    "content_block_start",
                                    "\"index\":0,\"content_block\":"
                                            + "{\"type\":\"text\",\"text\":\"\"}"));
        }

        @Override
        Buffer chunk() {
            return event(
                    "content_block_delta",
                    "\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"word \"}");
        }

        @Override
        Buffer tail() {
            return event("content_block_stop", "\"index\":0")
                    .appendBuffer(
                            event(
                                    "message_delta",
                                    "\"delta\":{\"stop_reason\":\"end_turn\","
                                            + "\"stop_sequence\":null},"
                                            + "\"usage\":{\"output_tokens\":100}"))
                    .appendString("event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n");
        }

        private Buffer event(String type, String rest) {
            return Buffer.buffer(
                    "event: %1$s\ndata: {\"type\":\"%1$s\",%2$s}\n\n".formatted(type, rest));
        }
    },

    CONVERSE("/model/", "application/vnd.amazon.eventstream") {
        @Override
        Buffer request(String model, boolean stream) {
            throw new UnsupportedOperationException("no client of the benchmarks speaks it");
        }

        @Override
        Buffer whole() {
            return Buffer.buffer(
                    "{\"output\":{\"message\":{\"role\":\"assistant\",\"content\":[{\"text\":\""
                            + WORDS
                            + "\"}]}},\"stopReason\":\"end_turn\",\"usage\":{\"inputTokens\":9,"
                            + "\"outputTokens\":100,\"totalTokens\":109},"
                            + "\"metrics\":{\"latencyMs\":5}}");
        }

        @Override
        Buffer head() {
            return Frames.event("messageStart", "{\"role\":\"assistant\"}");
        }

        @Override
        Buffer chunk() {
            return Frames.event(
                    "contentBlockDelta",
                    "{\"contentBlockIndex\":0,\"delta\":{\"text\":\"word \"}}");
        }

        @Override
        Buffer tail() {
            return Frames.event("contentBlockStop", "{\"contentBlockIndex\":0}")
                    .appendBuffer(Frames.event("messageStop", "{\"stopReason\":\"end_turn\"}"))
                    .appendBuffer(
                            Frames.event(
                                    "metadata",
                                    "{\"usage\":{\"inputTokens\":9,\"outputTokens\":100,"
                                        + "\"totalTokens\":109},\"metrics\":{\"latencyMs\":5}}"));
        }
    };

    private static final String PROMPT = "Answer shortly. ".repeat(110);
    private static final String WORDS = "word ".repeat(70);
    private static final String CHAT_HEAD =
            "{\"id\":\"chatcmpl-1\",\"object\":\"chat.completion%s\","
                    + "\"created\":1,\"model\":\"m\",";
    private static final String CHAT_USAGE =
            "\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":100,\"total_tokens\":109}}";

    private final String path;
    private final String streamType;

    Wire(String path, String streamType) {
        this.path = path;
        this.streamType = streamType;
    }

    /** The dialect that a request of a supplier came in. */
    static Wire of(HttpServerRequest request) {
        String path = String.valueOf(request.path());
        return path.contains(CONVERSE.path)
                ? CONVERSE
                : path.endsWith("/messages") ? MESSAGES : CHAT;
    }

    String path() {
        return path;
    }

    String streamType() {
        return streamType;
    }

    abstract Buffer request(String model, boolean stream);

    abstract Buffer whole();

    /** What a stream begins with, before its content. */
    abstract Buffer head();

    abstract Buffer chunk();

    abstract Buffer tail();
}

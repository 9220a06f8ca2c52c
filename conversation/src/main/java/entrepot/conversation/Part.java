package entrepot.conversation;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;

import java.util.List;

/** A piece of a message. What has no word here survives as {@link Unknown}. */
public sealed interface Part {

    /**
     * @param logprobs of its tokens in order; empty unless they were asked for
     */
    record Text(String text, List<Logprob> logprobs, Extras extras) implements Part {
        public Text {
            // Journals that were written before there were any hold none.
            logprobs = logprobs == null ? List.of() : List.copyOf(logprobs);
        }

        public Text(String text, Extras extras) {
            this(text, List.of(), extras);
        }
    }

    /** A refusal in the model's words, where the dialect keeps it apart from text. */
    record Refusal(String text, Extras extras) implements Part {}

    /**
     * An image by address or by bytes in base64 (exactly one of the two).
     *
     * @param mediaType such as {@code image/png}; null when only an address is known
     * @param detail the dialect's resolution hint, such as {@code low}
     */
    record Image(
            @Nullable String url,
            @Nullable String base64,
            @Nullable String mediaType,
            @Nullable String detail,
            Extras extras)
            implements Part {}

    /** A document by id, address or bytes in base64. */
    record File(
            @Nullable String fileId,
            @Nullable String url,
            @Nullable String base64,
            @Nullable String mediaType,
            @Nullable String filename,
            Extras extras)
            implements Part {}

    record Audio(String base64, String format, Extras extras) implements Part {}

    /**
     * What the model thought, with the vendor's opaque proof of it. Without text it is reasoning
     * that the vendor keeps to itself, or the proof of the part that follows.
     *
     * @param signature opaque, sealed with the origin that made it (see {@code protocols.Seals});
     *     goes back unchanged to that origin
     */
    record Reasoning(String text, @Nullable String signature, Extras extras) implements Part {}

    /**
     * The model asks for a tool.
     *
     * @param arguments as the model wrote them: usually a JSON object in text, kept as it came
     */
    record ToolCall(String callId, String name, String arguments, Extras extras) implements Part {}

    /**
     * What a tool gave back.
     *
     * @param failed whether the tool says that it failed
     */
    record ToolResult(String callId, List<Part> content, boolean failed, Extras extras)
            implements Part {
        public ToolResult {
            content = List.copyOf(content);
        }

        public static ToolResult text(String callId, String text) {
            return new ToolResult(callId, List.of(new Text(text, Extras.NONE)), false, Extras.NONE);
        }
    }

    /**
     * All that stands before it may be kept in the supplier's cache.
     *
     * @param ttl how long, such as {@code 5m} or {@code 1h}; null for the supplier's default
     */
    record CachePoint(@Nullable String ttl) implements Part {}

    /** A part that a dialect knows and we do not: it survives as it came. */
    record Unknown(String dialect, JsonNode raw) implements Part {}
}

package entrepot.protocols.openai.images;

import entrepot.conversation.Failed;
import entrepot.protocols.openai.BodyScan;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/** A request for pictures as its caller's bytes; it can be sent on with another model in it. */
public final class ImageEnvelope {

    /** The name of this dialect in orders. */
    public static final String DIALECT = "openai.images";

    /** OpenAI's own limits. */
    private static final int IMAGES_MAX = 10;

    private static final int PROMPT_LETTERS_MAX = 32_000;
    private static final int PARTIAL_IMAGES_MAX = 3;

    /** Who names no model means this one (openapi.yaml, CreateImageRequest.model). */
    private static final String MODEL = "dall-e-2";

    private final BodyScan scan;

    private ImageEnvelope(BodyScan scan) {
        this.scan = scan;
    }

    /**
     * Validates a body.
     *
     * @param model as the address names it; null when the body does
     * @throws Failed {@code INVALID_REQUEST} with the path of the member
     */
    public static ImageEnvelope scan(byte[] body, @Nullable String model) {
        var members = new Checks();
        var scan = BodyScan.of(body, model, members::member);
        if (!members.prompted) {
            throw BodyScan.missing("prompt");
        }
        return new ImageEnvelope(scan);
    }

    public String model() {
        return scan.model().isEmpty() ? MODEL : scan.model();
    }

    public boolean stream() {
        return scan.stream();
    }

    /** The caller's bytes with another model. */
    public byte[] splice(String model) {
        return scan.splice(model);
    }

    private static final class Checks {

        private boolean prompted;

        private void member(String name, JsonParser parser) {
            switch (name) {
                case "prompt" -> {
                    prompted = true;
                    prompt(parser);
                }
                case "n" -> BodyScan.integer(name, parser, 1, IMAGES_MAX);
                case "partial_images" -> BodyScan.integer(name, parser, 0, PARTIAL_IMAGES_MAX);
                case "output_compression" -> BodyScan.integer(name, parser, 0, 100);
                default -> {}
            }
        }

        private static void prompt(JsonParser parser) {
            if (parser.currentToken() != JsonToken.VALUE_STRING) {
                throw BodyScan.type("prompt", "a string", parser);
            }
            if (parser.getStringLength() > PROMPT_LETTERS_MAX) {
                throw BodyScan.invalid(
                        "Invalid 'prompt': string too long. It may have at most "
                                + PROMPT_LETTERS_MAX
                                + " letters.",
                        "prompt",
                        "string_above_max_length");
            }
        }
    }
}

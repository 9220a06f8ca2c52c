package entrepot.protocols.openai.images;

import static java.nio.charset.StandardCharsets.UTF_8;

import entrepot.conversation.Failed;
import entrepot.conversation.Failure.Cause;
import entrepot.conversation.Usage;
import entrepot.conversation.Usage.Meter;
import entrepot.conversation.image.ImageRequest;
import entrepot.conversation.image.ImageRequest.Quality;
import entrepot.conversation.image.ImageRequest.Size;
import entrepot.conversation.image.Images;
import entrepot.conversation.image.Images.Picture;
import entrepot.protocols.json.Json;
import entrepot.protocols.json.Members;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.io.ByteArrayOutputStream;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Requests for pictures and answers to them in canonical words (openapi.yaml). */
public final class ImageBodies {

    private static final Pattern SIZE = Pattern.compile("([1-9][0-9]{1,4})x([1-9][0-9]{1,4})");
    private static final String AUTO = "auto";

    private ImageBodies() {}

    /**
     * Reads a caller's request.
     *
     * @throws Failed {@code INVALID_REQUEST} with the path of the member at fault
     */
    public static ImageRequest read(byte[] body) {
        Members members = Members.strict(Json.read(body, Cause.INVALID_REQUEST), "");
        String model = members.text("model");
        String prompt = members.requiredText("prompt");
        Integer count = members.integer("n");
        // How it is told is the storefront's to know.
        members.take("stream");
        Size size = size(members);
        Quality quality = quality(members);
        String format = members.text("output_format");
        String answered = members.text("response_format");
        if (answered != null && !answered.equals("url") && !answered.equals("b64_json")) {
            throw members.wrong("response_format", "it is url or b64_json.");
        }
        return new ImageRequest(
                model == null ? "" : model,
                prompt,
                count == null ? 1 : count,
                size,
                quality,
                format == null ? null : "image/" + format,
                "url".equals(answered),
                members.extras(ImageEnvelope.DIALECT));
    }

    private static @Nullable Size size(Members members) {
        String said = members.text("size");
        if (said == null || said.equals(AUTO)) {
            return null;
        }
        Matcher size = SIZE.matcher(said);
        if (!size.matches()) {
            throw members.wrong("size", "it is auto, or width and height such as 1024x1024.");
        }
        return new Size(Integer.parseInt(size.group(1)), Integer.parseInt(size.group(2)));
    }

    private static @Nullable Quality quality(Members members) {
        String said = members.text("quality");
        return switch (said) {
            case null -> null;
            case AUTO -> null;
            case "low" -> Quality.LOW;
            case "medium" -> Quality.MEDIUM;
            case "standard" -> Quality.STANDARD;
            case "high", "hd" -> Quality.HIGH;
            default ->
                    throw members.wrong(
                            "quality", "it is auto, low, medium, high, standard or hd.");
        };
    }

    /** Writes an answer for a caller. */
    public static byte[] write(Images images, long createdSeconds) {
        ObjectNode answer = Json.object().put("created", createdSeconds);
        ArrayNode data = answer.putArray("data");
        for (Picture picture : images.pictures()) {
            ObjectNode each = data.addObject().put("b64_json", picture.base64());
            if (picture.prompt() != null) {
                each.put("revised_prompt", picture.prompt());
            }
        }
        String format = format(images);
        if (format != null) {
            answer.put("output_format", format);
        }
        ObjectNode usage = usage(images.usage());
        if (usage != null) {
            answer.set("usage", usage);
        }
        return Json.write(answer);
    }

    /** Writes an answer as the events of a stream that shows no picture before it is whole. */
    public static byte[] stream(Images images, long createdSeconds) {
        var events = new ByteArrayOutputStream();
        ObjectNode usage = usage(images.usage());
        String format = format(images);
        for (int i = 0; i < images.pictures().size(); i++) {
            ObjectNode event =
                    Json.object()
                            .put("type", "image_generation.completed")
                            .put("created_at", createdSeconds)
                            .put("size", AUTO)
                            .put("quality", AUTO)
                            .put("background", AUTO)
                            .put("output_format", format == null ? "png" : format)
                            .put("b64_json", images.pictures().get(i).base64());
            // All pictures together were counted once.
            event.set("usage", usage != null && i == 0 ? usage : counted(0, 0, 0));
            events.writeBytes(
                    ("event: image_generation.completed\ndata: " + event + "\n\n").getBytes(UTF_8));
        }
        return events.toByteArray();
    }

    private static @Nullable String format(Images images) {
        String type = images.pictures().isEmpty() ? null : images.pictures().getFirst().mediaType();
        return type == null ? null : type.substring(type.indexOf('/') + 1);
    }

    /** Null for pictures that are billed by the piece: the dialect has no word for that. */
    private static @Nullable ObjectNode usage(Usage usage) {
        return usage.totalTokens() == 0
                ? null
                : counted(usage.inputTokens(), usage.of(Meter.IMAGE_INPUT), usage.outputTokens());
    }

    private static ObjectNode counted(long input, long images, long output) {
        ObjectNode usage =
                Json.object()
                        .put("total_tokens", input + output)
                        .put("input_tokens", input)
                        .put("output_tokens", output);
        usage.putObject("input_tokens_details")
                .put("text_tokens", input - images)
                .put("image_tokens", images);
        return usage;
    }
}

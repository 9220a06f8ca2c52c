package entrepot.protocols.google.images;

import entrepot.conversation.Failed;
import entrepot.conversation.Failure;
import entrepot.conversation.Failure.Cause;
import entrepot.conversation.Loss;
import entrepot.conversation.Usage;
import entrepot.conversation.Usage.Meter;
import entrepot.conversation.image.ImageRequest;
import entrepot.conversation.image.ImageRequest.Size;
import entrepot.conversation.image.Images;
import entrepot.conversation.image.Images.Picture;
import entrepot.protocols.Foreign;
import entrepot.protocols.Header;
import entrepot.protocols.ImageDialect;
import entrepot.protocols.ImageLosses;
import entrepot.protocols.google.GoogleErrors;
import entrepot.protocols.json.Json;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Set;

/**
 * Suppliers of pictures at Google. Imagen's are billed by the picture; Gemini's by tokens, where it
 * tells them.
 */
public final class GoogleImages implements ImageDialect {

    private static final int IMAGEN_IMAGES_MAX = 4;
    private static final Set<String> IMAGEN_RATIOS = Set.of("1:1", "3:4", "4:3", "9:16", "16:9");
    private static final Set<String> GEMINI_RATIOS =
            Set.of("1:1", "2:3", "3:2", "3:4", "4:3", "4:5", "5:4", "9:16", "16:9", "21:9");
    private static final Set<String> IMAGEN_TYPES = Set.of("image/png", "image/jpeg");

    /** The method that a model draws with, such as {@code :predict}. */
    public static String method(String model) {
        return isImagen(model) ? ":predict" : ":generateContent";
    }

    private static boolean isImagen(String model) {
        return model.contains("imagen");
    }

    @Override
    public String name() {
        return "google.images";
    }

    @Override
    public int imagesMax(String model) {
        return isImagen(model) ? IMAGEN_IMAGES_MAX : 1;
    }

    private static @Nullable String ratio(ImageRequest request) {
        Size size = request.size();
        if (size == null) {
            return null;
        }
        Set<String> known = isImagen(request.model()) ? IMAGEN_RATIOS : GEMINI_RATIOS;
        return known.contains(size.ratio()) ? size.ratio() : null;
    }

    @Override
    public List<Loss> losses(ImageRequest request) {
        var losses = new ArrayList<Loss>();
        if (request.size() != null) {
            losses.add(
                    (ratio(request) == null ? ImageLosses.SIZE : ImageLosses.SIZE_BY_RATIO)
                            .at("size"));
        }
        if (request.quality() != null) {
            losses.add(ImageLosses.QUALITY.at("quality"));
        }
        String type = request.mediaType();
        boolean given =
                isImagen(request.model())
                        ? type == null || IMAGEN_TYPES.contains(type)
                        : type == null || type.equals("image/png");
        if (!given) {
            losses.add(ImageLosses.MEDIA_TYPE.at("mediaType"));
        }
        if (request.addressed()) {
            losses.add(ImageLosses.ADDRESS.at("addressed"));
        }
        Foreign.extras(request.extras(), name(), "", losses);
        return losses;
    }

    @Override
    public byte[] write(ImageRequest request) {
        return Json.write(isImagen(request.model()) ? imagen(request) : gemini(request));
    }

    private static ObjectNode imagen(ImageRequest request) {
        ObjectNode body = Json.object();
        body.putArray("instances").addObject().put("prompt", request.prompt());
        ObjectNode parameters = body.putObject("parameters").put("sampleCount", request.count());
        String ratio = ratio(request);
        if (ratio != null) {
            parameters.put("aspectRatio", ratio);
        }
        String type = request.mediaType();
        if (type != null && IMAGEN_TYPES.contains(type)) {
            parameters.putObject("outputOptions").put("mimeType", type);
        }
        return body;
    }

    private static ObjectNode gemini(ImageRequest request) {
        ObjectNode body = Json.object();
        ObjectNode content = body.putArray("contents").addObject().put("role", "user");
        content.putArray("parts").addObject().put("text", request.prompt());
        ObjectNode config = body.putObject("generationConfig");
        config.putArray("responseModalities").add("TEXT").add("IMAGE");
        String ratio = ratio(request);
        if (ratio != null) {
            config.putObject("imageConfig").put("aspectRatio", ratio);
        }
        return body;
    }

    @Override
    public Images read(ImageRequest request, byte[] body) {
        JsonNode json = Json.read(body, Cause.SUPPLIER_FAILED);
        if (GoogleErrors.isError(json)) {
            throw new Failed(GoogleErrors.read(json));
        }
        var pictures = new ArrayList<Picture>();
        String why = "";
        for (JsonNode each : json.path("predictions")) {
            JsonNode bytes = each.path("bytesBase64Encoded");
            if (bytes.isString()) {
                String prompt = each.path("prompt").asString("");
                pictures.add(
                        new Picture(
                                bytes.stringValue(),
                                each.path("mimeType").asString("image/png"),
                                prompt.isEmpty() ? null : prompt));
            }
            why = each.path("raiFilteredReason").asString(why);
        }
        JsonNode candidate = json.path("candidates").path(0);
        for (JsonNode part : candidate.path("content").path("parts")) {
            JsonNode data = part.path("inlineData");
            if (data.path("data").isString() && !part.path("thought").asBoolean(false)) {
                pictures.add(
                        new Picture(
                                data.path("data").stringValue(),
                                data.path("mimeType").asString("image/png"),
                                null));
            }
        }
        if (pictures.isEmpty()) {
            throw new Failed(nothing(json, candidate, why));
        }
        return new Images(pictures, usage(json.path("usageMetadata"), pictures.size()));
    }

    private static Failure nothing(JsonNode json, JsonNode candidate, String reason) {
        String finish = candidate.path("finishReason").asString("");
        String block = json.path("promptFeedback").path("blockReason").asString("");
        boolean empty = json.path("predictions").isMissingNode() && candidate.isMissingNode();
        boolean filtered =
                !reason.isEmpty()
                        || !block.isEmpty()
                        || Set.of(
                                        "SAFETY",
                                        "IMAGE_SAFETY",
                                        "PROHIBITED_CONTENT",
                                        "BLOCKLIST",
                                        "IMAGE_PROHIBITED_CONTENT",
                                        "RECITATION")
                                .contains(finish)
                        // Imagen leaves out what it filtered, if need be all.
                        || (empty && json.isObject() && json.isEmpty());
        String why = reason.isEmpty() ? block.isEmpty() ? finish : block : reason;
        return Failure.of(
                filtered ? Cause.CONTENT_FILTERED : Cause.SUPPLIER_FAILED,
                "The supplier drew nothing" + (why.isEmpty() ? "." : ": " + why));
    }

    private static Usage usage(JsonNode told, int pictures) {
        var meters = new EnumMap<Meter, Long>(Meter.class);
        long input = count(told, "promptTokenCount");
        long output = count(told, "candidatesTokenCount");
        if (input + output == 0) {
            meters.put(Meter.IMAGES, (long) pictures);
        } else {
            meters.put(Meter.FRESH_INPUT, input);
            meters.put(Meter.IMAGE_OUTPUT, output);
            meters.put(Meter.REASONING, count(told, "thoughtsTokenCount"));
        }
        return new Usage(meters, false);
    }

    private static long count(JsonNode node, String name) {
        JsonNode count = node.path(name);
        return count.isNumber() && count.canConvertToLong() ? Math.max(0, count.asLong(0)) : 0;
    }

    @Override
    public Failure refusal(int status, Header header, byte[] body) {
        return GoogleErrors.read(status, header, body);
    }
}

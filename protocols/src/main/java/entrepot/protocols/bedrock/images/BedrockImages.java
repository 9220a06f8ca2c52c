package entrepot.protocols.bedrock.images;

import entrepot.conversation.Failed;
import entrepot.conversation.Failure;
import entrepot.conversation.Failure.Cause;
import entrepot.conversation.Loss;
import entrepot.conversation.Usage;
import entrepot.conversation.Usage.Meter;
import entrepot.conversation.image.ImageRequest;
import entrepot.conversation.image.ImageRequest.Quality;
import entrepot.conversation.image.ImageRequest.Size;
import entrepot.conversation.image.Images;
import entrepot.conversation.image.Images.Picture;
import entrepot.protocols.Foreign;
import entrepot.protocols.Header;
import entrepot.protocols.ImageDialect;
import entrepot.protocols.ImageLosses;
import entrepot.protocols.bedrock.BedrockErrors;
import entrepot.protocols.json.Json;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Suppliers of pictures on Bedrock; they are billed by the picture. */
public final class BedrockImages implements ImageDialect {

    @Override
    public String name() {
        return "bedrock.images";
    }

    @Override
    public int imagesMax(String model) {
        return Painter.of(model).imagesMax();
    }

    @Override
    public List<Loss> losses(ImageRequest request) {
        Painter painter = Painter.of(request.model());
        var losses = new ArrayList<Loss>();
        if (!painter.draws(request.size())) {
            losses.add(ImageLosses.SIZE.at("size"));
        } else if (painter == Painter.STABILITY && request.size() != null) {
            losses.add(ImageLosses.SIZE_BY_RATIO.at("size"));
        }
        if (!painter.knows(request.quality())) {
            losses.add(ImageLosses.QUALITY.at("quality"));
        }
        if (!painter.gives(request.mediaType())) {
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
        Painter painter = Painter.of(request.model());
        return Json.write(
                painter == Painter.STABILITY
                        ? stability(request, painter)
                        : amazon(request, painter));
    }

    private static ObjectNode amazon(ImageRequest request, Painter painter) {
        ObjectNode body = Json.object().put("taskType", "TEXT_IMAGE");
        body.putObject("textToImageParams").put("text", request.prompt());
        ObjectNode config =
                body.putObject("imageGenerationConfig").put("numberOfImages", request.count());
        Size size = request.size();
        if (size != null && painter.draws(size)) {
            config.put("width", size.width()).put("height", size.height());
        }
        if (request.quality() != null) {
            config.put("quality", request.quality() == Quality.HIGH ? "premium" : "standard");
        }
        return body;
    }

    private static ObjectNode stability(ImageRequest request, Painter painter) {
        ObjectNode body =
                Json.object().put("prompt", request.prompt()).put("mode", "text-to-image");
        Size size = request.size();
        if (size != null && painter.draws(size)) {
            body.put("aspect_ratio", size.ratio());
        }
        body.put("output_format", "image/jpeg".equals(request.mediaType()) ? "jpeg" : "png");
        return body;
    }

    @Override
    public Images read(ImageRequest request, byte[] body) {
        JsonNode json = Json.read(body, Cause.SUPPLIER_FAILED);
        boolean jpeg =
                Painter.of(request.model()) == Painter.STABILITY
                        && "image/jpeg".equals(request.mediaType());
        var pictures = new ArrayList<Picture>();
        for (JsonNode each : json.path("images")) {
            if (each.isString() && !each.stringValue().isEmpty()) {
                pictures.add(
                        new Picture(each.stringValue(), jpeg ? "image/jpeg" : "image/png", null));
            }
        }
        if (pictures.isEmpty()) {
            throw new Failed(nothing(json));
        }
        Usage usage = new Usage(Map.of(Meter.IMAGES, (long) pictures.size()), false);
        return new Images(pictures, usage);
    }

    /** Why there is no picture: a filter, mostly, which says so. */
    private static Failure nothing(JsonNode json) {
        String error = json.path("error").asString("");
        String why = error.isEmpty() ? json.path("finish_reasons").path(0).asString("") : error;
        String small = why.toLowerCase(Locale.ROOT);
        boolean filtered =
                small.contains("filter") || small.contains("blocked") || small.contains("policy");
        return Failure.of(
                filtered ? Cause.CONTENT_FILTERED : Cause.SUPPLIER_FAILED,
                "The supplier drew nothing" + (why.isEmpty() ? "." : ": " + why));
    }

    @Override
    public Failure refusal(int status, Header header, byte[] body) {
        return BedrockErrors.read(status, header, body);
    }
}

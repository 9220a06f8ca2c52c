package entrepot.protocols.openai.images;

import entrepot.conversation.Usage;
import entrepot.conversation.Usage.Meter;

import tools.jackson.databind.JsonNode;

import java.util.EnumMap;

/** The usage object of pictures, as disjoint meters (openapi.yaml, ImageGenUsage). */
final class ImageUsage {

    private ImageUsage() {}

    static Usage read(JsonNode usage) {
        JsonNode details = usage.path("input_tokens_details");
        JsonNode made = usage.path("output_tokens_details");
        long input = count(usage, "input_tokens");
        long output = count(usage, "output_tokens");
        long images = Math.min(count(details, "image_tokens"), input);
        long words = Math.min(count(made, "text_tokens"), output);
        var meters = new EnumMap<Meter, Long>(Meter.class);
        meters.put(Meter.FRESH_INPUT, input - images);
        meters.put(Meter.IMAGE_INPUT, images);
        meters.put(Meter.OUTPUT, words);
        meters.put(Meter.IMAGE_OUTPUT, output - words);
        return new Usage(meters, false);
    }

    /** Models without tokens are billed by the picture. */
    static Usage pictures(long count) {
        var meters = new EnumMap<Meter, Long>(Meter.class);
        meters.put(Meter.IMAGES, count);
        return new Usage(meters, false);
    }

    private static long count(JsonNode node, String name) {
        JsonNode count = node.path(name);
        return count.isNumber() && count.canConvertToLong() ? Math.max(0, count.asLong(0)) : 0;
    }
}

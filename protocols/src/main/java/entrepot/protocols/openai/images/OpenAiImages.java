package entrepot.protocols.openai.images;

import entrepot.conversation.Failed;
import entrepot.conversation.Failure;
import entrepot.conversation.Failure.Cause;
import entrepot.conversation.Usage;
import entrepot.protocols.Header;
import entrepot.protocols.Meter;
import entrepot.protocols.StreamWire;
import entrepot.protocols.json.Json;
import entrepot.protocols.openai.OpenAiErrors;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.nio.charset.StandardCharsets;

/** Suppliers of pictures that speak like OpenAI. */
public final class OpenAiImages implements StreamWire {

    @Override
    public String name() {
        return ImageEnvelope.DIALECT;
    }

    @Override
    public Usage usage(byte[] body) {
        JsonNode json = Json.read(body, Cause.SUPPLIER_FAILED);
        JsonNode data = json.path("data");
        if (!data.isArray()) {
            throw json instanceof ObjectNode object && object.has("error")
                    ? new Failed(OpenAiErrors.read(object))
                    : new Failed(
                            Failure.of(
                                    Cause.SUPPLIER_FAILED,
                                    "The supplier's answer has no list 'data'."));
        }
        JsonNode usage = json.path("usage");
        return usage.isObject() ? ImageUsage.read(usage) : ImageUsage.pictures(data.size());
    }

    @Override
    public Meter meter(boolean hideUsage) {
        return new ImageMeter();
    }

    @Override
    public Failure refusal(int status, Header header, byte[] body) {
        return OpenAiErrors.read(status, header, body);
    }

    @Override
    public byte[] broken(Failure failure) {
        ObjectNode event = OpenAiErrors.body(failure).put("type", "error");
        return ("\n\nevent: error\ndata: " + event + "\n\n").getBytes(StandardCharsets.UTF_8);
    }
}

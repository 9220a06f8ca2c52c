package entrepot.gateway.responses;

import entrepot.conversation.Failure;
import entrepot.gateway.door.Fields;
import entrepot.gateway.door.Refusals;
import entrepot.protocols.json.Json;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.List;

/**
 * What a caller asks for, as far as it concerns what is kept; all else is the dialect's.
 *
 * @param body as it came
 * @param encrypted whether the caller wants the reasoning's encrypted form
 */
record Asked(
        ObjectNode body,
        String model,
        boolean stream,
        boolean store,
        boolean background,
        @Nullable String previous,
        @Nullable String conversation,
        boolean encrypted) {

    static final String ENCRYPTED = "reasoning.encrypted_content";

    /**
     * @throws entrepot.conversation.Failed naming the member at fault
     */
    static Asked read(byte[] body) {
        return read(Json.read(body, Failure.Cause.INVALID_REQUEST));
    }

    static Asked read(JsonNode body) {
        Fields fields = Fields.of("", body);
        boolean store = flag(fields, "store", true);
        boolean background = flag(fields, "background", false);
        String previous = fields.text("previous_response_id");
        String conversation = conversation(fields);
        if (previous != null && conversation != null) {
            throw Refusals.invalid(
                    "mutually_exclusive_parameters",
                    "'previous_response_id' and 'conversation' exclude each other: a conversation"
                            + " already holds what came before.",
                    "previous_response_id");
        }
        if (background && !store) {
            throw Refusals.value(
                    "background",
                    "a background response is fetched later and so must be stored; leave out"
                            + " 'store' or set it to true.");
        }
        Metadata.read(fields);
        return new Asked(
                (ObjectNode) fields.json(),
                fields.requiredText("model"),
                flag(fields, "stream", false),
                store,
                background,
                previous,
                conversation,
                encrypted(fields));
    }

    /** Whether nothing of it is kept, looked up or run later. */
    boolean stateless() {
        return !store && previous == null && conversation == null;
    }

    private static boolean flag(Fields fields, String name, boolean otherwise) {
        Boolean value = fields.flag(name);
        return value == null ? otherwise : value;
    }

    private static @Nullable String conversation(Fields fields) {
        JsonNode value = fields.get("conversation");
        if (value == null) {
            return null;
        }
        return value.isString()
                ? value.stringValue()
                : Fields.of("conversation", value).requiredText("id");
    }

    private static boolean encrypted(Fields fields) {
        List<JsonNode> include = fields.list("include");
        return include != null
                && include.stream().anyMatch(each -> each.asString("").equals(ENCRYPTED));
    }
}

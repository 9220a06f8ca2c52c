package entrepot.gateway.responses;

import entrepot.conversation.Failure;
import entrepot.gateway.door.Fields;
import entrepot.gateway.door.Refusals;
import entrepot.identity.Ids;
import entrepot.protocols.json.Json;
import entrepot.runtime.responses.StoredItem;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Items as they are kept: each with a type and an id, its content as a list. */
final class Items {

    private static final Map<String, String> PREFIXES =
            Map.of(
                    "message", "msg_",
                    "reasoning", "rs_",
                    "function_call", "fc_",
                    "function_call_output", "fco_",
                    "custom_tool_call", "ctc_",
                    "custom_tool_call_output", "cto_",
                    "compaction", "cmp_");

    private Items() {}

    /** The items of an {@code input}: a text is one message of the user. */
    static List<ObjectNode> of(JsonNode input) {
        var items = new ArrayList<ObjectNode>();
        if (input.isString()) {
            items.add(message("user", input.stringValue()));
        } else if (!input.isMissingNode() && !input.isNull()) {
            List<JsonNode> list = Fields.list("input", input);
            for (int i = 0; i < list.size(); i++) {
                items.add((ObjectNode) Fields.of("input[" + i + "]", list.get(i)).json());
            }
        }
        return items;
    }

    static ObjectNode message(String role, String text) {
        ObjectNode item = Json.object().put("type", "message").put("role", role);
        item.putArray("content").addObject().put("type", textType(role)).put("text", text);
        return item;
    }

    /** How an item will be shown: named, typed, its content a list. */
    static ObjectNode named(ObjectNode item, Ids ids) {
        ObjectNode named = item.deepCopy();
        String type = type(item);
        named.put("type", type);
        JsonNode content = named.path("content");
        if (type.equals("message")) {
            if (content.isString()) {
                ArrayNode parts = Json.object().arrayNode();
                String role = named.path("role").asString("user");
                ObjectNode part = parts.addObject().put("type", textType(role));
                part.put("text", content.stringValue());
                if (role.equals("assistant")) {
                    part.putArray("annotations");
                }
                named.set("content", parts);
            }
            if (!named.path("status").isString()) {
                named.put("status", "completed");
            }
        }
        if (!named.path("id").isString()) {
            named.put("id", ids.next(PREFIXES.getOrDefault(type, "item_")));
        }
        return named;
    }

    static StoredItem stored(ObjectNode named) {
        return new StoredItem(named.path("id").asString(""), text(named));
    }

    static List<StoredItem> stored(JsonNode output) {
        var items = new ArrayList<StoredItem>();
        output.forEach(item -> {
            if (item instanceof ObjectNode object) {
                items.add(stored(object));
            }
        });
        return items;
    }

    static ObjectNode read(StoredItem item) {
        return object(item.json());
    }

    /** What we have written ourselves. */
    static ObjectNode object(String json) {
        if (Json.read(json, Failure.Cause.INTERNAL) instanceof ObjectNode object) {
            return object;
        }
        throw new IllegalStateException("what was kept is no object");
    }

    static String text(JsonNode node) {
        return new String(Json.write(node), StandardCharsets.UTF_8);
    }

    /** The type of an item; the short form of a message, and of a reference, has none. */
    static String type(ObjectNode item) {
        JsonNode type = item.path("type");
        if (type.isString()) {
            return type.stringValue();
        }
        if (item.has("role")) {
            return "message";
        }
        if (item.has("id")) {
            return "item_reference";
        }
        throw Refusals.missing("input.type");
    }

    /**
     * Items as a caller is shown them.
     *
     * @param encrypted whether it asked for the encrypted form of reasoning
     */
    static void show(JsonNode item, boolean encrypted) {
        if (!encrypted
                && item instanceof ObjectNode object
                && object.path("type").asString("").equals("reasoning")) {
            object.remove("encrypted_content");
        }
    }

    private static String textType(String role) {
        return role.equals("assistant") ? "output_text" : "input_text";
    }
}

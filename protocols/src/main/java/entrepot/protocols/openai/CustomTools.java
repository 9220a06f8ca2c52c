package entrepot.protocols.openai;

import entrepot.conversation.Failed;
import entrepot.conversation.Failure.Cause;
import entrepot.protocols.json.Json;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/**
 * A custom tool, which takes a text, as every dialect can say it: a function with that text as its
 * one argument {@code input}.
 */
public final class CustomTools {

    private static final String INPUT = "input";

    private CustomTools() {}

    /** The one argument of a custom tool; a grammar that nobody enforces can still be read. */
    public static ObjectNode parameters(JsonNode format) {
        ObjectNode parameters = Json.object().put("type", "object");
        ObjectNode input =
                parameters.putObject("properties").putObject("input").put("type", "string");
        String definition = format.path("definition").asString("");
        if (!definition.isEmpty()) {
            input.put(
                    "description",
                    "Free text that follows this %s grammar:\n%s"
                            .formatted(format.path("syntax").asString(""), definition));
        }
        parameters.putArray("required").add("input");
        return parameters.put("additionalProperties", false);
    }

    /** The arguments of a function that stands for a custom tool. */
    public static String arguments(String input) {
        return Json.object().put(INPUT, input).toString();
    }

    /** Text as it stands within the argument: escaped, without quotation marks. */
    public static String escaped(String piece) {
        String quoted = StringNode.valueOf(piece).toString();
        return quoted.substring(1, quoted.length() - 1);
    }

    public static String argumentsOpening() {
        return "{\"" + INPUT + "\":\"";
    }

    public static String argumentsClosing() {
        return "\"}";
    }

    /** The text for a custom tool; whatever a model wrote that is no such argument is the text. */
    public static String input(String arguments) {
        try {
            JsonNode node = Json.read(arguments, Cause.SUPPLIER_FAILED).path(INPUT);
            return node.isString() ? node.stringValue() : arguments;
        } catch (Failed notJson) {
            return arguments;
        }
    }
}

package entrepot.protocols.json;

import entrepot.conversation.Extras;
import entrepot.conversation.Failed;
import entrepot.conversation.Failure;
import entrepot.conversation.Failure.Cause;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.MissingNode;
import tools.jackson.databind.node.ObjectNode;

import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The members of one JSON object, taken one by one; what nobody took is the rest, and becomes
 * extras. An explicit null counts as not said, but stays in the rest, so that it survives.
 *
 * <p>Strict members refuse a wrong type and name its path; lenient ones, for what suppliers send,
 * leave it in the rest.
 */
public final class Members {

    private final String path;
    private final boolean strict;
    private final Map<String, JsonNode> left = new LinkedHashMap<>();
    private final Map<String, Members> within = new LinkedHashMap<>();

    private Members(ObjectNode object, String path, boolean strict) {
        this.path = path;
        this.strict = strict;
        object.properties().forEach(member -> left.put(member.getKey(), member.getValue()));
    }

    /**
     * For what a caller sent.
     *
     * @param path of the object, such as {@code messages[2]}; empty for the body
     * @throws Failed when it is not an object
     */
    public static Members strict(JsonNode node, String path) {
        if (node instanceof ObjectNode object) {
            return new Members(object, path, true);
        }
        throw wrongType(path, "an object", node);
    }

    /** For what a supplier sent. */
    public static Members lenient(ObjectNode object) {
        return new Members(object, "", false);
    }

    public boolean isStrict() {
        return strict;
    }

    public String path(String name) {
        return path.isEmpty() ? name : path + "." + name;
    }

    /** Looks at a member without taking it; a missing node when there is none. */
    public JsonNode peek(String name) {
        JsonNode node = left.get(name);
        return node == null ? MissingNode.getInstance() : node;
    }

    public @Nullable String text(String name) {
        JsonNode node = said(name, "a string", JsonNode::isString);
        return node == null ? null : node.stringValue();
    }

    /** A text that must be there; a lenient reader takes a missing one for the empty text. */
    public String requiredText(String name) {
        String text = text(name);
        if (text == null && strict) {
            throw missing(name);
        }
        return text == null ? "" : text;
    }

    public @Nullable Boolean flag(String name) {
        JsonNode node = said(name, "a boolean", JsonNode::isBoolean);
        return node == null ? null : node.booleanValue();
    }

    public @Nullable BigDecimal number(String name) {
        JsonNode node = said(name, "a number", JsonNode::isNumber);
        return node == null ? null : node.decimalValue();
    }

    public @Nullable Integer integer(String name) {
        JsonNode node =
                said(
                        name,
                        "an integer of 32 bits",
                        n -> n.isIntegralNumber() && n.canConvertToInt());
        return node == null ? null : node.intValue();
    }

    public @Nullable Long longInteger(String name) {
        JsonNode node =
                said(
                        name,
                        "an integer of 64 bits",
                        n -> n.isIntegralNumber() && n.canConvertToLong());
        return node == null ? null : node.longValue();
    }

    public @Nullable ArrayNode list(String name) {
        return (ArrayNode) said(name, "an array", JsonNode::isArray);
    }

    public @Nullable ObjectNode tree(String name) {
        return (ObjectNode) said(name, "an object", JsonNode::isObject);
    }

    /** An object whose own rest stays in the rest of this one. */
    public @Nullable Members object(String name) {
        ObjectNode node = tree(name);
        if (node == null) {
            return null;
        }
        var members = new Members(node, path(name), strict);
        within.put(name, members);
        return members;
    }

    /** An object that must be there; a lenient reader takes a missing one for the empty one. */
    public Members requiredObject(String name) {
        Members members = object(name);
        if (members != null) {
            return members;
        }
        if (strict) {
            throw missing(name);
        }
        return new Members(Json.object(), path(name), false);
    }

    /** Takes a member whatever it is; null when it is not there. */
    public @Nullable JsonNode take(String name) {
        return left.remove(name);
    }

    /** Puts something into the rest. */
    public void keep(String name, JsonNode node) {
        left.put(name, node);
    }

    /** What nobody took, in the order of the object, those of objects within it at the end. */
    public Map<String, JsonNode> rest() {
        var rest = new LinkedHashMap<>(left);
        within.forEach((name, members) -> {
            Map<String, JsonNode> more = members.rest();
            if (!more.isEmpty()) {
                ObjectNode kept = Json.object();
                kept.setAll(more);
                rest.put(name, kept);
            }
        });
        return rest;
    }

    public Extras extras(String dialect) {
        Map<String, JsonNode> rest = rest();
        return rest.isEmpty() ? Extras.NONE : new Extras(dialect, rest);
    }

    public Failed missing(String name) {
        String at = path(name);
        return failed(
                "Missing required parameter: '" + at + "'.", at, "missing_required_parameter");
    }

    /** The failure of a member whose type is right and whose value is not. */
    public Failed wrong(String name, String why) {
        String at = path(name);
        return failed("Invalid value for '" + at + "': " + why, at, "invalid_value");
    }

    public static Failed wrongType(String path, String expected, JsonNode node) {
        String message =
                "Invalid type for '%s': expected %s, but got %s instead."
                        .formatted(path, expected, kind(node));
        return failed(message, path, "invalid_type");
    }

    private static Failed failed(String message, String path, String code) {
        return new Failed(
                new Failure(Cause.INVALID_REQUEST, message, path, code, null, null, null));
    }

    private @Nullable JsonNode said(String name, String expected, Check check) {
        JsonNode node = left.get(name);
        if (node == null || node.isNull()) {
            return null;
        }
        if (check.fits(node)) {
            left.remove(name);
            return node;
        }
        if (strict) {
            throw wrongType(path(name), expected, node);
        }
        return null;
    }

    private static String kind(JsonNode node) {
        return switch (node.getNodeType()) {
            case ARRAY -> "an array";
            case OBJECT, POJO -> "an object";
            case STRING, BINARY -> "a string";
            case BOOLEAN -> "a boolean";
            case NULL -> "null";
            case MISSING -> "nothing";
            case NUMBER -> node.isIntegralNumber() ? "an integer" : "a decimal number";
        };
    }

    private interface Check {
        boolean fits(JsonNode node);
    }
}

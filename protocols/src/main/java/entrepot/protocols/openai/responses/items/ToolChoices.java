package entrepot.protocols.openai.responses.items;

import static entrepot.protocols.openai.responses.items.Form.DIALECT;

import entrepot.conversation.Tool;
import entrepot.conversation.ToolChoice;
import entrepot.protocols.json.Json;
import entrepot.protocols.json.Members;
import entrepot.protocols.json.Residue;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.StringNode;

import java.util.List;

/** The choice among tools (openapi.yaml, ToolChoiceParam). */
public final class ToolChoices {

    private ToolChoices() {}

    public static ToolChoice read(Members body, List<Tool> tools) {
        JsonNode node = body.peek("tool_choice");
        if (node.isMissingNode() || node.isNull()) {
            return ToolChoice.AUTO;
        }
        if (node.isString()) {
            switch (node.stringValue()) {
                case "auto" -> {
                    // Stays among the extras: said, though it changes nothing.
                    return ToolChoice.AUTO;
                }
                case "none" -> {
                    body.take("tool_choice");
                    return new ToolChoice.None();
                }
                case "required" -> {
                    body.take("tool_choice");
                    return new ToolChoice.Required();
                }
                default -> {}
            }
        } else if (!node.isObject()) {
            throw Members.wrongType("tool_choice", "a string or an object", node);
        }
        body.take("tool_choice");
        var named = new ToolChoice.Named(node.path("name").asString(""));
        return node.equals(write(named, tools)) ? named : new ToolChoice.Unknown(DIALECT, node);
    }

    /** Null for what is not to be written. */
    public static @Nullable JsonNode write(ToolChoice choice, List<Tool> tools) {
        return switch (choice) {
            case ToolChoice.Auto _ -> null;
            case ToolChoice.None _ -> StringNode.valueOf("none");
            case ToolChoice.Required _ -> StringNode.valueOf("required");
            case ToolChoice.Named named ->
                    Json.object()
                            .put("type", isCustom(named.name(), tools) ? "custom" : "function")
                            .put("name", inner(named.name(), tools));
            case ToolChoice.Unknown unknown ->
                    unknown.dialect().equals(DIALECT) ? unknown.raw() : null;
        };
    }

    private static boolean isCustom(String name, List<Tool> tools) {
        return tools.stream()
                .anyMatch(tool ->
                        tool instanceof Tool.Function function
                                && function.name().equals(name)
                                && ToolWriter.isCustom(function));
    }

    private static String inner(String name, List<Tool> tools) {
        for (Tool tool : tools) {
            if (tool instanceof Tool.Function function && function.name().equals(name)) {
                JsonNode space = Residue.of(function.extras(), DIALECT, "namespace");
                return ToolNames.inner(
                        space == null ? null : space.path("name").asString(""), name);
            }
        }
        return name;
    }
}

package entrepot.protocols.bedrock.converse;

import static entrepot.protocols.bedrock.converse.ConverseRequests.DIALECT;

import entrepot.conversation.Failed;
import entrepot.conversation.Failure;
import entrepot.conversation.Failure.Cause;
import entrepot.conversation.OutputFormat;
import entrepot.conversation.Request;
import entrepot.conversation.Tool;
import entrepot.conversation.ToolChoice;
import entrepot.protocols.json.Json;
import entrepot.protocols.json.Members;
import entrepot.protocols.json.Residue;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.List;

/** Tools, the choice among them, and the shape of the answer. */
final class ConverseTools {

    private ConverseTools() {}

    static List<Tool> read(@Nullable Members config) {
        var tools = new ArrayList<Tool>();
        ArrayNode list = config == null ? null : config.list("tools");
        if (config == null || list == null) {
            return tools;
        }
        if (list.isEmpty()) {
            config.keep("tools", list);
        }
        for (int i = 0; i < list.size(); i++) {
            tools.add(tool(list.get(i), config.path("tools[" + i + "]")));
        }
        return tools;
    }

    private static Tool tool(JsonNode raw, String path) {
        Members tool = Members.strict(raw, path);
        if (raw.path("cachePoint").isObject()
                && raw.size() == 1
                && ConverseBlocks.isCachePoint(raw.path("cachePoint"))) {
            return new Tool.CachePoint(ConverseBlocks.ttl(raw.path("cachePoint")));
        }
        Members spec = tool.object("toolSpec");
        if (spec == null) {
            return new Tool.Unknown(DIALECT, raw);
        }
        String name = spec.requiredText("name");
        if (name.isEmpty()) {
            throw spec.wrong("name", "the name of a tool is empty.");
        }
        String description = spec.text("description");
        Boolean strict = spec.flag("strict");
        Members schema = spec.object("inputSchema");
        JsonNode parameters = schema == null ? null : schema.take("json");
        if (schema == null || parameters == null) {
            throw spec.missing("inputSchema.json");
        }
        return new Tool.Function(name, description, parameters, strict, tool.extras(DIALECT));
    }

    static ToolChoice choice(@Nullable Members config) {
        JsonNode choice = config == null ? null : config.peek("toolChoice");
        if (config == null || choice == null || !choice.isObject()) {
            return ToolChoice.AUTO;
        }
        if (choice.path("auto").isObject()) {
            // Stays among the extras: that the default was said.
            return ToolChoice.AUTO;
        }
        JsonNode any = choice.path("any");
        if (any.isObject() && any.isEmpty() && choice.size() == 1) {
            config.take("toolChoice");
            return new ToolChoice.Required();
        }
        JsonNode tool = choice.path("tool");
        if (tool.path("name").isString() && tool.size() == 1 && choice.size() == 1) {
            config.take("toolChoice");
            return new ToolChoice.Named(tool.path("name").stringValue());
        }
        config.take("toolChoice");
        return new ToolChoice.Unknown(DIALECT, choice);
    }

    static void write(Request request, ObjectNode body) {
        if (request.tools().isEmpty() && choice(request.toolChoice()) == null) {
            return;
        }
        ObjectNode config = body.putObject("toolConfig");
        ArrayNode tools = config.putArray("tools");
        for (int i = 0; i < request.tools().size(); i++) {
            JsonNode tool = tool(request.tools().get(i), "tools[" + i + "]");
            if (tool != null) {
                tools.add(tool);
            }
        }
        JsonNode choice = choice(request.toolChoice());
        if (choice != null) {
            config.set("toolChoice", choice);
        }
    }

    private static @Nullable JsonNode tool(Tool tool, String path) {
        return switch (tool) {
            case Tool.Function function -> function(function, path);
            case Tool.CachePoint point -> ConverseBlocks.cachePoint(point.ttl());
            case Tool.Unknown unknown -> unknown.dialect().equals(DIALECT) ? unknown.raw() : null;
        };
    }

    private static ObjectNode function(Tool.Function function, String path) {
        if (function.name().isEmpty()) {
            throw new Failed(
                    Failure.at(
                            Cause.INVALID_REQUEST,
                            "'%s.name': the name of a tool is empty.".formatted(path),
                            path + ".name"));
        }
        ObjectNode node = Json.object();
        ObjectNode spec = node.putObject("toolSpec").put("name", function.name());
        if (function.description() != null) {
            spec.put("description", function.description());
        }
        JsonNode parameters = function.parameters();
        spec.putObject("inputSchema").set("json", parameters == null ? nothing() : parameters);
        if (function.strict() != null) {
            spec.put("strict", function.strict());
        }
        return Residue.fill(node, function.extras(), DIALECT);
    }

    /** The schema of a function that takes nothing: Bedrock wants one all the same. */
    static ObjectNode nothing() {
        ObjectNode schema = Json.object().put("type", "object");
        schema.putObject("properties");
        return schema;
    }

    private static @Nullable JsonNode choice(ToolChoice choice) {
        ObjectNode node = Json.object();
        switch (choice) {
            case ToolChoice.Auto _, ToolChoice.None _ -> {
                return null;
            }
            case ToolChoice.Required _ -> node.putObject("any");
            case ToolChoice.Named named -> node.putObject("tool").put("name", named.name());
            case ToolChoice.Unknown unknown -> {
                return unknown.dialect().equals(DIALECT) ? unknown.raw() : null;
            }
        }
        return node;
    }

    static OutputFormat format(@Nullable Members config) {
        Members format = config == null ? null : config.object("textFormat");
        if (format == null) {
            return OutputFormat.TEXT;
        }
        Members structure = format.requiredObject("structure");
        Members schema = structure.requiredObject("jsonSchema");
        if (!format.peek("type").asString("").equals("json_schema")) {
            throw format.wrong("type", "expected json_schema.");
        }
        format.take("type");
        String said = schema.requiredText("schema");
        JsonNode parsed;
        try {
            parsed = Json.read(said, Cause.INVALID_REQUEST);
        } catch (Failed notJson) {
            throw schema.wrong("schema", "it must be a JSON Schema as a text of JSON.");
        }
        if (!ConverseBlocks.text(parsed).equals(said)) {
            // The caller's own layout of the same schema.
            schema.keep("schema", Json.object().stringNode(said));
        }
        String name = schema.text("name");
        String description = schema.text("description");
        return new OutputFormat.JsonSchema(name == null ? "" : name, description, parsed, null);
    }

    static void format(OutputFormat format, Request request, ObjectNode body) {
        if (!(format instanceof OutputFormat.JsonSchema json)) {
            return;
        }
        JsonNode kept = Residue.of(request.extras(), DIALECT, "outputConfig");
        JsonNode layout =
                kept == null
                        ? Json.object().missingNode()
                        : kept.path("textFormat").path("structure").path("jsonSchema");
        ObjectNode text = body.putObject("outputConfig").putObject("textFormat");
        text.put("type", "json_schema");
        ObjectNode schema = text.putObject("structure").putObject("jsonSchema");
        if (!layout.path("schema").isString()) {
            JsonNode said = json.schema();
            schema.put("schema", said == null ? "{}" : ConverseBlocks.text(said));
        }
        if (!json.name().isEmpty()) {
            schema.put("name", json.name());
        }
        if (json.description() != null) {
            schema.put("description", json.description());
        }
    }
}

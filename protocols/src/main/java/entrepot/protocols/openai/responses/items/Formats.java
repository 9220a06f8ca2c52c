package entrepot.protocols.openai.responses.items;

import static entrepot.protocols.openai.responses.items.Form.DIALECT;

import entrepot.conversation.OutputFormat;
import entrepot.conversation.Request;
import entrepot.protocols.json.Json;
import entrepot.protocols.json.Members;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The format of the answer: {@code text.format} (openapi.yaml, ResponseTextParam). */
public final class Formats {

    private Formats() {}

    public static OutputFormat read(Members body) {
        JsonNode raw = body.peek("text");
        Members text = body.object("text");
        if (text == null) {
            return OutputFormat.TEXT;
        }
        if (raw.isEmpty()) {
            body.keep("text", raw);
        }
        JsonNode node = text.peek("format");
        if (node.isMissingNode() || node.isNull()) {
            return OutputFormat.TEXT;
        }
        Members format = Members.strict(node, "text.format");
        String type = format.requiredText("type");
        text.take("format");
        if (type.equals("text") && node.size() == 1) {
            body.keep(Form.FORM, Form.node(Form.TEXT_FORMAT));
            return OutputFormat.TEXT;
        }
        if (type.equals("json_object") && node.size() == 1) {
            return new OutputFormat.JsonObject();
        }
        if (type.equals("json_schema")) {
            var schema =
                    new OutputFormat.JsonSchema(
                            format.requiredText("name"),
                            format.text("description"),
                            format.tree("schema"),
                            format.flag("strict"));
            if (format.rest().isEmpty()) {
                return schema;
            }
        }
        return new OutputFormat.Unknown(DIALECT, node);
    }

    public static void write(Request request, ObjectNode body) {
        JsonNode format = format(request.format());
        if (format == null && Form.has(request.extras(), Form.TEXT_FORMAT)) {
            format = Json.object().put("type", "text");
        }
        if (format != null) {
            body.putObject("text").set("format", format);
        }
    }

    private static @Nullable JsonNode format(OutputFormat format) {
        return switch (format) {
            case OutputFormat.Text _ -> null;
            case OutputFormat.JsonObject _ -> Json.object().put("type", "json_object");
            case OutputFormat.JsonSchema schema -> {
                ObjectNode node =
                        Json.object().put("type", "json_schema").put("name", schema.name());
                if (schema.description() != null) {
                    node.put("description", schema.description());
                }
                if (schema.schema() != null) {
                    node.set("schema", schema.schema());
                }
                if (schema.strict() != null) {
                    node.put("strict", schema.strict());
                }
                yield node;
            }
            case OutputFormat.Unknown unknown ->
                    unknown.dialect().equals(DIALECT) ? unknown.raw() : null;
        };
    }
}

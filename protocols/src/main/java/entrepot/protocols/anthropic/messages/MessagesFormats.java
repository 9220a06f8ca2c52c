package entrepot.protocols.anthropic.messages;

import static entrepot.protocols.anthropic.messages.MessagesRequests.DIALECT;

import entrepot.conversation.OutputFormat;
import entrepot.conversation.Request;
import entrepot.protocols.json.Json;
import entrepot.protocols.json.Members;
import entrepot.protocols.json.Residue;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The shape that the answer must have: {@code output_config.format}, or {@code output_format} where
 * the beta that came before it is spoken. The schema has no name here, and is always strict.
 */
final class MessagesFormats {

    /** What the schema is called in dialects that want a name. */
    static final String NAME = "output";

    private static final String OLDER = "output_format";
    private static final String CONFIG = "output_config";

    private MessagesFormats() {}

    static OutputFormat read(Members body) {
        JsonNode older = body.peek(OLDER);
        if (isSchema(older)) {
            Members format = body.requiredObject(OLDER);
            // What is left of it, if only the empty object, marks the older place.
            OutputFormat read = schema(format);
            ObjectNode rest = Json.object();
            rest.setAll(format.rest());
            body.take(OLDER);
            body.keep(OLDER, rest);
            return read;
        }
        if (!older.isMissingNode() && !older.isNull()) {
            JsonNode unknown = body.take(OLDER);
            body.keep(OLDER, Json.object());
            return new OutputFormat.Unknown(DIALECT, unknown == null ? older : unknown);
        }
        JsonNode config = body.peek(CONFIG);
        JsonNode format = config.path("format");
        if (!config.isObject() || format.isMissingNode() || format.isNull()) {
            return OutputFormat.TEXT;
        }
        ObjectNode rest = Json.object();
        rest.setAll((ObjectNode) config);
        rest.remove("format");
        body.take(CONFIG);
        if (!rest.isEmpty()) {
            body.keep(CONFIG, rest);
        }
        if (isSchema(format) && format.size() == 2) {
            return schema(Members.strict(format, CONFIG + ".format"));
        }
        return new OutputFormat.Unknown(DIALECT, format);
    }

    private static boolean isSchema(JsonNode format) {
        return format.path("type").asString("").equals("json_schema")
                && format.path("schema").isObject();
    }

    private static OutputFormat schema(Members format) {
        format.take("type");
        return new OutputFormat.JsonSchema(NAME, null, format.tree("schema"), null);
    }

    static void write(Request request, ObjectNode body) {
        JsonNode format = tree(request.format());
        if (format == null) {
            return;
        }
        if (Residue.of(request.extras(), DIALECT, OLDER) != null) {
            body.set(OLDER, format);
        } else {
            body.withObject(CONFIG).set("format", format);
        }
    }

    private static @Nullable JsonNode tree(OutputFormat format) {
        return switch (format) {
            case OutputFormat.Text _, OutputFormat.JsonObject _ -> null;
            case OutputFormat.JsonSchema schema ->
                    schema.schema() == null
                            ? null
                            : Json.object()
                                    .put("type", "json_schema")
                                    .set("schema", schema.schema());
            case OutputFormat.Unknown unknown ->
                    unknown.dialect().equals(DIALECT) ? unknown.raw() : null;
        };
    }
}

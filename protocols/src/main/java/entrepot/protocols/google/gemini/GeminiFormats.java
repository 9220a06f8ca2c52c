package entrepot.protocols.google.gemini;

import static entrepot.protocols.google.gemini.GeminiRequests.DIALECT;

import entrepot.conversation.Extras;
import entrepot.conversation.OutputFormat;
import entrepot.protocols.google.wire.GeminiSchema;
import entrepot.protocols.json.Json;
import entrepot.protocols.json.Members;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.BooleanNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The format of the answer: a media type, and a schema in Google's dialect or in JSON Schema. A
 * schema in JSON Schema is what others are told, and what is written for them.
 */
final class GeminiFormats {

    /** Schemas have no name here. */
    static final String NAME = "response";

    private static final String TYPE = "responseMimeType";
    private static final String JSON_SCHEMA = "responseJsonSchema";
    private static final String SCHEMA = "responseSchema";
    private static final String OLD_JSON_SCHEMA = "_responseJsonSchema";
    private static final List<String> SCHEMAS = List.of(JSON_SCHEMA, SCHEMA, OLD_JSON_SCHEMA);

    /** Marks a schema that came without a media type. */
    private static final String UNTYPED = "~untyped";

    private GeminiFormats() {}

    static OutputFormat read(Members config) {
        String type = config.peek(TYPE).asString("");
        List<String> given = SCHEMAS.stream().filter(name -> config.peek(name).isObject()).toList();
        if (given.isEmpty() && (type.isEmpty() || type.equals("text/plain"))) {
            // What was said stays among the extras, though it changes nothing.
            return OutputFormat.TEXT;
        }
        if (given.size() > 1 || !(type.isEmpty() || type.equals("application/json"))) {
            ObjectNode raw = Json.object();
            for (String name : List.of(TYPE, JSON_SCHEMA, SCHEMA, OLD_JSON_SCHEMA)) {
                JsonNode node = config.take(name);
                if (node != null) {
                    raw.set(name, node);
                }
            }
            return new OutputFormat.Unknown(DIALECT, raw);
        }
        if (config.take(TYPE) == null) {
            config.keep(UNTYPED, BooleanNode.TRUE);
        }
        return given.isEmpty() ? new OutputFormat.JsonObject() : schema(config, given.getFirst());
    }

    private static OutputFormat schema(Members config, String name) {
        JsonNode raw = config.peek(name);
        if (name.equals(JSON_SCHEMA)) {
            config.take(name);
        }
        return new OutputFormat.JsonSchema(NAME, null, meant(name, raw), null);
    }

    /** A schema in JSON Schema, by the member that it stands in. */
    private static JsonNode meant(String name, JsonNode raw) {
        return name.equals(SCHEMA) ? GeminiSchema.toJsonSchema(raw) : raw;
    }

    static void write(OutputFormat format, Extras form, ObjectNode config) {
        switch (format) {
            case OutputFormat.Text _ -> {}
            case OutputFormat.JsonObject _ -> type(form, config);
            case OutputFormat.JsonSchema schema -> {
                type(form, config);
                if (schema.schema() != null && kept(schema, form) == null) {
                    config.set(JSON_SCHEMA, schema.schema());
                }
            }
            case OutputFormat.Unknown unknown -> {
                if (unknown.dialect().equals(DIALECT) && unknown.raw() instanceof ObjectNode raw) {
                    config.setAll(raw);
                }
            }
        }
    }

    private static void type(Extras form, ObjectNode config) {
        if (!form.members().containsKey(UNTYPED)) {
            config.put(TYPE, "application/json");
        }
    }

    /** Under which other name the same schema came; null when it did not. */
    private static @Nullable String kept(OutputFormat.JsonSchema schema, Extras form) {
        for (String name : List.of(SCHEMA, OLD_JSON_SCHEMA)) {
            JsonNode raw = form.members().get(name);
            if (raw != null && raw.isObject() && meant(name, raw).equals(schema.schema())) {
                return name;
            }
        }
        return null;
    }

    /** The form without schemas that are no longer meant (R43). */
    static Extras fresh(OutputFormat format, Extras form) {
        String kept = format instanceof OutputFormat.JsonSchema schema ? kept(schema, form) : null;
        Map<String, JsonNode> fresh = new LinkedHashMap<>(form.members());
        fresh.entrySet()
                .removeIf(member ->
                        SCHEMAS.contains(member.getKey())
                                && member.getValue().isObject()
                                && !member.getKey().equals(kept));
        return new Extras(form.dialect(), fresh);
    }
}

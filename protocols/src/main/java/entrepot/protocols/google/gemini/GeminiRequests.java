package entrepot.protocols.google.gemini;

import entrepot.conversation.Extras;
import entrepot.conversation.Failed;
import entrepot.conversation.Failure.Cause;
import entrepot.conversation.Message;
import entrepot.conversation.OutputFormat;
import entrepot.conversation.Request;
import entrepot.conversation.Sampling;
import entrepot.conversation.Tool;
import entrepot.conversation.ToolChoice;
import entrepot.protocols.google.wire.GeminiSpelling;
import entrepot.protocols.json.Json;
import entrepot.protocols.json.Members;
import entrepot.protocols.json.Residue;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.LinkedHashMap;
import java.util.List;

/**
 * Requests of {@code generateContent} and {@code streamGenerateContent} (generative_service.proto,
 * GenerateContentRequest).
 *
 * <p>Writing what was read gives the same JSON. What the canonical record has no word for stays in
 * the extras, and so does the form of what it has a word for; marks of forms begin with {@code ~}.
 */
public final class GeminiRequests {

    /** The name of this dialect, in extras and orders. */
    public static final String DIALECT = "google.gemini";

    private GeminiRequests() {}

    /**
     * Reads a caller's request.
     *
     * @param model as the address says it
     * @param stream whether the address asks for a stream
     * @throws Failed {@code INVALID_REQUEST}, with the path of the member at fault
     */
    public static Request read(byte[] body, String model, boolean stream) {
        Members members =
                Members.strict(GeminiSpelling.normal(Json.read(body, Cause.INVALID_REQUEST)), "");
        List<Message> messages = GeminiContents.read(members);
        List<Tool> tools = GeminiTools.read(members);
        ToolChoice choice = GeminiTools.choice(members);
        Members config = GeminiSettings.config(members);
        OutputFormat format = GeminiFormats.read(config);
        Sampling sampling = GeminiSettings.read(config);
        return new Request(
                model, messages, tools, choice, sampling, format, stream, extras(members, config));
    }

    private static Extras extras(Members members, Members config) {
        ObjectNode rest = Json.object();
        rest.setAll(config.rest());
        if (!rest.isEmpty()) {
            members.keep(GeminiSettings.CONFIG, rest);
        }
        return members.extras(DIALECT);
    }

    /** Writes a request for a supplier; see {@link GeminiLosses} for what cannot be written. */
    public static byte[] write(Request request) {
        return Json.write(tree(request));
    }

    static ObjectNode tree(Request request) {
        ObjectNode body = Json.object();
        GeminiContents.write(request.messages(), body);
        GeminiTools.write(request.tools(), body);
        GeminiTools.write(request.toolChoice(), body);
        ObjectNode config = Json.object();
        GeminiSettings.write(request, config);
        Extras form = GeminiSettings.form(request);
        GeminiFormats.write(request.format(), form, config);
        Residue.fill(config, GeminiFormats.fresh(request.format(), form), DIALECT);
        if (!config.isEmpty()) {
            body.set(GeminiSettings.CONFIG, config);
        }
        ObjectNode filled = Residue.fill(body, withoutConfig(request.extras()), DIALECT);
        return GeminiSpelling.restored(filled);
    }

    private static Extras withoutConfig(Extras extras) {
        JsonNode config = extras.members().get(GeminiSettings.CONFIG);
        if (config == null || !config.isObject() || config.isEmpty()) {
            return extras;
        }
        var others = new LinkedHashMap<>(extras.members());
        others.remove(GeminiSettings.CONFIG);
        return new Extras(extras.dialect(), others);
    }
}

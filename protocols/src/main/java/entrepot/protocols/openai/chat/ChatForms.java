package entrepot.protocols.openai.chat;

import static entrepot.protocols.openai.chat.ChatRequests.DIALECT;

import entrepot.conversation.Answer;
import entrepot.conversation.Extras;
import entrepot.conversation.Failed;
import entrepot.conversation.Failure.Cause;
import entrepot.conversation.Part;
import entrepot.protocols.json.Json;
import entrepot.protocols.json.Residue;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.StringNode;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * In which of chat's forms a caller named its tools, and so is told calls.
 *
 * @param custom names of custom tools
 * @param functions whether it named {@code functions}, as was done before there were tools: then an
 *     answer has place for one call
 */
public record ChatForms(Set<String> custom, boolean functions) {

    /** Tools that are functions. */
    public static final ChatForms TOOLS = new ChatForms(Set.of(), false);

    static final String FUNCTIONS = "functions";
    static final String FUNCTION_CALL = "function_call";
    static final String CUSTOM = "custom";

    private static final Extras CUSTOM_CALL =
            new Extras(DIALECT, Map.of("type", StringNode.valueOf(CUSTOM)));

    /** A call of the older form: the mark says nothing to others. */
    private static final Extras OLDER_CALL =
            new Extras(DIALECT, Map.of(FUNCTION_CALL, Json.object()));

    public ChatForms {
        custom = Set.copyOf(custom);
    }

    /** The forms of a request, which most often are the usual ones. */
    public static ChatForms of(byte[] body) {
        // Letter by letter: what is looked for is ASCII, and so is found in UTF-8 as it stands.
        String letters = new String(body, StandardCharsets.ISO_8859_1);
        if (!letters.contains("\"custom\"") && !letters.contains("\"functions\"")) {
            return TOOLS;
        }
        try {
            return of(Json.read(body, Cause.INVALID_REQUEST));
        } catch (Failed unreadable) {
            return TOOLS;
        }
    }

    private static ChatForms of(JsonNode request) {
        var names = new HashSet<String>();
        for (JsonNode tool : request.path("tools")) {
            if (tool.path("type").asString("").equals(CUSTOM)) {
                names.add(tool.path(CUSTOM).path("name").asString(""));
            }
        }
        return new ChatForms(names, areFunctions(request.path("tools"), request.path(FUNCTIONS)));
    }

    /** Whether a request speaks of functions in the older form. */
    static boolean areFunctions(JsonNode tools, JsonNode functions) {
        boolean none = tools.isMissingNode() || tools.isNull();
        return none && functions.isArray() && !functions.isEmpty();
    }

    static boolean isCustom(Extras extras) {
        JsonNode type = Residue.of(extras, DIALECT, "type");
        return type != null && type.asString("").equals(CUSTOM);
    }

    static boolean isOlder(Extras extras) {
        JsonNode mark = Residue.of(extras, DIALECT, FUNCTION_CALL);
        return mark != null && mark.isObject();
    }

    static Extras customCall() {
        return CUSTOM_CALL;
    }

    /** An answer with its calls in these forms. */
    Answer told(Answer answer) {
        if (custom.isEmpty() && !functions) {
            return answer;
        }
        var parts = new ArrayList<Part>();
        boolean called = false;
        for (Part part : answer.parts()) {
            if (!(part instanceof Part.ToolCall call)) {
                parts.add(part);
            } else if (functions) {
                if (!called) {
                    parts.add(as(call, OLDER_CALL));
                }
                called = true;
            } else {
                parts.add(custom.contains(call.name()) ? as(call, CUSTOM_CALL) : call);
            }
        }
        return with(answer, parts);
    }

    private static Part as(Part.ToolCall call, Extras form) {
        return new Part.ToolCall(call.callId(), call.name(), call.arguments(), form);
    }

    private static Answer with(Answer answer, List<Part> parts) {
        return new Answer(
                answer.answerId(),
                answer.model(),
                parts,
                answer.stopReason(),
                answer.usage(),
                answer.extras());
    }
}

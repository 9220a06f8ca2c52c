package entrepot.protocols.bedrock.converse;

import static entrepot.protocols.bedrock.converse.ConverseRequests.DIALECT;

import entrepot.conversation.Answer;
import entrepot.conversation.Extras;
import entrepot.conversation.Failed;
import entrepot.conversation.Failure;
import entrepot.conversation.Failure.Cause;
import entrepot.conversation.Message.Role;
import entrepot.conversation.Part;
import entrepot.conversation.StopReason;
import entrepot.conversation.Usage;
import entrepot.protocols.json.Json;
import entrepot.protocols.json.Members;
import entrepot.protocols.json.Residue;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.List;

/**
 * Whole answers of Converse (ConverseResponse). Writing what was read gives the same JSON. Neither
 * an id nor the model stands in one.
 */
public final class ConverseAnswers {

    private ConverseAnswers() {}

    /**
     * Reads a supplier's answer.
     *
     * @throws Failed {@code SUPPLIER_FAILED} when it is no such answer
     */
    public static Answer read(byte[] body) {
        if (!(Json.read(body, Cause.SUPPLIER_FAILED) instanceof ObjectNode root)) {
            throw notAnAnswer("it is not an object");
        }
        return read(root);
    }

    /** Reads an answer that is a tree already. */
    public static Answer read(ObjectNode root) {
        Members members = Members.lenient(root);
        Members output = members.object("output");
        Members message = output == null ? null : output.object("message");
        ArrayNode content = message == null ? null : message.list("content");
        if (message == null || content == null) {
            throw notAnAnswer("it has no output.message.content");
        }
        var parts = new ArrayList<Part>();
        for (int i = 0; i < content.size(); i++) {
            parts.add(ConverseBlocks.read(content.get(i), message, "content", i));
        }
        takeIf(message, "role", "assistant");
        String word = members.peek("stopReason").asString("");
        StopReason reason = ConverseStops.read(word);
        if (ConverseStops.word(reason).equals(word)) {
            members.take("stopReason");
        }
        Usage usage = ConverseUsage.of(root);
        return new Answer("", "", parts, reason, usage, new Extras(DIALECT, members.rest()));
    }

    private static void takeIf(Members members, String name, String value) {
        if (members.peek(name).asString("").equals(value)) {
            members.take(name);
        }
    }

    /**
     * Writes an answer for a caller.
     *
     * @param latencyMillis how long it took, unless the supplier's own is among the extras
     */
    public static byte[] write(Answer answer, long latencyMillis) {
        return Json.write(tree(answer, latencyMillis));
    }

    /** The same as a tree. */
    public static ObjectNode tree(Answer answer, long latencyMillis) {
        Extras extras = answer.extras();
        boolean ours = extras.dialect().equals(DIALECT);
        ObjectNode body = Json.object();
        ObjectNode message = body.putObject("output").putObject("message");
        JsonNode kept = Residue.of(extras, DIALECT, "output");
        if (kept == null || !kept.path("message").has("role")) {
            message.put("role", "assistant");
        }
        content(answer.parts(), message.putArray("content"));
        if (Residue.of(extras, DIALECT, "stopReason") == null) {
            body.put("stopReason", ConverseStops.word(answer.stopReason()));
        }
        JsonNode usage = Residue.of(extras, DIALECT, "usage");
        if (usage != null && ConverseUsage.read(usage).counts(answer.usage())) {
            body.set("usage", usage);
        } else if (!ours || !answer.usage().equals(Usage.NONE)) {
            body.set("usage", ConverseUsage.write(answer.usage()));
        }
        if (!ours) {
            body.putObject("metrics").put("latencyMs", Math.max(0, latencyMillis));
        }
        return Residue.fill(body, extras, DIALECT);
    }

    private static void content(List<Part> parts, ArrayNode content) {
        for (int i = 0; i < parts.size(); i++) {
            Part part = parts.get(i);
            JsonNode block =
                    ConverseMessages.fits(part, Role.ASSISTANT)
                            ? spoken(part, "parts[" + i + "]")
                            : null;
            if (block != null) {
                content.add(block);
            }
        }
    }

    /** An answer is told even where a request in the same words would be refused. */
    private static @Nullable JsonNode spoken(Part part, String path) {
        if (part instanceof Part.ToolCall call) {
            return ConverseBlocks.write(
                    new Part.ToolCall(
                            call.callId(), call.name(), arguments(call.arguments()), call.extras()),
                    path);
        }
        if (part instanceof Part.Image || part instanceof Part.File) {
            try {
                return ConverseBlocks.write(part, path);
            } catch (Failed noPlace) {
                // What another dialect tells by its address has no place in an answer here.
                return null;
            }
        }
        return ConverseBlocks.write(part, path);
    }

    /** Arguments that are no JSON are told as a text: the caller's schema will say the rest. */
    static String arguments(String written) {
        try {
            ConverseBlocks.input(written, "");
            return written;
        } catch (Failed notJson) {
            return ConverseBlocks.text(Json.object().stringNode(written));
        }
    }

    static Failed notAnAnswer(String why) {
        return new Failed(
                Failure.of(
                        Cause.SUPPLIER_FAILED,
                        "The supplier's answer is not one of Bedrock Converse: " + why + "."));
    }
}

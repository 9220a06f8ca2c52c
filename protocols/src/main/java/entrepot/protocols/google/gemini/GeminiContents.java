package entrepot.protocols.google.gemini;

import static entrepot.protocols.google.gemini.GeminiRequests.DIALECT;

import entrepot.conversation.Extras;
import entrepot.conversation.Message;
import entrepot.conversation.Message.Role;
import entrepot.conversation.Part;
import entrepot.protocols.google.wire.GeminiCallIds;
import entrepot.protocols.json.Json;
import entrepot.protocols.json.Members;
import entrepot.protocols.json.Residue;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.BooleanNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * {@code systemInstruction} and {@code contents}, from and to messages.
 *
 * <p>Results of tools stand in a user's content here, and in messages of their own in the record.
 * All results of one turn are one content (R28), and so is all that the model said in one.
 */
final class GeminiContents {

    /** Marks a message that is part of the content before it. */
    private static final String JOINED = "~joined";

    /** Marks a content that could be part of the one before it, and was not. */
    private static final String APART = "~apart";

    /** Marks an instruction that came without any contents. */
    private static final String ALL = "~all";

    private static final String NO_PARTS = "~noParts";
    private static final String NO_ROLE = "~noRole";

    /** What stands around an instruction in the midst of a conversation. */
    static final String INSTRUCTION = "<system>\n%s\n</system>";

    private GeminiContents() {}

    static List<Message> read(Members body) {
        var messages = new ArrayList<Message>();
        var ids = new GeminiCallIds("");
        ObjectNode instruction = body.tree("systemInstruction");
        if (instruction != null) {
            Members system = Members.strict(instruction, "systemInstruction");
            if (body.peek("contents").isEmpty()) {
                system.keep(ALL, BooleanNode.TRUE);
            }
            List<Part> parts = parts(system, ids);
            messages.add(new Message(Role.SYSTEM, parts, null, system.extras(DIALECT)));
        }
        ArrayNode contents = body.list("contents");
        if (contents == null) {
            throw body.missing("contents");
        }
        for (int i = 0; i < contents.size(); i++) {
            content(Members.strict(contents.get(i), "contents[" + i + "]"), ids, messages);
        }
        return messages;
    }

    private static void content(Members content, GeminiCallIds ids, List<Message> messages) {
        Role last = messages.isEmpty() ? Role.SYSTEM : messages.getLast().role();
        String role = content.text("role");
        List<Part> parts = parts(content, ids);
        if (role == null) {
            content.keep(NO_ROLE, BooleanNode.TRUE);
        } else if (role.equals("model")) {
            if (last == Role.ASSISTANT) {
                content.keep(APART, BooleanNode.TRUE);
            }
            messages.add(new Message(Role.ASSISTANT, parts, null, content.extras(DIALECT)));
            return;
        } else if (role.equals("function") || role.equals("tool")) {
            content.keep("role", StringNode.valueOf(role));
        } else if (!role.equals("user")) {
            throw content.wrong("role", "expected user or model.");
        }
        if (last == Role.TOOL && isResult(parts, 0)) {
            content.keep(APART, BooleanNode.TRUE);
        }
        Extras extras = content.extras(DIALECT);
        int from = 0;
        for (int i = 1; i <= parts.size(); i++) {
            if (i == parts.size() || isResult(parts, i) != isResult(parts, from)) {
                Role speaker = isResult(parts, from) ? Role.TOOL : Role.USER;
                messages.add(new Message(speaker, parts.subList(from, i), null, extras));
                extras = new Extras(DIALECT, Map.of(JOINED, BooleanNode.TRUE));
                from = i;
            }
        }
        if (parts.isEmpty()) {
            messages.add(new Message(Role.USER, parts, null, extras));
        }
    }

    private static boolean isResult(List<Part> parts, int at) {
        return at < parts.size() && parts.get(at) instanceof Part.ToolResult;
    }

    private static List<Part> parts(Members content, GeminiCallIds ids) {
        ArrayNode list = content.list("parts");
        if (list == null) {
            content.keep(NO_PARTS, BooleanNode.TRUE);
            return List.of();
        }
        if (list.isEmpty()) {
            content.keep("parts", list);
        }
        return GeminiParts.read(list, content, ids);
    }

    static void write(List<Message> messages, ObjectNode body) {
        int leading = leading(messages);
        var ids = new GeminiCallIds("");
        if (leading > 0) {
            body.set("systemInstruction", system(messages.subList(0, leading), ids));
        }
        ArrayNode contents = body.putArray("contents");
        Role last = Role.SYSTEM;
        for (Message message : messages.subList(leading, messages.size())) {
            ArrayNode parts = Json.object().arrayNode();
            parts(message, parts, ids);
            boolean ours = message.parts().isEmpty() && has(message, "parts");
            if (parts.isEmpty() && !ours && !has(message, NO_PARTS)) {
                // Google refuses a content without parts.
                continue;
            }
            if (isJoined(message, last) && !contents.isEmpty()) {
                ((ObjectNode) contents.get(contents.size() - 1)).withArray("parts").addAll(parts);
            } else {
                contents.add(content(message, parts));
            }
            last = message.role();
        }
    }

    /** How many messages are instructions before everything else; something is left to answer. */
    static int leading(List<Message> messages) {
        int leading = 0;
        while (leading < messages.size() && isInstruction(messages.get(leading))) {
            leading++;
        }
        boolean nothingElse = leading == messages.size() && leading > 0;
        // What came here without contents goes back without them.
        return nothingElse && !has(messages.getFirst(), ALL) ? leading - 1 : leading;
    }

    static boolean isInstruction(Message message) {
        return message.role() == Role.SYSTEM || message.role() == Role.DEVELOPER;
    }

    /** Whether a message goes into the content before it. */
    static boolean isJoined(Message message, Role last) {
        boolean merges =
                (message.role() == Role.TOOL || message.role() == Role.ASSISTANT)
                        && message.role() == last
                        && !has(message, APART);
        return merges || has(message, JOINED);
    }

    private static boolean has(Message message, String mark) {
        return Residue.of(message.extras(), DIALECT, mark) != null;
    }

    private static ObjectNode system(List<Message> instructions, GeminiCallIds ids) {
        ObjectNode system = Json.object();
        ArrayNode parts = system.putArray("parts");
        for (Message instruction : instructions) {
            GeminiParts.write(instruction.parts(), parts, ids, false);
            Residue.fill(system, instruction.extras(), DIALECT);
        }
        return without(system, instructions.getFirst());
    }

    private static ObjectNode content(Message message, ArrayNode parts) {
        ObjectNode content = Json.object();
        content.set("parts", parts);
        if (!has(message, NO_ROLE) && !has(message, "role")) {
            content.put("role", message.role() == Role.ASSISTANT ? "model" : "user");
        }
        return without(Residue.fill(content, message.extras(), DIALECT), message);
    }

    private static ObjectNode without(ObjectNode content, Message message) {
        if (has(message, NO_PARTS) && content.path("parts").isEmpty()) {
            JsonNode said = Residue.of(message.extras(), DIALECT, "parts");
            content.remove("parts");
            if (said != null) {
                content.set("parts", said);
            }
        }
        return content;
    }

    private static void parts(Message message, ArrayNode parts, GeminiCallIds ids) {
        if (!isInstruction(message)) {
            GeminiParts.write(message.parts(), parts, ids, false);
            return;
        }
        String text = message.text();
        if (!text.isEmpty()) {
            parts.addObject().put("text", INSTRUCTION.formatted(text));
        }
        List<Part> others =
                message.parts().stream().filter(part -> !(part instanceof Part.Text)).toList();
        GeminiParts.write(others, parts, ids, false);
    }
}

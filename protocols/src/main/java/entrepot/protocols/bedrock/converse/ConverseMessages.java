package entrepot.protocols.bedrock.converse;

import static entrepot.protocols.bedrock.converse.ConverseRequests.DIALECT;

import entrepot.conversation.Extras;
import entrepot.conversation.Message;
import entrepot.conversation.Message.Role;
import entrepot.conversation.Part;
import entrepot.protocols.json.Json;
import entrepot.protocols.json.Members;
import entrepot.protocols.json.Residue;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;

/**
 * System blocks and messages of a request.
 *
 * <p>In Converse a user's message holds the results of tools too, and users and assistants take
 * turns. The record tells results apart in messages of their own; written, what one side says in a
 * row is one message, unless it came as several: {@code role} among the extras marks that.
 */
final class ConverseMessages {

    private ConverseMessages() {}

    static List<Message> read(Members body) {
        var messages = new ArrayList<Message>();
        ArrayNode system = body.list("system");
        if (system != null) {
            if (system.isEmpty()) {
                body.keep("system", system);
            } else {
                messages.add(
                        new Message(
                                Role.SYSTEM, blocks(system, body, "system"), null, Extras.NONE));
            }
        }
        ArrayNode list = body.list("messages");
        if (list == null) {
            throw body.missing("messages");
        }
        if (list.isEmpty()) {
            throw body.wrong("messages", "expected at least one message.");
        }
        String before = "";
        for (int i = 0; i < list.size(); i++) {
            Members message = Members.strict(list.get(i), "messages[" + i + "]");
            String role = message.requiredText("role");
            ArrayNode content = message.list("content");
            if (content == null) {
                throw message.missing("content");
            }
            if (content.isEmpty()) {
                message.keep("content", content);
            }
            if (role.equals(before) || role.equals("system")) {
                message.keep("role", Json.object().stringNode(role));
            }
            before = role;
            add(role, blocks(content, message, "content"), message, messages);
        }
        return messages;
    }

    private static List<Part> blocks(ArrayNode list, Members owner, String name) {
        var parts = new ArrayList<Part>(list.size());
        for (int i = 0; i < list.size(); i++) {
            parts.add(ConverseBlocks.read(list.get(i), owner, name, i));
        }
        return parts;
    }

    private static void add(String role, List<Part> parts, Members message, List<Message> to) {
        Extras extras = message.extras(DIALECT);
        switch (role) {
            case "assistant" -> to.add(new Message(Role.ASSISTANT, parts, null, extras));
            case "system" -> to.add(new Message(Role.SYSTEM, parts, null, extras));
            case "user" -> split(parts, extras, to);
            default -> throw message.wrong("role", "expected user, assistant or system.");
        }
    }

    /** Results of tools are spoken by the tools; a cache mark belongs to what it follows. */
    private static void split(List<Part> parts, Extras extras, List<Message> to) {
        Extras form = extras;
        int from = 0;
        for (int i = 1; i < parts.size(); i++) {
            boolean same =
                    parts.get(i) instanceof Part.CachePoint
                            || isResult(parts.get(i)) == isResult(parts.get(from));
            if (!same) {
                to.add(spoken(parts.subList(from, i), form));
                form = Extras.NONE;
                from = i;
            }
        }
        to.add(spoken(parts.subList(from, parts.size()), form));
    }

    private static Message spoken(List<Part> parts, Extras extras) {
        boolean results = !parts.isEmpty() && isResult(parts.getFirst());
        return new Message(results ? Role.TOOL : Role.USER, parts, null, extras);
    }

    private static boolean isResult(Part part) {
        return part instanceof Part.ToolResult;
    }

    /** How many messages stand before the conversation and go into {@code system}. */
    static int leading(List<Message> messages) {
        int count = 0;
        while (count < messages.size() && isSystem(messages.get(count))) {
            if (Residue.of(messages.get(count).extras(), DIALECT, "role") != null) {
                break;
            }
            count++;
        }
        // Bedrock wants something said: a prompt alone is told as the user's turn.
        return count > 0 && count == messages.size() ? count - 1 : count;
    }

    static boolean isSystem(Message message) {
        return message.role() == Role.SYSTEM || message.role() == Role.DEVELOPER;
    }

    static void write(List<Message> messages, ObjectNode body) {
        int leading = leading(messages);
        ArrayNode system = Json.object().arrayNode();
        ArrayNode list = body.putArray("messages");
        for (int i = 0; i < messages.size(); i++) {
            Message message = messages.get(i);
            String path = "messages[" + i + "]";
            if (i < leading) {
                blocks(message, path, system);
                continue;
            }
            ObjectNode node = open(message, list);
            ArrayNode content = (ArrayNode) node.get("content");
            blocks(message, path, content);
            if (content.isEmpty() && Residue.of(message.extras(), DIALECT, "content") == null) {
                // Bedrock refuses a message without content: an empty turn says nothing.
                list.remove(list.size() - 1);
                continue;
            }
            Residue.fill(node, message.extras(), DIALECT);
        }
        if (!system.isEmpty()) {
            body.set("system", system);
        }
    }

    /** The message to write into: the last one, where this one goes on in the same role. */
    private static ObjectNode open(Message message, ArrayNode list) {
        String role = role(message);
        boolean apart = Residue.of(message.extras(), DIALECT, "role") != null;
        if (!apart
                && !list.isEmpty()
                && list.get(list.size() - 1) instanceof ObjectNode last
                && last.path("role").asString("").equals(role)) {
            return last;
        }
        ObjectNode node = list.addObject().put("role", role);
        node.putArray("content");
        return node;
    }

    private static String role(Message message) {
        return switch (message.role()) {
            case SYSTEM, DEVELOPER -> "system";
            case USER, TOOL -> "user";
            case ASSISTANT -> "assistant";
        };
    }

    private static void blocks(Message message, String path, ArrayNode content) {
        for (int i = 0; i < message.parts().size(); i++) {
            Part part = message.parts().get(i);
            JsonNode block =
                    fits(part, message.role())
                            ? ConverseBlocks.write(part, path + ".parts[" + i + "]")
                            : null;
            if (block != null) {
                content.add(block);
            }
        }
    }

    /** Whether Converse has a place for a part in a message of a role. */
    static boolean fits(Part part, Role role) {
        return switch (part) {
            case Part.Text _, Part.CachePoint _, Part.Unknown _ -> true;
            case Part.Refusal _, Part.Reasoning _, Part.ToolCall _ -> role == Role.ASSISTANT;
            case Part.ToolResult _ -> role == Role.TOOL || role == Role.USER;
            case Part.Image _, Part.File _, Part.Audio _ ->
                    role == Role.USER || role == Role.TOOL || role == Role.ASSISTANT;
        };
    }

    /** Extras of this dialect with one more member. */
    static Extras with(Extras extras, String name, JsonNode value) {
        var members = new LinkedHashMap<String, JsonNode>();
        if (extras.dialect().equals(DIALECT)) {
            members.putAll(extras.members());
        }
        members.put(name, value);
        return new Extras(DIALECT, members);
    }
}

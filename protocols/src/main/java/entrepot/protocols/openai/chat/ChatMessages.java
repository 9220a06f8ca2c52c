package entrepot.protocols.openai.chat;

import static entrepot.protocols.openai.chat.ChatRequests.DIALECT;

import entrepot.conversation.Extras;
import entrepot.conversation.Message;
import entrepot.conversation.Message.Role;
import entrepot.conversation.Part;
import entrepot.protocols.json.Json;
import entrepot.protocols.json.Members;
import entrepot.protocols.json.Residue;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Messages of a request, and the parts of an assistant's message on both sides.
 *
 * <p>The order of an assistant's parts in chat is fixed: reasoning, content, refusal, calls.
 */
final class ChatMessages {

    private static final Map<String, Role> ROLES =
            Map.of(
                    "system", Role.SYSTEM,
                    "developer", Role.DEVELOPER,
                    "user", Role.USER,
                    "assistant", Role.ASSISTANT,
                    "tool", Role.TOOL);

    private ChatMessages() {}

    static List<Message> read(Members body) {
        ArrayNode list = body.list("messages");
        if (list == null) {
            throw body.missing("messages");
        }
        if (list.isEmpty()) {
            throw body.wrong("messages", "expected at least one message.");
        }
        var messages = new ArrayList<Message>(list.size());
        var called = new HashMap<String, String>();
        for (int i = 0; i < list.size(); i++) {
            JsonNode node = list.get(i);
            Members message = Members.strict(node, "messages[" + i + "]");
            messages.add(
                    node.path("role").asString("").equals("function")
                            ? function(message, node, called)
                            : named(message(message), i, called));
        }
        return messages;
    }

    /** Calls of the older form have no ids: they get one that is the same whenever this is read. */
    private static Message named(Message message, int position, Map<String, String> called) {
        if (message.parts().stream().noneMatch(ChatMessages::isOlder)) {
            return message;
        }
        var parts = new ArrayList<Part>();
        for (Part part : message.parts()) {
            if (part instanceof Part.ToolCall call && isOlder(call)) {
                String id = "call_" + position;
                called.put(call.name(), id);
                parts.add(new Part.ToolCall(id, call.name(), call.arguments(), call.extras()));
            } else {
                parts.add(part);
            }
        }
        return new Message(message.role(), parts, message.name(), message.extras());
    }

    private static boolean isOlder(Part part) {
        return part instanceof Part.ToolCall call && ChatForms.isOlder(call.extras());
    }

    /** Deprecated: the result of the last call of the function that it names. */
    private static Message function(Members message, JsonNode raw, Map<String, String> called) {
        String id = called.get(raw.path("name").asString(""));
        if (id == null) {
            // Nothing to say it with.
            var whole = new Part.Unknown(DIALECT, raw);
            return new Message(Role.TOOL, List.of(whole), null, Extras.NONE);
        }
        // Its role and name stay among the extras: they are what it is written by.
        List<Part> content = ChatParts.read(message, false);
        return new Message(
                Role.TOOL,
                List.of(new Part.ToolResult(id, content, false, Extras.NONE)),
                null,
                message.extras(DIALECT));
    }

    private static Message message(Members message) {
        String word = message.requiredText("role");
        Role role = ROLES.get(word);
        if (role == null) {
            throw message.wrong(
                    "role", "expected system, developer, user, assistant, tool or function.");
        }
        String name = message.text("name");
        List<Part> parts =
                switch (role) {
                    case SYSTEM, DEVELOPER, USER -> ChatParts.read(message, true);
                    case ASSISTANT -> assistant(message);
                    case TOOL -> List.of(result(message));
                };
        return new Message(role, parts, name, message.extras(DIALECT));
    }

    private static Part result(Members message) {
        String callId = message.requiredText("tool_call_id");
        return new Part.ToolResult(callId, ChatParts.read(message, true), false, Extras.NONE);
    }

    /** The parts of an assistant's message, of a request or of an answer. */
    static List<Part> assistant(Members message) {
        var parts = new ArrayList<Part>();
        Part reasoning = reasoning(message);
        if (reasoning != null) {
            parts.add(reasoning);
        }
        parts.addAll(ChatParts.read(message, false));
        if (!message.peek("refusal").asString("").isEmpty()) {
            String refusal = message.text("refusal");
            parts.add(new Part.Refusal(refusal == null ? "" : refusal, Extras.NONE));
        }
        parts.addAll(ChatCalls.read(message));
        Part older = ChatCalls.older(message);
        if (older != null) {
            parts.add(older);
        }
        return parts;
    }

    /** DeepSeek and vLLM say reasoning_content; OpenRouter, Groq and newer vLLM say reasoning. */
    private static @Nullable Part reasoning(Members message) {
        for (String field : List.of("reasoning_content", "reasoning")) {
            JsonNode node = message.peek(field);
            if (node.isString() && !node.stringValue().isEmpty()) {
                message.take(field);
                return reasoning(field, node.stringValue());
            }
        }
        return null;
    }

    static Part.Reasoning reasoning(String field, String text) {
        Extras form =
                field.equals("reasoning_content")
                        ? Extras.NONE
                        : new Extras(DIALECT, Map.of("field", StringNode.valueOf(field)));
        return new Part.Reasoning(text, null, form);
    }

    static void write(List<Message> messages, ArrayNode list) {
        for (Message message : messages) {
            write(message, list);
        }
    }

    private static void write(Message message, ArrayNode list) {
        if (message.parts().size() == 1
                && message.parts().getFirst() instanceof Part.Unknown whole
                && whole.raw().path("role").asString("").equals("function")) {
            list.add(whole.raw());
            return;
        }
        boolean results = false;
        for (Part part : message.parts()) {
            if (part instanceof Part.ToolResult result) {
                list.add(result(result, message, !results));
                results = true;
            }
        }
        // Chat has one message per result, and nothing else in it.
        if (message.role() != Role.TOOL
                && !(results && message.parts().stream().noneMatch(ChatParts::isContent))) {
            list.add(spoken(message));
        }
    }

    private static ObjectNode result(Part.ToolResult result, Message message, boolean first) {
        Extras form = first && message.role() == Role.TOOL ? message.extras() : Extras.NONE;
        ObjectNode node = Json.object();
        if (Residue.of(form, DIALECT, "role") == null) {
            node.put("role", "tool").put("tool_call_id", result.callId());
        }
        if (message.name() != null) {
            node.put("name", message.name());
        }
        ChatParts.write(content(result.content()), node, form, true);
        Residue.fill(node, result.extras(), DIALECT);
        return Residue.fill(node, form, DIALECT);
    }

    private static ObjectNode spoken(Message message) {
        ObjectNode node = Json.object().put("role", word(message.role()));
        if (message.name() != null) {
            node.put("name", message.name());
        }
        if (message.role() == Role.ASSISTANT) {
            assistant(message.parts(), message.extras(), node);
        } else {
            ChatParts.write(content(message.parts()), node, message.extras(), true);
        }
        return Residue.fill(node, message.extras(), DIALECT);
    }

    /** Writes the parts of an assistant's message; {@code extras} only choose their form. */
    static void assistant(List<Part> parts, Extras extras, ObjectNode node) {
        var reasoning = new StringBuilder();
        var refusal = new StringBuilder();
        String field = "reasoning_content";
        for (Part part : parts) {
            if (part instanceof Part.Reasoning thought) {
                JsonNode form = Residue.of(thought.extras(), DIALECT, "field");
                field = form == null ? field : form.asString(field);
                reasoning.append(thought.text());
            } else if (part instanceof Part.Refusal said && !ChatParts.isContent(said)) {
                refusal.append(said.text());
            }
        }
        ChatParts.write(content(parts), node, extras, false);
        if (!reasoning.isEmpty()) {
            node.put(field, reasoning.toString());
        }
        if (!refusal.isEmpty()) {
            node.put("refusal", refusal.toString());
        }
        ChatCalls.write(parts, node);
    }

    private static List<Part> content(List<Part> parts) {
        return parts.stream().filter(ChatParts::isContent).toList();
    }

    private static String word(Role role) {
        return switch (role) {
            case SYSTEM -> "system";
            case DEVELOPER -> "developer";
            case USER -> "user";
            case ASSISTANT -> "assistant";
            case TOOL -> "tool";
        };
    }
}

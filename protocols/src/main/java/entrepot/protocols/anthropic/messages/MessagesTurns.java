package entrepot.protocols.anthropic.messages;

import static entrepot.protocols.anthropic.messages.MessagesRequests.DIALECT;

import entrepot.conversation.Extras;
import entrepot.conversation.Message;
import entrepot.conversation.Message.Role;
import entrepot.conversation.Part;
import entrepot.protocols.anthropic.messages.MessagesBlocks.Reader;
import entrepot.protocols.json.Json;
import entrepot.protocols.json.Members;
import entrepot.protocols.json.Residue;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.BooleanNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The system prompt and the messages of a request.
 *
 * <p>A message of the user's may hold results of tools and other blocks: it becomes several
 * canonical messages, of which the later ones are marked {@code joined}, so that they are written
 * as one again. Results in messages of their own are written as one, since Anthropic wants all of a
 * turn together (R28), unless they are marked {@code apart}. A system message among the others
 * keeps its {@code role} as a mark; those of other dialects become turns of the user's in tags, so
 * that what stands before them stays as it was (R34).
 */
final class MessagesTurns {

    static final String JOINED = "joined";
    static final String APART = "apart";
    private static final String ROLE = "role";
    private static final String SYSTEM_START = "<system>\n";
    private static final String SYSTEM_END = "\n</system>";

    private MessagesTurns() {}

    static List<Message> read(Members body) {
        var messages = new ArrayList<Message>();
        system(body, messages);
        ArrayNode list = body.list("messages");
        if (list == null) {
            throw body.missing("messages");
        }
        if (list.isEmpty()) {
            throw body.wrong("messages", "expected at least one message.");
        }
        for (int i = 0; i < list.size(); i++) {
            message(Members.strict(list.get(i), "messages[" + i + "]"), messages);
        }
        return messages;
    }

    private static void system(Members body, List<Message> messages) {
        JsonNode raw = body.peek("system");
        List<Part> parts = MessagesBlocks.read(body, "system");
        if (parts.isEmpty()) {
            return;
        }
        Extras form =
                MessagesBlocks.isListOfOneText(raw, parts)
                        ? new Extras(DIALECT, Map.of("content", Json.object().arrayNode()))
                        : Extras.NONE;
        messages.add(new Message(Role.SYSTEM, parts, null, form));
    }

    private static void message(Members message, List<Message> messages) {
        String role = message.requiredText(ROLE);
        JsonNode content = message.peek("content");
        boolean system = role.equals("system");
        if (!system && (content.isMissingNode() || content.isNull())) {
            throw message.missing("content");
        }
        List<Part> parts = MessagesBlocks.read(message, "content");
        if (MessagesBlocks.isListOfOneText(content, parts)) {
            MessagesBlocks.mark(message);
        }
        switch (role) {
            case "user" -> user(message, parts, messages);
            case "assistant" ->
                    messages.add(new Message(Role.ASSISTANT, parts, null, message.extras(DIALECT)));
            case "system" -> {
                message.keep(ROLE, StringNode.valueOf(role));
                messages.add(new Message(Role.SYSTEM, parts, null, message.extras(DIALECT)));
            }
            default -> throw message.wrong(ROLE, "expected user, assistant or system.");
        }
    }

    /** Takes a message apart into runs of tools' results and of anything else. */
    private static void user(Members message, List<Part> parts, List<Message> messages) {
        var runs = new ArrayList<List<Part>>();
        for (Part part : parts) {
            boolean goesOn =
                    !runs.isEmpty()
                            && (part instanceof Part.CachePoint
                                    || isResult(runs.getLast().getFirst()) == isResult(part));
            if (goesOn) {
                runs.getLast().add(part);
            } else {
                runs.add(new ArrayList<>(List.of(part)));
            }
        }
        if (runs.isEmpty()) {
            messages.add(new Message(Role.USER, parts, null, message.extras(DIALECT)));
            return;
        }
        boolean results = isResult(runs.getFirst().getFirst());
        if (results && !messages.isEmpty() && messages.getLast().role() == Role.TOOL) {
            message.keep(APART, BooleanNode.TRUE);
        }
        Extras extras = message.extras(DIALECT);
        for (List<Part> run : runs) {
            Role role = isResult(run.getFirst()) ? Role.TOOL : Role.USER;
            messages.add(new Message(role, run, null, extras));
            extras = new Extras(DIALECT, Map.of(JOINED, BooleanNode.TRUE));
        }
    }

    private static boolean isResult(Part part) {
        return part instanceof Part.ToolResult;
    }

    static void write(List<Message> messages, ObjectNode body) {
        int leading = leading(messages);
        system(messages.subList(0, leading), body);
        ArrayNode list = Json.object().arrayNode();
        Message before = null;
        for (Message message : messages.subList(leading, messages.size())) {
            boolean joins = before != null && joins(message, before);
            ObjectNode turn = turn(message);
            if (turn == null) {
                continue;
            }
            if (joins && !list.isEmpty() && list.get(list.size() - 1) instanceof ObjectNode last) {
                append(last, turn);
            } else {
                list.add(turn);
            }
            before = message;
        }
        body.set("messages", list);
    }

    /** How many messages make the system prompt: never all of them, since one must be left. */
    static int leading(List<Message> messages) {
        int leading = 0;
        while (leading < messages.size() - 1 && isPrompt(messages.get(leading))) {
            leading++;
        }
        return leading;
    }

    private static boolean isPrompt(Message message) {
        return isSystem(message) && !isMarked(message, ROLE);
    }

    static boolean isSystem(Message message) {
        return message.role() == Role.SYSTEM || message.role() == Role.DEVELOPER;
    }

    private static void system(List<Message> messages, ObjectNode body) {
        if (messages.isEmpty()) {
            return;
        }
        ObjectNode holder = Json.object();
        if (messages.size() == 1) {
            Message only = messages.getFirst();
            MessagesBlocks.write(only.parts(), holder, only.extras(), Reader.SUPPLIER);
        } else {
            ArrayNode blocks = holder.putArray("content");
            for (Message message : messages) {
                MessagesBlocks.write(message.parts(), blocks, Reader.SUPPLIER);
            }
        }
        JsonNode content = holder.path("content");
        if (!content.isMissingNode() && !(content.isArray() && content.isEmpty())) {
            body.set("system", content);
        }
    }

    private static boolean joins(Message message, Message before) {
        return isMarked(message, JOINED)
                || (message.role() == Role.TOOL
                        && before.role() == Role.TOOL
                        && !isMarked(message, APART));
    }

    static boolean isMarked(Message message, String mark) {
        return Residue.of(message.extras(), DIALECT, mark) != null;
    }

    private static void append(ObjectNode last, ObjectNode turn) {
        ArrayNode all = Json.object().arrayNode();
        for (ObjectNode each : List.of(last, turn)) {
            JsonNode content = each.path("content");
            if (content.isString()) {
                all.addObject().put("type", "text").put("text", content.stringValue());
            } else {
                content.forEach(all::add);
            }
        }
        last.set("content", all);
    }

    /** Null when nothing of a message can be said: Anthropic takes no empty one. */
    private static @Nullable ObjectNode turn(Message message) {
        ObjectNode node = Json.object();
        Extras form = message.extras();
        List<Part> parts = message.parts();
        switch (message.role()) {
            case ASSISTANT -> node.put(ROLE, "assistant");
            case USER, TOOL -> node.put(ROLE, "user");
            case SYSTEM, DEVELOPER -> {
                boolean ours = isMarked(message, ROLE);
                node.put(ROLE, ours ? "system" : "user");
                parts = ours ? parts : tagged(parts);
            }
        }
        MessagesBlocks.write(parts, node, form, Reader.SUPPLIER);
        Residue.fill(node, without(form), DIALECT);
        return node.size() == 1 ? null : node;
    }

    private static List<Part> tagged(List<Part> parts) {
        return parts.stream()
                .map(part ->
                        part instanceof Part.Text text && !text.text().isEmpty()
                                ? new Part.Text(
                                        SYSTEM_START + text.text() + SYSTEM_END, Extras.NONE)
                                : part)
                .toList();
    }

    private static Extras without(Extras extras) {
        if (!extras.members().containsKey(JOINED) && !extras.members().containsKey(APART)) {
            return extras;
        }
        var members = new LinkedHashMap<>(extras.members());
        members.remove(JOINED);
        members.remove(APART);
        return new Extras(extras.dialect(), members);
    }
}

package entrepot.protocols.openai.responses;

import entrepot.conversation.Event;
import entrepot.conversation.EventSink;
import entrepot.conversation.Extras;
import entrepot.conversation.Part;
import entrepot.protocols.json.Json;
import entrepot.protocols.openai.CustomTools;
import entrepot.protocols.openai.responses.items.Form;
import entrepot.protocols.openai.responses.items.ItemReader;
import entrepot.protocols.openai.responses.items.ToolNames;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** One item on its way: what was announced, its texts or its arguments so far. */
final class StreamedItem {

    private final EventSink sink;
    private final Map<Place, Slot> slots = new LinkedHashMap<>();
    private final Set<Integer> thoughts = new HashSet<>();
    private final StringBuilder arguments = new StringBuilder();
    private ObjectNode announced = Json.object();
    private String thoughtName = "";
    private boolean custom;
    private int callIndex = -1;
    private String callId = "";
    private String callName = "";
    private boolean done;

    StreamedItem(EventSink sink) {
        this.sink = sink;
    }

    /** Tells a writer of this dialect that what follows is the thought itself, no summary. */
    static ObjectNode thinkingAloud() {
        ObjectNode event = Json.object().put("type", "response.content_part.added");
        event.putObject("part").put("type", "reasoning_text").put("text", "");
        return event;
    }

    void announce(ObjectNode item) {
        announced = item;
    }

    boolean isDone() {
        return done;
    }

    boolean isCall() {
        return isCall(announced);
    }

    private static boolean isCall(JsonNode item) {
        String type = item.path("type").asString("");
        return type.equals("function_call") || type.equals("custom_tool_call");
    }

    Slot slot(int contentIndex, Slot.Kind kind) {
        return slots.computeIfAbsent(new Place(contentIndex, kind), _ -> new Slot(kind));
    }

    /** One place holds one kind of text, unless a server is confused. */
    private record Place(int contentIndex, Slot.Kind kind) {}

    private static Slot.@Nullable Kind kind(Part part) {
        return switch (part) {
            case Part.Text _ -> Slot.Kind.TEXT;
            case Part.Refusal _ -> Slot.Kind.REFUSAL;
            case Part.Reasoning _ -> Slot.Kind.REASONING;
            case Part.Image _,
                    Part.File _,
                    Part.Audio _,
                    Part.ToolCall _,
                    Part.ToolResult _,
                    Part.CachePoint _,
                    Part.Unknown _ ->
                    null;
        };
    }

    /** The one slot of a piece of reasoning; null for the telling that came second. */
    @Nullable Slot thought(String name) {
        if (thoughtName.isEmpty()) {
            thoughtName = name;
        }
        return thoughtName.equals(name) ? slot(0, Slot.Kind.REASONING) : null;
    }

    /** Several pieces of a summary are one text, with a blank line between. */
    void thoughtTold(Slot slot, int index, StreamedItems items, boolean whole, String text)
            throws InterruptedException {
        if (whole && thoughts.contains(index)) {
            // Told piece by piece before.
            return;
        }
        boolean another = !thoughts.isEmpty() && !thoughts.contains(index);
        thoughts.add(index);
        if (another && !text.isEmpty()) {
            items.tell(this, slot, "\n\n", false);
        }
        items.tell(this, slot, text, false);
    }

    /** Begins a call as soon as its name is known. */
    void call(StreamedItems items) throws InterruptedException {
        String name = announced.path("name").asString("");
        if (callIndex >= 0 || name.isEmpty()) {
            return;
        }
        custom |= announced.path("type").asString("").equals("custom_tool_call");
        callIndex = items.openCall();
        JsonNode namespace = announced.path("namespace");
        callName = ToolNames.flat(namespace.isString() ? namespace.stringValue() : null, name);
        String id = announced.path("call_id").asString("");
        callId = id.isEmpty() ? announced.path("id").asString("") : id;
        sink.accept(new Event.ToolCallStarted(callIndex, callId, callName));
        String given = announced.path(custom ? "input" : "arguments").asString("");
        if (arguments.isEmpty() && !given.isEmpty()) {
            arguments.append(given);
        }
        if (!arguments.isEmpty()) {
            String early = arguments.toString();
            arguments.setLength(0);
            piece(early);
        }
    }

    void arguments(StreamedItems items, String text, boolean whole, boolean customInput)
            throws InterruptedException {
        custom |= customInput;
        call(items);
        String piece = text;
        if (whole) {
            boolean goesOn = text.startsWith(arguments.toString());
            piece = goesOn ? text.substring(arguments.length()) : "";
        }
        if (!piece.isEmpty()) {
            if (callIndex >= 0) {
                piece(piece);
            } else {
                arguments.append(piece);
            }
        }
    }

    /** The text of a custom tool is told as the one argument of a function. */
    private void piece(String piece) throws InterruptedException {
        String opening = custom && arguments.isEmpty() ? CustomTools.argumentsOpening() : "";
        arguments.append(piece);
        String fragment = custom ? opening + CustomTools.escaped(piece) : piece;
        sink.accept(new Event.ToolCallDelta(callIndex, fragment));
    }

    /** Ends the texts that are open, with what came of them so far. */
    void closeOpen(List<Part> finished) throws InterruptedException {
        boolean first = true;
        for (Slot slot : slots.values()) {
            if (slot.isOpen()) {
                close(slot, told(slot, first), finished);
            }
            first = false;
        }
    }

    private Part told(Slot slot, boolean first) {
        Extras extras = first && slot.isOnePart() ? begun() : Extras.NONE;
        return switch (slot.kind()) {
            case TEXT -> new Part.Text(slot.partText(), slot.tokens(), extras);
            case REFUSAL -> new Part.Refusal(slot.partText(), extras);
            case REASONING -> new Part.Reasoning(slot.partText(), null, Extras.NONE);
        };
    }

    private Extras begun() {
        JsonNode id = announced.path("id");
        return Form.begin(Extras.NONE, id.isString() ? Map.of("id", id) : Map.of(), Json.object());
    }

    private void close(Slot slot, Part part, List<Part> finished) throws InterruptedException {
        int index = slot.index();
        slot.close();
        finished.add(part);
        sink.accept(new Event.PartFinished(index, part));
    }

    /** Ends the item as its last form says. */
    void finish(ObjectNode raw, StreamedItems items, List<Part> finished)
            throws InterruptedException {
        done = true;
        if (isCall(raw)) {
            announced = raw;
            call(items);
        }
        List<Part> parts = ItemReader.parts(raw);
        for (int i = 0; i < parts.size(); i++) {
            finish(parts.get(i), i, items, finished);
        }
        // A server may leave out of the item what it told before.
        closeOpen(finished);
        endCall(finished);
    }

    /** Ends a call that is still open with what came of it. */
    private void endCall(List<Part> finished) throws InterruptedException {
        if (callIndex >= 0) {
            String text = arguments.toString();
            String whole = custom ? CustomTools.arguments(text) : text;
            finish(new Part.ToolCall(callId, callName, whole, Extras.NONE), finished);
        }
    }

    private void finish(Part part, int position, StreamedItems items, List<Part> finished)
            throws InterruptedException {
        if (part instanceof Part.ToolCall call && callIndex >= 0) {
            finish(call, finished);
            return;
        }
        Slot.Kind kind = kind(part);
        Slot slot = kind == null ? null : slots.get(new Place(position, kind));
        boolean unsaid = slot == null || slot.isNew();
        if (part instanceof Part.Text text && text.text().isEmpty()) {
            // An item without content; or one that does not repeat what was said.
            Extras item = Form.ofItem(text.extras());
            if (unsaid && !Form.has(item, Form.EMPTY_LIST) && !Form.has(item, Form.EMPTY_TEXT)) {
                items.whole(part);
            }
            return;
        }
        if (slot == null || unsaid) {
            items.whole(part);
        } else if (slot.isOpen() && slot.isOnePart()) {
            close(slot, repeated(part, slot), finished);
        } else {
            rest(slot, part, items, finished);
        }
    }

    private static Part repeated(Part part, Slot slot) {
        return part instanceof Part.Reasoning thought && thought.text().isEmpty()
                ? new Part.Reasoning(slot.partText(), thought.signature(), thought.extras())
                : part;
    }

    /** The text was told in several parts: what is left of it is one more. */
    private void rest(Slot slot, Part part, StreamedItems items, List<Part> finished)
            throws InterruptedException {
        String whole =
                switch (part) {
                    case Part.Text text -> text.text();
                    case Part.Refusal refusal -> refusal.text();
                    case Part.Reasoning reasoning -> reasoning.text();
                    case Part.Image _,
                            Part.File _,
                            Part.Audio _,
                            Part.ToolCall _,
                            Part.ToolResult _,
                            Part.CachePoint _,
                            Part.Unknown _ ->
                            "";
                };
        items.tell(this, slot, whole, true);
        if (part instanceof Part.Reasoning reasoning && reasoning.signature() != null) {
            closeOpen(finished);
            items.whole(new Part.Reasoning("", reasoning.signature(), Extras.NONE));
        }
    }

    private void finish(Part.ToolCall call, List<Part> finished) throws InterruptedException {
        String whole = custom ? CustomTools.input(call.arguments()) : call.arguments();
        String told = arguments.toString();
        if (whole.startsWith(told) && whole.length() > told.length()) {
            piece(whole.substring(told.length()));
        }
        if (custom) {
            String opening = arguments.isEmpty() ? CustomTools.argumentsOpening() : "";
            sink.accept(
                    new Event.ToolCallDelta(callIndex, opening + CustomTools.argumentsClosing()));
        } else if (arguments.isEmpty()) {
            // No arguments at all are the empty object.
            piece("{}");
        }
        boolean unsaid = !custom && call.arguments().isEmpty();
        Part part =
                unsaid
                        ? new Part.ToolCall(
                                call.callId(), call.name(), arguments.toString(), call.extras())
                        : call;
        finished.add(part);
        sink.accept(new Event.PartFinished(callIndex, part));
        callIndex = -1;
    }

    /** Ends an item whose end never came. */
    void abandon(StreamedItems items, List<Part> finished) throws InterruptedException {
        done = true;
        closeOpen(finished);
        if (isCall() || !arguments.isEmpty()) {
            ObjectNode call = announced.deepCopy();
            if (!call.has("type")) {
                call.put("type", custom ? "custom_tool_call" : "function_call");
            }
            call.put(custom ? "input" : "arguments", arguments.toString());
            call.remove("status");
            finish(call, items, finished);
        }
    }
}

package entrepot.protocols.openai.chat;

import entrepot.conversation.Event;
import entrepot.conversation.EventSink;
import entrepot.conversation.Extras;
import entrepot.conversation.Failed;
import entrepot.conversation.Failure.Cause;
import entrepot.conversation.Part;
import entrepot.protocols.json.Json;
import entrepot.protocols.openai.CustomTools;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntSupplier;

/**
 * Keeps the tool calls of one answer apart.
 *
 * <p>OpenAI tells calls apart by {@code index} and gives the id once. Others put all on index 0
 * with different ids (R19), repeat the id or the name in each piece, leave out the index or the id,
 * or send a call in one piece (R18).
 */
final class ChatStreamCalls {

    private final EventSink sink;
    private final IntSupplier nextPart;
    private final List<Call> calls = new ArrayList<>();
    private String answerId = "";

    ChatStreamCalls(EventSink sink, IntSupplier nextPart) {
        this.sink = sink;
        this.nextPart = nextPart;
    }

    void answerId(String id) {
        answerId = id;
    }

    boolean any() {
        return !calls.isEmpty();
    }

    /** Reads one element of {@code tool_calls}. */
    void read(ObjectNode node) throws InterruptedException {
        String id = node.path("id").asString("");
        boolean custom = ChatCalls.isCall(node);
        JsonNode function = node.path(custom ? ChatForms.CUSTOM : "function");
        String name = function.path("name").asString("");
        JsonNode arguments = function.path(custom ? "input" : "arguments");
        String fragment =
                arguments.isString()
                        ? arguments.stringValue()
                        : arguments.isObject() ? arguments.toString() : "";
        int position = node.path("index").asInt(-1);
        Call call = find(position, id, name);
        if (call == null) {
            if (name.isEmpty() && id.isEmpty() && fragment.isEmpty()) {
                return;
            }
            call = new Call(position, id, custom);
            calls.add(call);
        }
        call.add(id, name, custom ? CustomTools.escaped(fragment) : fragment);
    }

    /** The call that a piece goes on with; null when it begins another. */
    private @Nullable Call find(int position, String id, String name) {
        for (Call call : calls.reversed()) {
            if (position >= 0 && call.position >= 0 && position != call.position) {
                continue;
            }
            if (!id.isEmpty() && id.equals(call.id)) {
                return call;
            }
            boolean another = !id.isEmpty() && (!call.id.isEmpty() || !name.isEmpty());
            boolean complete = id.isEmpty() && !name.isEmpty() && call.isComplete();
            if (!another && !complete) {
                return call;
            }
        }
        return null;
    }

    void close() throws InterruptedException {
        for (Call call : calls) {
            call.close();
        }
    }

    private final class Call {

        private final int position;
        private final boolean custom;
        private final StringBuilder arguments = new StringBuilder();
        private String id;
        private String name = "";
        private int index = -1;

        /**
         * @param custom whether it calls a custom tool, whose text is told as the one argument of a
         *     function
         */
        Call(int position, String id, boolean custom) {
            this.position = position;
            this.id = id;
            this.custom = custom;
            if (custom) {
                arguments.append(CustomTools.argumentsOpening());
            }
        }

        void add(String givenId, String givenName, String fragment) throws InterruptedException {
            if (index < 0) {
                id = id.isEmpty() ? givenId : id;
                name = name.isEmpty() ? givenName : name;
                if (!name.isEmpty()) {
                    start();
                }
            }
            if (!fragment.isEmpty()) {
                arguments.append(fragment);
                if (index >= 0) {
                    sink.accept(new Event.ToolCallDelta(index, fragment));
                }
            }
        }

        private void start() throws InterruptedException {
            index = nextPart.getAsInt();
            if (id.isEmpty()) {
                // Results must name their call: an id that is the same whenever this is read.
                id = "call_" + answerId + "_" + calls.indexOf(this);
            }
            sink.accept(new Event.ToolCallStarted(index, id, name));
            if (!arguments.isEmpty()) {
                sink.accept(new Event.ToolCallDelta(index, arguments.toString()));
            }
        }

        void close() throws InterruptedException {
            if (index < 0) {
                start();
            }
            String end = custom ? CustomTools.argumentsClosing() : arguments.isEmpty() ? "{}" : "";
            if (!end.isEmpty()) {
                // No arguments at all are the empty object.
                arguments.append(end);
                sink.accept(new Event.ToolCallDelta(index, end));
            }
            Extras form = custom ? ChatForms.customCall() : Extras.NONE;
            var call = new Part.ToolCall(id, name, arguments.toString(), form);
            sink.accept(new Event.PartFinished(index, call));
        }

        boolean isComplete() {
            if (custom || arguments.isEmpty() || arguments.charAt(arguments.length() - 1) != '}') {
                return false;
            }
            try {
                return Json.read(arguments.toString(), Cause.SUPPLIER_FAILED).isObject();
            } catch (Failed notYet) {
                return false;
            }
        }
    }
}

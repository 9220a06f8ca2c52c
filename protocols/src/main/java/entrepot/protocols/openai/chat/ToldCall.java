package entrepot.protocols.openai.chat;

import entrepot.protocols.json.Json;
import entrepot.protocols.openai.CustomTools;
import entrepot.protocols.openai.InputText;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.node.ObjectNode;

/**
 * A call on its way to a caller in a stream, in the form in which it named the tool. Each method
 * gives a {@code delta}, or null when there is nothing to tell.
 */
final class ToldCall {

    private final int position;
    private final Form form;
    private final InputText input = new InputText();
    private int told;

    private enum Form {
        TOOL,
        CUSTOM,
        FUNCTION,
        /** A second call, where there is place for one. */
        UNTOLD
    }

    /**
     * @param position among the calls of the answer
     */
    ToldCall(int position, String name, ChatForms forms) {
        this.position = position;
        if (forms.functions()) {
            form = position == 0 ? Form.FUNCTION : Form.UNTOLD;
        } else {
            form = forms.custom().contains(name) ? Form.CUSTOM : Form.TOOL;
        }
    }

    @Nullable ObjectNode begin(String callId, String name) {
        ObjectNode delta = Json.object();
        return switch (form) {
            case UNTOLD -> null;
            case FUNCTION -> {
                delta.putObject(ChatForms.FUNCTION_CALL).put("name", name).put("arguments", "");
                yield delta;
            }
            case CUSTOM -> {
                ObjectNode call = call(delta).put("id", callId).put("type", ChatForms.CUSTOM);
                call.putObject(ChatForms.CUSTOM).put("name", name).put("input", "");
                yield delta;
            }
            case TOOL -> {
                ObjectNode call = call(delta).put("id", callId).put("type", "function");
                call.putObject("function").put("name", name).put("arguments", "");
                yield delta;
            }
        };
    }

    @Nullable ObjectNode piece(String fragment) {
        return tell(form == Form.CUSTOM ? input.push(fragment) : fragment);
    }

    /** What has not been told yet; a stream cannot take back what it told. */
    @Nullable ObjectNode rest(String arguments) {
        String whole = form == Form.CUSTOM ? CustomTools.input(arguments) : arguments;
        return tell(told >= whole.length() ? "" : whole.substring(told));
    }

    private @Nullable ObjectNode tell(String piece) {
        if (piece.isEmpty() || form == Form.UNTOLD) {
            return null;
        }
        told += piece.length();
        ObjectNode delta = Json.object();
        switch (form) {
            case FUNCTION -> delta.putObject(ChatForms.FUNCTION_CALL).put("arguments", piece);
            case CUSTOM -> call(delta).putObject(ChatForms.CUSTOM).put("input", piece);
            case TOOL, UNTOLD -> call(delta).putObject("function").put("arguments", piece);
        }
        return delta;
    }

    private ObjectNode call(ObjectNode delta) {
        return delta.putArray("tool_calls").addObject().put("index", position);
    }
}

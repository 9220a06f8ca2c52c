package entrepot.testkit;

import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;

/** Answers in the shape of Chat Completions, as a supplier of that dialect sends them. */
public final class ChatScripts {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private ChatScripts() {}

    /** A whole answer of one text. */
    public static Script answer(String text, int promptTokens, int completionTokens) {
        var body = chunk("chat.completion");
        var choice = body.putArray("choices").addObject().put("index", 0);
        choice.putObject("message").put("role", "assistant").put("content", text);
        choice.put("finish_reason", "stop");
        usage(body, promptTokens, completionTokens);
        return Script.json(200, body.toString());
    }

    /** The pieces of a text as a stream that ends with its usage and {@code [DONE]}. */
    public static Script stream(int promptTokens, int completionTokens, String... pieces) {
        var events = new ArrayList<String>();
        events.add(delta(JSON.objectNode().put("role", "assistant").put("content", ""), null));
        for (var piece : pieces) {
            events.add(delta(JSON.objectNode().put("content", piece), null));
        }
        events.add(delta(JSON.objectNode(), "stop"));
        var last = chunk("chat.completion.chunk");
        last.putArray("choices");
        usage(last, promptTokens, completionTokens);
        events.add(last.toString());
        events.add("[DONE]");
        return Script.events(events.toArray(String[]::new));
    }

    /** A whole answer that asks for one function. */
    public static Script toolCall(String callId, String name, String arguments) {
        var body = chunk("chat.completion");
        var choice = body.putArray("choices").addObject().put("index", 0);
        var message = choice.putObject("message").put("role", "assistant").putNull("content");
        var call = message.putArray("tool_calls").addObject().put("id", callId);
        call.put("type", "function");
        call.putObject("function").put("name", name).put("arguments", arguments);
        choice.put("finish_reason", "tool_calls");
        usage(body, 10, 5);
        return Script.json(200, body.toString());
    }

    /** An error in OpenAI's shape. */
    public static Script error(int status, String type, String code, String message) {
        var body = JSON.objectNode();
        body.putObject("error")
                .put("message", message)
                .put("type", type)
                .putNull("param")
                .put("code", code);
        return Script.json(status, body.toString());
    }

    private static String delta(ObjectNode delta, @org.jspecify.annotations.Nullable String end) {
        var body = chunk("chat.completion.chunk");
        var choice = body.putArray("choices").addObject().put("index", 0);
        choice.set("delta", delta);
        choice.put("finish_reason", end);
        return body.toString();
    }

    private static ObjectNode chunk(String object) {
        return JSON.objectNode()
                .put("id", "chatcmpl-scripted")
                .put("object", object)
                .put("created", 1_775_000_000)
                .put("model", "scripted");
    }

    private static void usage(ObjectNode body, int promptTokens, int completionTokens) {
        body.putObject("usage")
                .put("prompt_tokens", promptTokens)
                .put("completion_tokens", completionTokens)
                .put("total_tokens", promptTokens + completionTokens);
    }
}

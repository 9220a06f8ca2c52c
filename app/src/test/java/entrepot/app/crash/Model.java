package entrepot.app.crash;

import entrepot.testkit.Script;
import entrepot.testkit.ScriptedSupplier;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.List;

/**
 * A model whose answer depends on nothing but the history: first it uses tools, then it writes a
 * text in pieces with pauses between them. Whoever is offered {@code charge} is asked to charge;
 * everyone else reads files.
 */
final class Model {

    private static final JsonMapper JSON = new JsonMapper();
    private static final int PIECES = 8;
    private static final int PAUSE_MILLIS = 12;

    private Model() {}

    static Script answer(ScriptedSupplier.Received request) {
        JsonNode body = JSON.readTree(request.body());
        String job = job(body.path("messages"));
        int results = results(body.path("messages"));
        boolean charges = offered(body.path("tools"), "charge");
        if (charges && results == 0) {
            return calls(List.of(call(job, 1, "charge", "{\"cents\":5}")));
        }
        if (!charges && results == 0) {
            return calls(List.of(call(job, 1, "list_files", "{}")));
        }
        if (!charges && results == 1) {
            return calls(
                    List.of(
                            call(job, 2, "read_file", "{\"path\":\"a.txt\"}"),
                            call(job, 3, "read_file", "{\"path\":\"b.txt\"}")));
        }
        return text(job);
    }

    /** What the last user message asks for, such as {@code job-17-2}. */
    private static String job(JsonNode messages) {
        String job = "none";
        for (JsonNode message : messages) {
            if (message.path("role").asString().equals("user")) {
                JsonNode content = message.path("content");
                job =
                        content.isString()
                                ? content.asString()
                                : content.path(0).path("text").asString();
            }
        }
        return job;
    }

    private static int results(JsonNode messages) {
        int results = 0;
        for (JsonNode message : messages) {
            String role = message.path("role").asString();
            if (role.equals("user")) {
                results = 0;
            } else if (role.equals("tool")) {
                results++;
            }
        }
        return results;
    }

    private static boolean offered(JsonNode tools, String name) {
        for (JsonNode tool : tools) {
            if (tool.path("function").path("name").asString().equals(name)) {
                return true;
            }
        }
        return false;
    }

    private static ObjectNode call(String job, int number, String name, String arguments) {
        ObjectNode call = JSON.createObjectNode();
        call.put("index", number == 3 ? 1 : 0).put("id", "call-" + job + "-" + number);
        call.put("type", "function");
        call.putObject("function").put("name", name).put("arguments", arguments);
        return call;
    }

    private static Script calls(List<ObjectNode> calls) {
        ObjectNode delta = JSON.createObjectNode().put("role", "assistant");
        ArrayNode array = delta.putArray("tool_calls");
        calls.forEach(array::add);
        return Script.stream()
                .pause(PAUSE_MILLIS)
                .send(chunk(delta, null))
                .send(chunk(JSON.createObjectNode(), "tool_calls"))
                .send(end());
    }

    private static Script text(String job) {
        Script script = Script.stream();
        var words = new ArrayList<String>(List.of("Done with " + job + ":"));
        for (int i = 0; i < PIECES; i++) {
            words.add(" piece " + i);
        }
        for (String piece : words) {
            script = script.send(chunk(JSON.createObjectNode().put("content", piece), null));
            script = script.pause(PAUSE_MILLIS);
        }
        return script.send(chunk(JSON.createObjectNode(), "stop")).send(end());
    }

    private static String chunk(
            ObjectNode delta, @org.jspecify.annotations.Nullable String finish) {
        ObjectNode body = head();
        ObjectNode choice = body.putArray("choices").addObject().put("index", 0);
        choice.set("delta", delta);
        choice.put("finish_reason", finish);
        return "data: " + body + "\n\n";
    }

    private static String end() {
        ObjectNode body = head();
        body.putArray("choices");
        body.putObject("usage")
                .put("prompt_tokens", 20)
                .put("completion_tokens", 10)
                .put("total_tokens", 30);
        return "data: " + body + "\n\ndata: [DONE]\n\n";
    }

    private static ObjectNode head() {
        return JSON.createObjectNode()
                .put("id", "chatcmpl-crash")
                .put("object", "chat.completion.chunk")
                .put("created", 1)
                .put("model", "crash");
    }
}

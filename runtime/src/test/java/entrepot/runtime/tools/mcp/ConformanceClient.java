package entrepot.runtime.tools.mcp;

import entrepot.conversation.Failure;
import entrepot.protocols.json.Json;
import entrepot.protocols.mcp.McpTool;
import entrepot.runtime.outside.Outside;
import entrepot.runtime.outside.Reach;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.net.URI;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Our client as the conformance suite runs it: with the address of its server, and in {@code
 * MCP_CONFORMANCE_PROTOCOL_VERSION} the revision to speak. Lists the tools and calls each, with
 * arguments made from its schema unless {@code MCP_CONFORMANCE_CONTEXT} says which.
 */
public final class ConformanceClient {

    private ConformanceClient() {}

    /** Accepts what is elicited, with the defaults of the form. */
    private static final class Accepting implements Inputs {

        @Override
        public ObjectNode capabilities() {
            ObjectNode capabilities = Json.object();
            capabilities.putObject("elicitation").putObject("form").put("applyDefaults", true);
            return capabilities;
        }

        @Override
        public Optional<ObjectNode> answer(String method, ObjectNode params) {
            if (!method.equals("elicitation/create")) {
                return Optional.empty();
            }
            ObjectNode answer = Json.object().put("action", "accept");
            ObjectNode content = answer.putObject("content");
            JsonNode form = params.path("requestedSchema");
            for (Map.Entry<String, JsonNode> field : form.path("properties").properties()) {
                content.set(
                        field.getKey(),
                        field.getValue().has("default")
                                ? field.getValue().get("default")
                                : made(field.getValue()));
            }
            return Optional.of(answer);
        }
    }

    /** A value that a schema allows, as far as a simple one says. */
    private static JsonNode made(JsonNode schema) {
        ObjectNode at = Json.object();
        switch (schema.path("type").asString("string")) {
            case "number", "integer" -> at.put("value", 5);
            case "boolean" -> at.put("value", true);
            case "array" -> at.putArray("value");
            case "object" -> at.set("value", arguments(schema));
            default -> at.put("value", schema.path("enum").path(0).asString("words"));
        }
        return at.get("value");
    }

    private static ObjectNode arguments(JsonNode schema) {
        ObjectNode arguments = Json.object();
        schema.path("properties")
                .forEachEntry((name, property) -> arguments.set(name, made(property)));
        return arguments;
    }

    public static void main(String[] args) throws Exception {
        String url = args[args.length - 1];
        String version = System.getenv("MCP_CONFORMANCE_PROTOCOL_VERSION");
        try (Outside outside = new Outside(new Reach(List.of("localhost", "127.0.0.1")));
                McpClient client =
                        new McpClient(
                                new HttpWire(
                                        outside,
                                        URI.create(url),
                                        Map.of(),
                                        Bearers.NONE,
                                        McpSettings.DEFAULT.answerBytesMax()),
                                McpSettings.DEFAULT,
                                Clock.systemUTC(),
                                new Accepting(),
                                version)) {
            List<McpTool> tools = client.tools();
            JsonNode asked = asked();
            List<Thread> calls = new ArrayList<>();
            if (asked.isEmpty()) {
                for (McpTool tool : tools) {
                    calls.add(call(client, tool.name(), arguments(tool.inputSchema())));
                }
            }
            for (JsonNode each : asked) {
                calls.add(
                        call(
                                client,
                                each.path("name").asString(""),
                                (ObjectNode) each.path("arguments")));
            }
            for (Thread each : calls) {
                each.join();
            }
        }
    }

    private static JsonNode asked() {
        String context = System.getenv("MCP_CONFORMANCE_CONTEXT");
        return context == null
                ? Json.object().arrayNode()
                : Json.read(context, Failure.Cause.INVALID_REQUEST).path("toolCalls");
    }

    /** Calls go on beside each other, so that one's input is never taken for another's. */
    private static Thread call(McpClient client, String name, ObjectNode arguments) {
        return Thread.ofVirtual()
                .start(() -> {
                    try {
                        System.out.println(name + ": " + client.call(name, arguments, Map.of()));
                    } catch (WireFailed | McpRefused | InterruptedException e) {
                        System.out.println(name + ": " + e);
                    }
                });
    }
}

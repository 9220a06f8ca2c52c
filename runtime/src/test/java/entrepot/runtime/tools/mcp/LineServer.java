package entrepot.runtime.tools.mcp;

import entrepot.conversation.Failure.Cause;
import entrepot.protocols.json.Json;
import entrepot.protocols.mcp.McpContent;
import entrepot.protocols.mcp.McpError;
import entrepot.protocols.mcp.McpMessage;
import entrepot.protocols.mcp.McpVersions;

import tools.jackson.databind.node.ObjectNode;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** An MCP server of the older revision over its standard input and output. */
public final class LineServer {

    private LineServer() {}

    public static void main(String[] args) throws IOException {
        System.out.println("a note for people, which is no message");
        BufferedReader in =
                new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            if (McpMessage.read(line.getBytes(StandardCharsets.UTF_8), Cause.INTERNAL)
                    instanceof McpMessage.Request request) {
                System.out.write(answer(request).write());
                System.out.println();
                System.out.flush();
            }
        }
    }

    private static McpMessage answer(McpMessage.Request request) {
        return switch (request.method()) {
            case "initialize" -> {
                ObjectNode result = Json.object().put("protocolVersion", McpVersions.LEGACY);
                result.putObject("capabilities");
                yield new McpMessage.Result(request.id(), result);
            }
            case "tools/list" -> {
                ObjectNode result = Json.object();
                result.putArray("tools").addObject().put("name", "env");
                yield new McpMessage.Result(request.id(), result);
            }
            case "tools/call" -> {
                if (request.params().path("name").asString("").equals("end")) {
                    System.exit(3);
                }
                String text = System.getenv() + " " + Path.of("").toAbsolutePath();
                yield new McpMessage.Result(request.id(), McpContent.result(text, false));
            }
            default ->
                    new McpMessage.Problem(
                            request.id(), McpError.of(McpError.METHOD_NOT_FOUND, "no"));
        };
    }
}

package entrepot.runtime.tools.mcp;

import entrepot.conversation.Extras;
import entrepot.conversation.Failed;
import entrepot.conversation.Failure;
import entrepot.conversation.Part;
import entrepot.conversation.Tool;
import entrepot.protocols.json.Json;
import entrepot.protocols.mcp.McpContent;
import entrepot.protocols.mcp.McpError;
import entrepot.protocols.mcp.McpTool;
import entrepot.runtime.agents.AgentSnapshot.ToolSpec;
import entrepot.runtime.tools.ToolServer;
import entrepot.runtime.tools.ToolServerUnavailable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** One MCP server, for one agent's tool. */
final class McpServer implements ToolServer {

    /** Names the call, so that a server which understands it does nothing twice. */
    static final String KEY = "entrepot/idempotencyKey";

    private final ToolSpec.Server spec;
    private final Source source;

    /** Where the connection is got. */
    @FunctionalInterface
    interface Source {
        McpClient client() throws ToolServerUnavailable, InterruptedException;
    }

    McpServer(ToolSpec.Server spec, Source source) {
        this.spec = spec;
        this.source = source;
    }

    @Override
    public List<Offer> offers() throws ToolServerUnavailable, InterruptedException {
        try {
            List<Offer> offers = new ArrayList<>();
            for (McpTool tool : source.client().tools()) {
                offers.add(
                        new Offer(
                                new Tool.Function(
                                        tool.name(),
                                        tool.description(),
                                        tool.inputSchema(),
                                        null,
                                        Extras.NONE),
                                effect(tool)));
            }
            return offers;
        } catch (WireFailed e) {
            throw new ToolServerUnavailable(e.getMessage());
        } catch (McpRefused e) {
            throw new ToolServerUnavailable("It refused to list its tools: " + e.getMessage());
        }
    }

    /** What the server says of a tool is believed in this only: whether it may run again. */
    private static Effect effect(McpTool tool) {
        if (tool.readOnly()) {
            return Effect.READ;
        }
        return tool.idempotent() ? Effect.KEYED : Effect.ONCE;
    }

    @Override
    public Result use(Use use) throws InterruptedException {
        try {
            ObjectNode arguments = arguments(use.arguments());
            Map<String, JsonNode> meta = new HashMap<>(spec.requestMetadata());
            meta.put(KEY, StringNode.valueOf(use.key()));
            return result(call(use, arguments, meta));
        } catch (Failed e) {
            return Result.failure("The arguments are no JSON object: " + e.failure().message());
        } catch (ToolServerUnavailable e) {
            return Result.failure(spec.label() + " cannot be used now. " + e.getMessage());
        } catch (WireFailed e) {
            return Result.failure(
                    e.getMessage()
                            + (e.taken()
                                    ? " Whether the tool took effect is not known."
                                    : " The tool did not run."));
        } catch (McpRefused e) {
            return Result.failure(spec.label() + " refused the call: " + words(e.error()));
        }
    }

    /** Sends a call once more when it surely did not arrive, or may run again. */
    private ObjectNode call(Use use, ObjectNode arguments, Map<String, JsonNode> meta)
            throws WireFailed, McpRefused, ToolServerUnavailable, InterruptedException {
        try {
            return source.client().call(use.name(), arguments, meta);
        } catch (WireFailed e) {
            if (e.taken() && !mayRunAgain(use.name())) {
                throw e;
            }
            return source.client().call(use.name(), arguments, meta);
        }
    }

    private boolean mayRunAgain(String name)
            throws WireFailed, McpRefused, ToolServerUnavailable, InterruptedException {
        return source.client().tools().stream()
                .anyMatch(tool -> tool.name().equals(name) && effect(tool) != Effect.ONCE);
    }

    private static String words(McpError error) {
        return error.message() + " (" + error.code() + ")";
    }

    private static ObjectNode arguments(String text) {
        if (text.isBlank()) {
            return Json.object();
        }
        JsonNode json = Json.read(text, Failure.Cause.INVALID_REQUEST);
        if (json instanceof ObjectNode object) {
            return object;
        }
        throw new Failed(Failure.of(Failure.Cause.INVALID_REQUEST, "they must be a JSON object."));
    }

    private static Result result(ObjectNode result) {
        List<Part> parts = McpContent.parts(result);
        return new Result(
                parts.isEmpty() ? List.of(new Part.Text("", Extras.NONE)) : parts,
                result.path("isError").asBoolean(false));
    }
}

package entrepot.protocols.bedrock.converse;

import static entrepot.protocols.bedrock.converse.ConverseRequests.DIALECT;

import entrepot.conversation.Extras;
import entrepot.conversation.Failed;
import entrepot.conversation.Message;
import entrepot.conversation.Message.Role;
import entrepot.conversation.OutputFormat;
import entrepot.conversation.Part;
import entrepot.conversation.Request;
import entrepot.conversation.Tool;
import entrepot.conversation.ToolChoice;
import entrepot.protocols.Seals;
import entrepot.protocols.bedrock.BedrockModel;
import entrepot.protocols.bedrock.BedrockModel.Maker;
import entrepot.protocols.json.Json;
import entrepot.protocols.json.Residue;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Makes of a request one that its model takes through Converse. Everything it changes is declared
 * by {@link ConverseLosses}; what stands at the front stays where it stands, so that caches hold.
 */
final class ConverseFit {

    static final Pattern CALL_ID = Pattern.compile("[a-zA-Z0-9_.:-]{1,64}");
    static final Pattern TOOL_NAME = Pattern.compile("[a-zA-Z0-9_-]{1,64}");

    private static final int TOOL_NAME_CHARS_MAX = 64;

    private final BedrockModel model;

    private ConverseFit(BedrockModel model) {
        this.model = model;
    }

    static Request fit(Request request) {
        var fit = new ConverseFit(BedrockModel.of(request.model()));
        List<Message> messages = fit.messages(request.messages());
        List<Tool> tools = fit.tools(request, messages);
        boolean functions = tools.stream().anyMatch(tool -> !(tool instanceof Tool.CachePoint));
        return new Request(
                request.model(),
                messages,
                functions ? tools : List.of(),
                functions ? choice(request.toolChoice()) : ToolChoice.AUTO,
                ConverseSampling.fit(request),
                request.format() instanceof OutputFormat.JsonSchema
                        ? request.format()
                        : OutputFormat.TEXT,
                request.stream(),
                request.extras());
    }

    private static ToolChoice choice(ToolChoice choice) {
        return choice instanceof ToolChoice.None ? ToolChoice.AUTO : choice;
    }

    private List<Tool> tools(Request request, List<Message> messages) {
        Set<String> used = used(messages);
        var tools = new ArrayList<Tool>();
        if (request.toolChoice() instanceof ToolChoice.None && used.isEmpty()) {
            return tools;
        }
        for (Tool tool : request.tools()) {
            switch (tool) {
                case Tool.Function function -> tools.add(function(function));
                case Tool.CachePoint point -> {
                    if (model.caches() && !tools.isEmpty()) {
                        tools.add(new Tool.CachePoint(ttl(point.ttl())));
                    }
                }
                case Tool.Unknown unknown -> {
                    if (unknown.dialect().equals(DIALECT)) {
                        tools.add(unknown);
                    }
                }
            }
        }
        if (tools.isEmpty()) {
            // Bedrock wants tools defined wherever the history shows their use.
            used.forEach(name ->
                    tools.add(
                            new Tool.Function(
                                    name,
                                    "A tool used earlier in this conversation.",
                                    ConverseTools.nothing(),
                                    null,
                                    Extras.NONE)));
        }
        return tools;
    }

    private static Set<String> used(List<Message> messages) {
        var names = new LinkedHashSet<String>();
        boolean results = false;
        for (Message message : messages) {
            for (Part part : message.parts()) {
                if (part instanceof Part.ToolCall call) {
                    names.add(call.name());
                }
                results |= part instanceof Part.ToolResult;
            }
        }
        if (results && names.isEmpty()) {
            names.add("earlier_tool");
        }
        return names;
    }

    private static Tool function(Tool.Function function) {
        String description = function.description();
        return new Tool.Function(
                function.name(),
                description == null || description.isBlank() ? null : description,
                schema(function.parameters()),
                function.strict(),
                function.extras());
    }

    /** Bedrock refuses a schema that does not say that it is an object's. */
    private static JsonNode schema(@Nullable JsonNode parameters) {
        if (!(parameters instanceof ObjectNode schema)) {
            return ConverseTools.nothing();
        }
        if (schema.has("type")) {
            return schema;
        }
        ObjectNode typed = Json.object().put("type", "object");
        typed.setAll(schema);
        return typed;
    }

    private @Nullable String ttl(@Nullable String ttl) {
        return ttl == null || !model.cachesFor(ttl) ? null : ttl;
    }

    private List<Message> messages(List<Message> messages) {
        int leading = ConverseMessages.leading(messages);
        var fitted = new ArrayList<Message>();
        for (int i = 0; i < messages.size(); i++) {
            Message message = messages.get(i);
            boolean late = i >= leading && ConverseMessages.isSystem(message);
            Message said = late ? marked(message) : message;
            var parts = new ArrayList<Part>();
            for (Part part : said.parts()) {
                Part fit = part(part);
                if (fit != null && ConverseMessages.fits(fit, said.role())) {
                    parts.add(fit);
                }
            }
            if (parts.stream().anyMatch(part -> !(part instanceof Part.CachePoint))) {
                fitted.add(new Message(said.role(), parts, null, said.extras()));
            }
        }
        return fitted;
    }

    /** A system message amid the conversation stays where it stands, in the user's turn. */
    private static Message marked(Message message) {
        if (Residue.of(message.extras(), DIALECT, "role") != null) {
            return message;
        }
        var parts = new ArrayList<Part>();
        for (Part part : message.parts()) {
            parts.add(
                    part instanceof Part.Text text
                            ? new Part.Text("<system>\n" + text.text() + "\n</system>", Extras.NONE)
                            : part);
        }
        return new Message(Role.USER, parts, null, Extras.NONE);
    }

    private @Nullable Part part(Part part) {
        return switch (part) {
            case Part.Text _, Part.Refusal _, Part.Audio _ -> part;
            case Part.Image image -> carries(image) ? image : null;
            case Part.File file -> carries(file) ? named(file) : null;
            case Part.Reasoning reasoning -> keeps(reasoning, model) ? reasoning : null;
            case Part.ToolCall call -> call(call);
            case Part.ToolResult result -> result(result);
            case Part.CachePoint point ->
                    model.caches() ? new Part.CachePoint(ttl(point.ttl())) : null;
            case Part.Unknown unknown -> unknown.dialect().equals(DIALECT) ? unknown : null;
        };
    }

    static boolean carries(Part.Image image) {
        return image.base64() != null || ConverseMedia.isS3(image.url());
    }

    static boolean carries(Part.File file) {
        return (file.base64() != null || ConverseMedia.isS3(file.url()))
                && (ConverseMedia.format(file) != null || file.extras().dialect().equals(DIALECT));
    }

    private static Part.File named(Part.File file) {
        return new Part.File(
                file.fileId(),
                file.url(),
                file.base64(),
                file.mediaType(),
                ConverseMedia.name(file.filename()),
                file.extras());
    }

    /** Claude refuses thoughts that it did not sign, and nobody else's proofs mean a thing here. */
    static boolean keeps(Part.Reasoning reasoning, BedrockModel model) {
        boolean claude = model.maker() == Maker.ANTHROPIC || model.maker() == Maker.UNKNOWN;
        String sealed = reasoning.signature();
        return claude
                ? sealed != null && Seals.isOf(Seals.ANTHROPIC, sealed)
                : sealed == null && reasoning.extras().dialect().equals(DIALECT);
    }

    private static Part call(Part.ToolCall call) {
        return new Part.ToolCall(
                id(call.callId()), name(call.name()), arguments(call.arguments()), call.extras());
    }

    /** The same id for the same id, in a form that Bedrock takes. */
    static String id(String callId) {
        if (CALL_ID.matcher(callId).matches()) {
            return callId;
        }
        try {
            byte[] hash =
                    MessageDigest.getInstance("SHA-256")
                            .digest(callId.getBytes(StandardCharsets.UTF_8));
            return "tooluse_" + HexFormat.of().formatHex(hash, 0, 12);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** Of a call that was made; nobody calls it by this name again. */
    static String name(String name) {
        if (TOOL_NAME.matcher(name).matches()) {
            return name;
        }
        String known = name.replaceAll("[^a-zA-Z0-9_-]", "_");
        if (known.isEmpty()) {
            return "unnamed";
        }
        return known.length() > TOOL_NAME_CHARS_MAX
                ? known.substring(0, TOOL_NAME_CHARS_MAX)
                : known;
    }

    /** Bedrock wants an object; what the model wrote otherwise is shown to it as it wrote it. */
    static String arguments(String written) {
        try {
            if (ConverseBlocks.input(written, "").isObject()) {
                return written;
            }
        } catch (Failed notJson) {
            // Told below.
        }
        return ConverseBlocks.text(Json.object().put("arguments", written));
    }

    private Part result(Part.ToolResult result) {
        var content = new ArrayList<Part>();
        for (Part part : result.content()) {
            Part fit = part(part);
            if (fit != null && fitsResult(fit)) {
                content.add(fit);
            }
        }
        return new Part.ToolResult(id(result.callId()), content, result.failed(), result.extras());
    }

    /** Whether a part may stand within a tool's result (ToolResultContentBlock). */
    static boolean fitsResult(Part part) {
        return switch (part) {
            case Part.Text _, Part.Image _, Part.File _, Part.Unknown _ -> true;
            case Part.Refusal _,
                    Part.Audio _,
                    Part.Reasoning _,
                    Part.ToolCall _,
                    Part.ToolResult _,
                    Part.CachePoint _ ->
                    false;
        };
    }
}

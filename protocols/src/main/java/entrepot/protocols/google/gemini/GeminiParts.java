package entrepot.protocols.google.gemini;

import static entrepot.protocols.google.gemini.GeminiRequests.DIALECT;

import entrepot.conversation.Extras;
import entrepot.conversation.Part;
import entrepot.protocols.google.wire.GeminiCallIds;
import entrepot.protocols.google.wire.GeminiSignatures;
import entrepot.protocols.json.Json;
import entrepot.protocols.json.Members;
import entrepot.protocols.json.Residue;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.BooleanNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.List;

/**
 * The {@code parts} of a content (content.proto, Part).
 *
 * <p>A signature stands on the part that it proves. In the record it is reasoning without a text,
 * before that part; on an empty text it proves nothing but itself.
 */
final class GeminiParts {

    /** Marks reasoning that came as an empty text of its own. */
    private static final String ALONE = "~alone";

    private static final String SIGNATURE = "thoughtSignature";

    private GeminiParts() {}

    /** Reads a list of parts; strict or lenient as the members that it comes from are. */
    static List<Part> read(ArrayNode list, Members owner, GeminiCallIds ids) {
        var parts = new ArrayList<Part>();
        for (int i = 0; i < list.size(); i++) {
            JsonNode node = list.get(i);
            if (owner.isStrict()) {
                read(Members.strict(node, owner.path("parts[" + i + "]")), node, ids, parts);
            } else if (node instanceof ObjectNode object) {
                read(Members.lenient(object), node, ids, parts);
            } else {
                parts.add(new Part.Unknown(DIALECT, node));
            }
        }
        return parts;
    }

    static void read(Members part, JsonNode raw, GeminiCallIds ids, List<Part> parts) {
        if (part.peek("text").isString()) {
            text(part, parts);
            return;
        }
        Part read = other(part, raw, ids);
        if (read instanceof Part.Unknown) {
            // Its signature stays where it stood.
            parts.add(read);
            return;
        }
        JsonNode signature = part.peek(SIGNATURE);
        if (signature.isString() && !(read instanceof Part.ToolResult)) {
            part.take(SIGNATURE);
            parts.add(proof(signature.stringValue(), Extras.NONE));
        }
        parts.add(withExtras(read, part.extras(DIALECT)));
    }

    private static void text(Members part, List<Part> parts) {
        String text = part.requiredText("text");
        String signature = part.text(SIGNATURE);
        if (part.peek("thought").booleanValue(false)) {
            part.take("thought");
            String sealed = signature == null ? null : GeminiSignatures.sealed(signature);
            parts.add(new Part.Reasoning(text, sealed, part.extras(DIALECT)));
            return;
        }
        if (signature != null) {
            if (text.isEmpty()) {
                part.keep(ALONE, BooleanNode.TRUE);
                parts.add(proof(signature, part.extras(DIALECT)));
                return;
            }
            parts.add(proof(signature, Extras.NONE));
        }
        parts.add(new Part.Text(text, part.extras(DIALECT)));
    }

    private static Part.Reasoning proof(String signature, Extras extras) {
        return new Part.Reasoning("", GeminiSignatures.sealed(signature), extras);
    }

    /** Reads a part that is no text; its extras are what is left in the members afterwards. */
    private static Part other(Members part, JsonNode raw, GeminiCallIds ids) {
        if (part.peek("inlineData").isObject()) {
            return GeminiMedia.inline(part);
        }
        if (part.peek("fileData").isObject()) {
            return GeminiMedia.file(part);
        }
        if (part.peek("functionCall").isObject()) {
            return GeminiCalls.call(part, ids);
        }
        if (part.peek("functionResponse").isObject()) {
            return GeminiCalls.result(part, ids);
        }
        return new Part.Unknown(DIALECT, raw);
    }

    private static Part withExtras(Part part, Extras extras) {
        return switch (part) {
            case Part.Image image ->
                    new Part.Image(
                            image.url(), image.base64(), image.mediaType(), image.detail(), extras);
            case Part.File file ->
                    new Part.File(
                            file.fileId(),
                            file.url(),
                            file.base64(),
                            file.mediaType(),
                            file.filename(),
                            extras);
            case Part.Audio audio -> new Part.Audio(audio.base64(), audio.format(), extras);
            case Part.ToolCall call ->
                    new Part.ToolCall(call.callId(), call.name(), call.arguments(), extras);
            case Part.ToolResult result ->
                    new Part.ToolResult(result.callId(), result.content(), result.failed(), extras);
            case Part.Text _, Part.Refusal _, Part.Reasoning _ -> part;
            case Part.CachePoint _, Part.Unknown _ -> part;
        };
    }

    /**
     * Writes parts.
     *
     * @param toCaller whether other vendors' signatures are carried: a caller brings them home, a
     *     supplier would refuse them
     */
    static void write(List<Part> parts, ArrayNode list, GeminiCallIds ids, boolean toCaller) {
        String pending = null;
        for (int i = 0; i < parts.size(); i++) {
            Part part = parts.get(i);
            if (part instanceof Part.Reasoning thought && isProof(thought)) {
                pending = signature(thought, toCaller);
                if (pending == null || takesProof(parts, i)) {
                    continue;
                }
                ObjectNode alone = Json.object().put("text", "").put(SIGNATURE, pending);
                list.add(Residue.fill(alone, thought.extras(), DIALECT));
                pending = null;
                continue;
            }
            ObjectNode node = write(part, ids, toCaller);
            if (node == null) {
                continue;
            }
            if (pending != null) {
                node.put(SIGNATURE, pending);
                pending = null;
            }
            list.add(node);
        }
    }

    private static boolean takesProof(List<Part> parts, int at) {
        Part.Reasoning proof = (Part.Reasoning) parts.get(at);
        if (Residue.of(proof.extras(), DIALECT, ALONE) != null) {
            return false;
        }
        for (Part next : parts.subList(at + 1, parts.size())) {
            switch (next) {
                case Part.Text _,
                        Part.Refusal _,
                        Part.Image _,
                        Part.File _,
                        Part.Audio _,
                        Part.ToolCall _ -> {
                    return true;
                }
                case Part.CachePoint _ -> {}
                case Part.Reasoning _, Part.ToolResult _, Part.Unknown _ -> {
                    return false;
                }
            }
        }
        return false;
    }

    static boolean isProof(Part.Reasoning thought) {
        return thought.text().isEmpty() && thought.signature() != null;
    }

    static @Nullable String signature(Part.Reasoning thought, boolean toCaller) {
        String sealed = thought.signature();
        return sealed == null || !(toCaller || GeminiSignatures.isOurs(sealed))
                ? null
                : GeminiSignatures.written(sealed);
    }

    /** Writes one part that is no proof; null when Gemini has no place for it. */
    static @Nullable ObjectNode write(Part part, GeminiCallIds ids, boolean toCaller) {
        ObjectNode node = Json.object();
        return switch (part) {
            case Part.Text text ->
                    Residue.fill(node.put("text", text.text()), text.extras(), DIALECT);
            case Part.Refusal refusal ->
                    Residue.fill(node.put("text", refusal.text()), refusal.extras(), DIALECT);
            case Part.Reasoning thought -> {
                node.put("text", thought.text()).put("thought", true);
                String signature = signature(thought, toCaller);
                if (signature != null) {
                    node.put(SIGNATURE, signature);
                }
                yield Residue.fill(node, thought.extras(), DIALECT);
            }
            case Part.Image image -> {
                GeminiMedia.write(image, node);
                yield Residue.fill(node, image.extras(), DIALECT);
            }
            case Part.File file -> {
                GeminiMedia.write(file, node);
                yield Residue.fill(node, file.extras(), DIALECT);
            }
            case Part.Audio audio -> {
                GeminiMedia.write(audio, node);
                yield Residue.fill(node, audio.extras(), DIALECT);
            }
            case Part.ToolCall call -> GeminiCalls.write(call, node, ids);
            case Part.ToolResult result -> GeminiCalls.write(result, node, ids);
            case Part.Unknown unknown ->
                    unknown.dialect().equals(DIALECT) && unknown.raw() instanceof ObjectNode raw
                            ? raw.deepCopy()
                            : null;
            case Part.CachePoint _ -> null;
        };
    }
}

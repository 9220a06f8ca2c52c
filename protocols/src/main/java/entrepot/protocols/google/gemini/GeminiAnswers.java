package entrepot.protocols.google.gemini;

import static entrepot.protocols.google.gemini.GeminiRequests.DIALECT;

import entrepot.conversation.Answer;
import entrepot.conversation.Extras;
import entrepot.conversation.Failed;
import entrepot.conversation.Failure;
import entrepot.conversation.Failure.Cause;
import entrepot.conversation.Logprob;
import entrepot.conversation.Part;
import entrepot.conversation.StopReason;
import entrepot.conversation.Usage;
import entrepot.protocols.google.GoogleErrors;
import entrepot.protocols.google.wire.GeminiCallIds;
import entrepot.protocols.google.wire.GeminiSpelling;
import entrepot.protocols.json.Json;
import entrepot.protocols.json.Members;
import entrepot.protocols.json.Residue;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Whole answers of {@code generateContent} (generative_service.proto, GenerateContentResponse).
 *
 * <p>Writing what was read gives the same JSON. The parts are those of the first candidate; what
 * else a candidate holds, and the other candidates whole, stay in the extras under {@code
 * candidates}. A prompt that was blocked has no candidates: its answer is empty and filtered.
 */
public final class GeminiAnswers {

    private static final String CANDIDATES = "candidates";
    private static final String NO_CANDIDATES = "~noCandidates";
    private static final String NO_CONTENT = "~noContent";
    private static final String NO_ROLE = "~noRole";
    private static final String NO_PARTS = "~noParts";

    private GeminiAnswers() {}

    /**
     * Reads a supplier's answer.
     *
     * @throws Failed {@code SUPPLIER_FAILED} when it is no such answer, or what the error in it
     *     says
     */
    public static Answer read(byte[] body) {
        JsonNode root = Json.read(body, Cause.SUPPLIER_FAILED);
        if (GoogleErrors.isError(root)) {
            throw new Failed(GoogleErrors.read(root));
        }
        if (!(GeminiSpelling.normal(root) instanceof ObjectNode object) || !isAnswer(object)) {
            throw notAnAnswer();
        }
        Members members = Members.lenient(object);
        String id = taken(members, "responseId");
        String model = taken(members, "modelVersion");
        Usage usage = GeminiUsage.read(members.peek("usageMetadata"));
        ArrayNode candidates = members.peek(CANDIDATES).isEmpty() ? null : members.list(CANDIDATES);
        if (candidates == null || !(candidates.get(0) instanceof ObjectNode first)) {
            if (!object.has(CANDIDATES)) {
                members.keep(NO_CANDIDATES, Json.object().booleanNode(true));
            }
            StopReason reason =
                    blocked(object) ? StopReason.FILTER : new StopReason.Unknown(DIALECT, "");
            return new Answer(id, model, List.of(), reason, usage, members.extras(DIALECT));
        }
        Members candidate = Members.lenient(first);
        List<Part> parts =
                Logprob.told(
                        parts(candidate, new GeminiCallIds(id)),
                        GeminiLogprobs.read(candidate.peek(GeminiLogprobs.RESULT)));
        StopReason reason = reason(candidate, parts);
        keep(candidate, candidates, members);
        return new Answer(id, model, parts, reason, usage, new Extras(DIALECT, members.rest()));
    }

    /** Whether an object can be an answer, or one chunk of it. */
    static boolean isAnswer(ObjectNode object) {
        return object.path(CANDIDATES).isArray()
                || object.path("promptFeedback").isObject()
                || object.path("usageMetadata").isObject();
    }

    static boolean blocked(ObjectNode object) {
        return !object.path("promptFeedback").path("blockReason").isMissingNode();
    }

    private static String taken(Members members, String name) {
        String text = members.peek(name).asString("");
        if (!text.isEmpty()) {
            members.take(name);
        }
        return text;
    }

    private static List<Part> parts(Members candidate, GeminiCallIds ids) {
        Members content = candidate.peek("content").isEmpty() ? null : candidate.object("content");
        if (content == null) {
            if (candidate.peek("content").isMissingNode()) {
                candidate.keep(NO_CONTENT, Json.object().booleanNode(true));
            }
            return List.of();
        }
        if (content.peek("role").asString("").equals("model")) {
            content.take("role");
        } else if (content.peek("role").isMissingNode()) {
            content.keep(NO_ROLE, Json.object().booleanNode(true));
        }
        ArrayNode list = content.peek("parts").isEmpty() ? null : content.list("parts");
        if (list == null) {
            if (content.peek("parts").isMissingNode()) {
                content.keep(NO_PARTS, Json.object().booleanNode(true));
            }
            return List.of();
        }
        return GeminiParts.read(list, content, ids);
    }

    private static StopReason reason(Members candidate, List<Part> parts) {
        JsonNode node = candidate.peek("finishReason");
        StopReason reason = reason(GeminiReasons.word(node), parts);
        if (node.isString() && GeminiReasons.write(reason).equals(node.stringValue())) {
            candidate.take("finishReason");
        }
        return reason;
    }

    private static StopReason reason(String word, List<Part> parts) {
        return GeminiReasons.read(word, parts.stream().anyMatch(Part.ToolCall.class::isInstance));
    }

    private static void keep(Members candidate, ArrayNode candidates, Members members) {
        ObjectNode rest = Json.object();
        rest.setAll(candidate.rest());
        if (!rest.isEmpty() || candidates.size() > 1) {
            ArrayNode kept = Json.object().arrayNode().add(rest);
            candidates.valueStream().skip(1).forEach(kept::add);
            members.keep(CANDIDATES, kept);
        }
    }

    /** Writes an answer for a caller. */
    public static byte[] write(Answer answer) {
        boolean ours = answer.extras().dialect().equals(DIALECT);
        ObjectNode body = Json.object();
        JsonNode kept = Residue.of(answer.extras(), DIALECT, CANDIDATES);
        if (Residue.of(answer.extras(), DIALECT, NO_CANDIDATES) == null
                && !(kept != null && kept.isEmpty())) {
            ArrayNode candidates = body.putArray(CANDIDATES);
            candidates.add(candidate(answer, kept == null ? null : kept.get(0), ours));
            if (kept != null) {
                kept.valueStream().skip(1).forEach(candidates::add);
            }
        }
        JsonNode usage = Residue.of(answer.extras(), DIALECT, "usageMetadata");
        boolean same = usage != null && GeminiUsage.read(usage).equals(answer.usage());
        if (!same && !answer.usage().equals(Usage.NONE)) {
            body.set("usageMetadata", GeminiUsage.write(answer.usage()));
        }
        putUnlessEmpty(body, "modelVersion", answer.model());
        putUnlessEmpty(body, "responseId", answer.answerId());
        return Json.write(GeminiSpelling.restored(Residue.fill(body, answer.extras(), DIALECT)));
    }

    private static ObjectNode candidate(Answer answer, @Nullable JsonNode kept, boolean ours) {
        Extras rest = extras(kept);
        ObjectNode candidate = Json.object();
        ArrayNode parts = Json.object().arrayNode();
        GeminiParts.write(answer.parts(), parts, new GeminiCallIds(answer.answerId()), true);
        JsonNode form = rest.members().get("content");
        boolean bare = rest.members().containsKey(NO_CONTENT) || (form != null && form.isEmpty());
        if (!bare || !parts.isEmpty()) {
            ObjectNode content = candidate.putObject("content");
            boolean unsaid = form != null && (form.has(NO_PARTS) || form.has("parts"));
            if (!unsaid || !parts.isEmpty()) {
                content.set("parts", parts);
            }
            if (form == null || !(form.has("role") || form.has(NO_ROLE))) {
                content.put("role", "model");
            }
        }
        JsonNode word = rest.members().get("finishReason");
        boolean same =
                word != null
                        && reason(GeminiReasons.word(word), answer.parts())
                                .equals(answer.stopReason());
        if (!same) {
            putUnlessEmpty(candidate, "finishReason", GeminiReasons.write(answer.stopReason()));
        }
        if (!ours) {
            GeminiLogprobs.write(Logprob.of(answer.parts()), candidate);
            candidate.put("index", 0);
        }
        return Residue.fill(candidate, rest, DIALECT);
    }

    private static Extras extras(@Nullable JsonNode node) {
        if (!(node instanceof ObjectNode object)) {
            return Extras.NONE;
        }
        var members = new LinkedHashMap<String, JsonNode>();
        for (Map.Entry<String, JsonNode> member : object.properties()) {
            members.put(member.getKey(), member.getValue());
        }
        return new Extras(DIALECT, members);
    }

    private static void putUnlessEmpty(ObjectNode node, String name, String text) {
        if (!text.isEmpty()) {
            node.put(name, text);
        }
    }

    private static Failed notAnAnswer() {
        return new Failed(
                Failure.of(
                        Cause.SUPPLIER_FAILED,
                        "The supplier's answer is not one of generateContent."));
    }
}

package entrepot.protocols.google.gemini;

import static entrepot.protocols.google.gemini.GeminiRequests.DIALECT;

import entrepot.conversation.Event;
import entrepot.conversation.EventGrammar;
import entrepot.conversation.Logprob;
import entrepot.conversation.Part;
import entrepot.conversation.StopReason;
import entrepot.conversation.Usage;
import entrepot.protocols.Frame;
import entrepot.protocols.StreamWriter;
import entrepot.protocols.google.GoogleErrors;
import entrepot.protocols.google.wire.GeminiCallIds;
import entrepot.protocols.google.wire.GeminiSpelling;
import entrepot.protocols.json.Json;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes events as a caller's stream of {@code GenerateContentResponse}. Calls come whole. The last
 * chunk holds the reason and the usage: it waits for both. One thread at a time.
 */
public final class GeminiStreamWriter implements StreamWriter {

    private final EventGrammar grammar = new EventGrammar();

    /** How many letters of an open part have been told. */
    private final Map<Integer, Integer> told = new HashMap<>();

    /** How many of its tokens were told with their log probabilities. */
    private final Map<Integer, Integer> toldTokens = new HashMap<>();

    private String answerId = "";
    private String model = "";
    private GeminiCallIds ids = new GeminiCallIds("");
    private @Nullable String proof;
    private @Nullable StopReason reason;
    private Usage usage = Usage.NONE;

    @Override
    public List<Frame> write(Event event) {
        grammar.accept(event);
        return switch (event) {
            case Event.Started started -> {
                answerId = started.answerId();
                model = started.model();
                ids = new GeminiCallIds(answerId);
                yield List.of();
            }
            case Event.TextDelta delta -> text(delta.index(), delta.text(), delta.logprobs());
            case Event.RefusalDelta delta -> text(delta.index(), delta.text(), false);
            case Event.ReasoningDelta delta -> text(delta.index(), delta.text(), true);
            case Event.ToolCallStarted _, Event.ToolCallDelta _ -> List.of();
            case Event.PartFinished finished -> finish(finished.index(), finished.part());
            case Event.UsageReported reported -> {
                usage = reported.usage();
                yield List.of();
            }
            case Event.Finished finished -> {
                reason = finished.reason();
                yield List.of();
            }
            case Event.Failed failed ->
                    List.of(Frame.of(Json.write(GoogleErrors.body(failed.failure()))));
            case Event.Unknown unknown -> unknown(unknown);
        };
    }

    @Override
    public List<Frame> end() {
        if (!grammar.ended()) {
            throw new IllegalStateException("the answer has not finished");
        }
        if (reason == null) {
            return List.of();
        }
        ObjectNode part = Json.object().put("text", "");
        ObjectNode chunk = chunk(signed(part));
        String word = GeminiReasons.write(reason);
        if (!word.isEmpty()) {
            ((ObjectNode) chunk.path("candidates").get(0)).put("finishReason", word);
        }
        if (!usage.equals(Usage.NONE)) {
            chunk.set("usageMetadata", GeminiUsage.write(usage));
        }
        return List.of(Frame.of(Json.write(chunk)));
    }

    private List<Frame> text(int index, String text, List<Logprob> logprobs) {
        if (text.isEmpty()) {
            return List.of();
        }
        told.merge(index, text.length(), Integer::sum);
        toldTokens.merge(index, logprobs.size(), Integer::sum);
        ObjectNode chunk = chunk(signed(Json.object().put("text", text)));
        ObjectNode candidate = chunk.withArray("candidates").get(0).asObject();
        GeminiLogprobs.write(logprobs, candidate);
        return List.of(Frame.of(Json.write(GeminiSpelling.restored(chunk))));
    }

    private List<Frame> text(int index, String text, boolean thought) {
        if (text.isEmpty()) {
            return List.of();
        }
        told.merge(index, text.length(), Integer::sum);
        ObjectNode part = Json.object().put("text", text);
        return List.of(frame(thought ? part.put("thought", true) : signed(part)));
    }

    /** Writes what no delta has told of a part yet; a stream cannot take back what it told. */
    private List<Frame> finish(int index, Part part) {
        Integer before = told.remove(index);
        int chars = before == null ? 0 : before;
        return switch (part) {
            case Part.Text text -> {
                Integer tokens = toldTokens.remove(index);
                yield text(
                        index,
                        untold(text.text(), chars),
                        text.logprobs().stream().skip(tokens == null ? 0 : tokens).toList());
            }
            case Part.Refusal refusal -> text(index, untold(refusal.text(), chars), false);
            case Part.Reasoning thought -> thought(index, thought, chars);
            case Part.ToolCall _,
                    Part.Image _,
                    Part.File _,
                    Part.Audio _,
                    Part.ToolResult _,
                    Part.CachePoint _,
                    Part.Unknown _ -> {
                ObjectNode node = GeminiParts.write(part, ids, true);
                yield node == null ? List.of() : List.of(frame(signed(node)));
            }
        };
    }

    private List<Frame> thought(int index, Part.Reasoning thought, int chars) {
        if (GeminiParts.isProof(thought) && chars == 0) {
            List<Frame> alone = proof == null ? List.of() : List.of(frame(alone()));
            proof = GeminiParts.signature(thought, true);
            return alone;
        }
        String signature = GeminiParts.signature(thought, true);
        String rest = untold(thought.text(), chars);
        if (signature == null) {
            return text(index, rest, true);
        }
        ObjectNode part = Json.object().put("text", rest).put("thought", true);
        return List.of(frame(part.put("thoughtSignature", signature)));
    }

    private ObjectNode alone() {
        return signed(Json.object().put("text", ""));
    }

    /** Puts a proof that waits onto the part that follows it. */
    private ObjectNode signed(ObjectNode part) {
        if (proof != null) {
            part.put("thoughtSignature", proof);
            proof = null;
        }
        return part;
    }

    private static String untold(String whole, int told) {
        return told >= whole.length() ? "" : whole.substring(told);
    }

    /** What Google's own reader had no event for goes back into a chunk, where it stood. */
    private List<Frame> unknown(Event.Unknown unknown) {
        if (!unknown.dialect().equals(DIALECT) || !(unknown.raw() instanceof ObjectNode raw)) {
            return List.of();
        }
        ObjectNode chunk = Json.object();
        chunk.setAll(raw.deepCopy());
        return List.of(Frame.of(Json.write(GeminiSpelling.restored(named(chunk)))));
    }

    private Frame frame(ObjectNode part) {
        return Frame.of(Json.write(GeminiSpelling.restored(chunk(part))));
    }

    private ObjectNode chunk(ObjectNode part) {
        ObjectNode chunk = Json.object();
        ArrayNode candidates = chunk.putArray("candidates");
        ObjectNode content = candidates.addObject().put("index", 0).putObject("content");
        content.putArray("parts").add(part);
        content.put("role", "model");
        return named(chunk);
    }

    private ObjectNode named(ObjectNode chunk) {
        return chunk.put("modelVersion", model).put("responseId", answerId);
    }
}

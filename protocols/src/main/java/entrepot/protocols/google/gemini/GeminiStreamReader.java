package entrepot.protocols.google.gemini;

import static entrepot.protocols.google.gemini.GeminiRequests.DIALECT;

import entrepot.conversation.Event;
import entrepot.conversation.EventGrammar;
import entrepot.conversation.EventSink;
import entrepot.conversation.Failed;
import entrepot.conversation.Failure;
import entrepot.conversation.Failure.Cause;
import entrepot.conversation.Logprob;
import entrepot.conversation.StopReason;
import entrepot.conversation.Usage;
import entrepot.protocols.Frame;
import entrepot.protocols.StreamReader;
import entrepot.protocols.google.GoogleErrors;
import entrepot.protocols.google.wire.GeminiSpelling;
import entrepot.protocols.json.Json;
import entrepot.protocols.json.Members;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads a supplier's stream of {@code GenerateContentResponse} and pushes events.
 *
 * <p>There is no mark at the end: the first candidate's {@code finishReason} finishes the answer,
 * unless it stands in the first chunk, when the stream must end as well; or a prompt that was
 * blocked. Usage stands in most chunks, the last one counts. Other candidates, and members that we
 * have no word for, are pushed as {@link Event.Unknown}.
 */
public final class GeminiStreamReader implements StreamReader {

    private final EventSink sink;
    private final EventGrammar grammar = new EventGrammar();
    private final GeminiStreamParts parts = new GeminiStreamParts(this::push);
    private final Map<String, JsonNode> told = new HashMap<>();
    private Usage reported = Usage.NONE;
    private @Nullable StopReason held;
    private boolean usageAtEnd;
    private boolean done;

    public GeminiStreamReader(EventSink sink) {
        this.sink = sink;
    }

    @Override
    public boolean done() {
        return done || (grammar.ended() && usageAtEnd);
    }

    @Override
    public void frame(Frame frame) throws InterruptedException {
        if (done() || blank(frame.data())) {
            return;
        }
        JsonNode chunk;
        try {
            chunk = Json.read(frame.data(), Cause.SUPPLIER_FAILED);
        } catch (Failed malformed) {
            fail(
                    Failure.of(
                            Cause.SUPPLIER_FAILED,
                            "The supplier's stream holds what is not JSON."));
            return;
        }
        if (GoogleErrors.isError(chunk)) {
            fail(GoogleErrors.read(chunk));
        } else if (GeminiSpelling.normal(chunk) instanceof ObjectNode object) {
            chunk(object);
        }
    }

    /** Heartbeats, and the mark that some proxies add. */
    private static boolean blank(byte[] data) {
        for (byte b : data) {
            if (b != ' ' && b != '\n' && b != '\r' && b != '\t') {
                return b == '[' && data.length >= 6 && data[1] == 'D';
            }
        }
        return true;
    }

    @Override
    public void end() throws InterruptedException {
        if (held != null && !done) {
            finish(held);
        }
        if (!grammar.ended()) {
            fail(
                    grammar.started()
                            ? Failure.of(
                                    Cause.UNREACHABLE,
                                    "The supplier's stream broke off before its end.")
                            : Failure.of(
                                    Cause.SUPPLIER_FAILED,
                                    "The supplier's stream ended before it began."));
        }
        done = true;
    }

    private void chunk(ObjectNode chunk) throws InterruptedException {
        Members members = Members.lenient(chunk);
        JsonNode candidates = chunk.path("candidates");
        boolean blocked = candidates.isEmpty() && GeminiAnswers.blocked(chunk);
        boolean first = !grammar.started();
        if (!grammar.started() && (!candidates.isEmpty() || blocked)) {
            String id = chunk.path("responseId").asString("");
            parts.answerId(id);
            push(new Event.Started(id, chunk.path("modelVersion").asString("")));
        }
        if (!grammar.started()) {
            return;
        }
        ObjectNode unknown = Json.object();
        StopReason reason = candidates(candidates, unknown);
        JsonNode metadata = chunk.path("usageMetadata");
        if (!grammar.ended()) {
            usage(metadata);
        }
        for (String name :
                new String[] {
                    "candidates", "usageMetadata", "modelVersion", "responseId", "createTime"
                }) {
            members.take(name);
        }
        unknown(members.rest(), unknown);
        if (blocked && reason == null) {
            reason = StopReason.FILTER;
        }
        if (reason != null && !grammar.ended()) {
            // Older models give a reason in every chunk: one in the first does not end the answer.
            if (!blocked && (first || held != null)) {
                held = reason;
            } else {
                finish(reason);
            }
        }
        if (grammar.ended()) {
            usageAtEnd |= metadata.isObject();
            usage(metadata);
        }
    }

    private void finish(StopReason reason) throws InterruptedException {
        parts.close();
        push(new Event.Finished(reason));
    }

    /** Reports usage that says something new, and the last one at the end. */
    private void usage(JsonNode metadata) throws InterruptedException {
        Usage usage = GeminiUsage.read(metadata);
        if (!usage.equals(Usage.NONE) && !usage.equals(reported)) {
            reported = usage;
            push(new Event.UsageReported(usage));
        }
    }

    /** Reads the candidates; returns the reason when the first of them has ended. */
    private @Nullable StopReason candidates(JsonNode candidates, ObjectNode unknown)
            throws InterruptedException {
        StopReason reason = null;
        for (JsonNode node : candidates) {
            if (!(node instanceof ObjectNode candidate)) {
                continue;
            }
            if (candidate.path("index").asInt(0) != 0 || grammar.ended()) {
                unknown.withArray("candidates").add(candidate);
                continue;
            }
            List<Logprob> logprobs = GeminiLogprobs.read(candidate.path(GeminiLogprobs.RESULT));
            parts.logprobs(logprobs);
            for (JsonNode part : candidate.path("content").path("parts")) {
                if (part instanceof ObjectNode object) {
                    parts.read(object);
                }
            }
            String word = GeminiReasons.word(candidate.path("finishReason"));
            if (!word.isEmpty()) {
                reason = GeminiReasons.read(word, parts.hasCalls());
            }
            keep(candidate, unknown);
        }
        return reason;
    }

    /** Keeps what a candidate says besides its parts, once. */
    private void keep(ObjectNode candidate, ObjectNode unknown) {
        ObjectNode rest = Json.object();
        for (Map.Entry<String, JsonNode> member : candidate.properties()) {
            String name = member.getKey();
            JsonNode value = member.getValue();
            boolean known =
                    name.equals("content")
                            || name.equals("index")
                            || name.equals("finishReason")
                            || name.equals(GeminiLogprobs.RESULT);
            boolean silent = value.isNull() || (value.isContainer() && value.isEmpty());
            if (!known && !silent && !value.equals(told.put("candidate." + name, value))) {
                rest.set(name, value);
            }
        }
        if (!rest.isEmpty()) {
            unknown.withArray("candidates").add(rest.put("index", 0));
        }
    }

    private void unknown(Map<String, JsonNode> rest, ObjectNode unknown)
            throws InterruptedException {
        rest.forEach((name, value) -> {
            if (!value.isNull() && !value.equals(told.put(name, value))) {
                unknown.set(name, value);
            }
        });
        if (!unknown.isEmpty()) {
            push(new Event.Unknown(DIALECT, unknown));
        }
    }

    private void fail(Failure failure) throws InterruptedException {
        done = true;
        if (!grammar.ended()) {
            push(new Event.Failed(failure));
        }
    }

    private void push(Event event) throws InterruptedException {
        grammar.accept(event);
        sink.accept(event);
    }
}

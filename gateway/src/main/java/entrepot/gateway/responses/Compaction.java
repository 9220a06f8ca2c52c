package entrepot.gateway.responses;

import entrepot.conversation.Answer;
import entrepot.conversation.Answers;
import entrepot.conversation.EventSink;
import entrepot.conversation.Extras;
import entrepot.conversation.Failed;
import entrepot.conversation.Failure;
import entrepot.conversation.Message;
import entrepot.conversation.OutputFormat;
import entrepot.conversation.Request;
import entrepot.conversation.Sampling;
import entrepot.conversation.ToolChoice;
import entrepot.gateway.door.Refusals;
import entrepot.http.Exchange;
import entrepot.http.Incoming;
import entrepot.market.Counter;
import entrepot.market.Deal;
import entrepot.protocols.json.Json;
import entrepot.protocols.openai.responses.ResponsesRequests;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * Makes a long conversation short: what users said stays as it is, and a model's summary of all the
 * rest takes its place, in an item that says nothing to its caller and is expanded again whenever
 * it comes back. The item holds all that it needs, so it is good in any conversation and on any
 * node.
 */
final class Compaction implements Counter {

    static final String PREFIX = "entrepot.1.";
    private static final int SUMMARY_CHARS_MAX = 1 << 20;

    private static final String TASK =
            """
            Write a summary that takes the place of this conversation, for whoever goes on with \
            it without having seen it. Say what was asked, what was decided and why, what was \
            done and found, with names, paths, numbers and identifiers exactly as they stand, \
            and what is left to do. Leave out pleasantries. Answer with the summary alone.\
            """;

    private static final String OPENING =
            "This is a summary of the conversation so far, in place of its other messages:\n\n";

    private final Answers.Collector collected = new Answers.Collector();

    /** Whether it is a compaction that we made. */
    static boolean isOurs(JsonNode item) {
        return item.path("type").asString("").equals("compaction")
                && item.path("encrypted_content").asString("").startsWith(PREFIX);
    }

    /** The message that a compaction of ours stands for. */
    static ObjectNode expand(ObjectNode item) {
        String text = item.path("encrypted_content").asString("").substring(PREFIX.length());
        if (text.length() > SUMMARY_CHARS_MAX * 2) {
            throw damaged();
        }
        try {
            byte[] bytes = Base64.getUrlDecoder().decode(text);
            JsonNode kept = Json.read(bytes, Failure.Cause.INVALID_REQUEST);
            if (!kept.path("summary").isString()) {
                throw damaged();
            }
            return Items.message("user", OPENING + kept.path("summary").stringValue());
        } catch (IllegalArgumentException notBase64) {
            throw damaged();
        }
    }

    private static Failed damaged() {
        return Refusals.value(
                "input",
                "a compaction item is damaged: send its encrypted_content back as it came.");
    }

    static ObjectNode item(String id, String summary) {
        String text =
                summary.length() > SUMMARY_CHARS_MAX
                        ? summary.substring(0, SUMMARY_CHARS_MAX)
                        : summary;
        byte[] kept = Json.write(Json.object().put("summary", text));
        return Json.object()
                .put("id", id)
                .put("type", "compaction")
                .put(
                        "encrypted_content",
                        PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(kept));
    }

    /** Asks for a summary of what a request holds; no tool may be used for it. */
    static Request request(ObjectNode body) {
        Request whole = ResponsesRequests.read(body);
        List<Message> messages = new ArrayList<>(whole.messages());
        messages.add(Message.text(Message.Role.USER, TASK));
        return new Request(
                whole.model(),
                messages,
                List.of(),
                ToolChoice.AUTO,
                Sampling.DEFAULT,
                OutputFormat.TEXT,
                true,
                Extras.NONE);
    }

    /**
     * The answer, once it was bought.
     *
     * @throws Failed when it broke off, or says nothing
     */
    Answer answer() {
        return collected.answer();
    }

    static String text(Answer answer) {
        String text = new Message(Message.Role.ASSISTANT, answer.parts(), null, Extras.NONE).text();
        if (text.isBlank()) {
            throw new Failed(
                    Failure.of(
                            Failure.Cause.SUPPLIER_FAILED,
                            "The model gave no summary, so nothing was compacted."));
        }
        return text;
    }

    @Override
    public EventSink open(Deal deal) {
        return collected;
    }

    @Override
    public void whole(Deal deal, int status, String contentType, byte[] body) {
        throw new IllegalStateException("no bytes were offered");
    }

    @Override
    public Exchange.End relay(Deal deal, Incoming stream, Exchange.Filter filter) {
        throw new IllegalStateException("no bytes were offered");
    }
}

package entrepot.protocols.bedrock.texts;

import entrepot.conversation.Failed;
import entrepot.conversation.Failure;
import entrepot.conversation.Failure.Cause;
import entrepot.conversation.Loss;
import entrepot.conversation.Message;
import entrepot.conversation.Request;
import entrepot.conversation.StopReason;
import entrepot.conversation.Usage;
import entrepot.protocols.json.Json;
import entrepot.protocols.json.Members;
import entrepot.protocols.json.Residue;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.List;

/**
 * A maker's form of requests, answers and chunks of InvokeModel, on both sides (Amazon Bedrock User
 * Guide, "Inference request parameters and response fields for foundation models").
 */
public sealed interface TextBody permits TitanBody, LlamaBody, MistralBody, CohereBody, CohereChat {

    /** Such as {@code bedrock.titan}: the name in extras. */
    String dialect();

    Rules rules(String model);

    Settings settings();

    /** Whether answers and chunks of this form count tokens themselves. */
    boolean counts();

    /** Takes the conversation out of a body. */
    List<Message> conversation(Members body);

    /** Puts turns that fit the rules into a body. */
    void converse(List<Turn> turns, String model, ObjectNode body);

    /** Where the settings stand. */
    default @Nullable Members sampled(Members body) {
        return body;
    }

    /** Where the settings go. */
    default ObjectNode sampling(ObjectNode body) {
        return body;
    }

    /**
     * Reads a caller's request.
     *
     * @throws Failed {@code INVALID_REQUEST} with the path of the member at fault, {@code
     *     UNSUPPORTED} when it is right and cannot be read as a conversation
     */
    default Request read(JsonNode body, String model, boolean stream) {
        Members members = Members.strict(body, "");
        List<Message> messages = conversation(members);
        Members sampled = sampled(members);
        Request plain = Request.of(model, messages);
        return new Request(
                model,
                messages,
                plain.tools(),
                plain.toolChoice(),
                sampled == null ? plain.sampling() : settings().read(sampled),
                plain.format(),
                stream,
                members.extras(dialect()));
    }

    /**
     * Writes a request for a supplier.
     *
     * @throws Failed {@code INVALID_REQUEST} when it says nothing that could be told
     */
    default ObjectNode write(Request request) {
        var lost = new ArrayList<Loss>();
        List<Turn> turns = Fit.turns(request.messages(), rules(request.model()), dialect(), lost);
        if (turns.isEmpty()) {
            throw new Failed(
                    Failure.at(
                            Cause.INVALID_REQUEST,
                            "There is no text in 'messages' that could be told to "
                                    + request.model()
                                    + ".",
                            "messages"));
        }
        ObjectNode body = Json.object();
        converse(turns, request.model(), body);
        ObjectNode settings = sampling(body);
        settings().write(request.sampling(), settings);
        return Residue.fill(body, request.extras(), dialect());
    }

    /** What a maker's word for the end means. */
    StopReason reason(String word);

    /** The maker's word for a reason to stop. */
    String word(StopReason reason);

    /** The text of a whole answer. */
    Said said(ObjectNode answer);

    /** A whole answer. */
    ObjectNode answer(String text, StopReason reason, Usage usage);

    /** One piece of a stream. */
    Said piece(ObjectNode chunk);

    /** Whether a chunk is the last with a text. */
    default boolean ends(ObjectNode chunk) {
        return piece(chunk).word() != null;
    }

    /** A chunk with a text. */
    ObjectNode chunk(String text);

    /** The last chunk. */
    ObjectNode last(StopReason reason, Usage usage);

    /**
     * What an answer or a chunk says.
     *
     * @param text null where it is not an answer of this form at all
     * @param word why it ended; null when it did not, or nobody said
     * @param usage {@link Usage#NONE} when it told none
     */
    record Said(@Nullable String text, @Nullable String word, Usage usage) {}
}

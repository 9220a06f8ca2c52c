package entrepot.protocols.openai.responses;

import entrepot.conversation.Answer;
import entrepot.conversation.Event;
import entrepot.conversation.EventSink;
import entrepot.conversation.Message;
import entrepot.conversation.Part;
import entrepot.conversation.Request;
import entrepot.protocols.Seals;

import java.util.List;
import java.util.function.UnaryOperator;

/**
 * Who seals the reasoning of a server that speaks Responses and is not OpenAI's. What it made goes
 * back to it and to nobody else, and it is sent nothing of OpenAI's (R33).
 *
 * @param origin such as {@code openai.xai}
 */
record Maker(String origin) {

    /** What of others it could not open, by any name that is not its own. */
    private static final String OTHERS = Seals.OPENAI + ".others";

    /** A request as the dialect's writer takes it: what this maker sealed is the dialect's own. */
    Request asked(Request request) {
        List<Message> messages =
                request.messages().stream()
                        .map(message ->
                                new Message(
                                        message.role(),
                                        parts(message.parts(), this::own),
                                        message.name(),
                                        message.extras()))
                        .toList();
        return new Request(
                request.model(),
                messages,
                request.tools(),
                request.toolChoice(),
                request.sampling(),
                request.format(),
                request.stream(),
                request.extras());
    }

    private String own(String sealed) {
        if (Seals.isOf(origin, sealed)) {
            return Seals.resealed(sealed, Seals.OPENAI);
        }
        return Seals.isOf(Seals.OPENAI, sealed) ? Seals.resealed(sealed, OTHERS) : sealed;
    }

    /** An answer of this maker's, sealed in its name. */
    Answer told(Answer answer) {
        return new Answer(
                answer.answerId(),
                answer.model(),
                parts(answer.parts(), this::named),
                answer.stopReason(),
                answer.usage(),
                answer.extras());
    }

    /** The same for a stream. */
    EventSink told(EventSink sink) {
        return event ->
                sink.accept(
                        event instanceof Event.PartFinished finished
                                ? new Event.PartFinished(
                                        finished.index(), part(finished.part(), this::named))
                                : event);
    }

    private String named(String sealed) {
        return Seals.isOf(Seals.OPENAI, sealed) ? Seals.resealed(sealed, origin) : sealed;
    }

    private static List<Part> parts(List<Part> parts, UnaryOperator<String> seal) {
        return parts.stream().map(part -> part(part, seal)).toList();
    }

    private static Part part(Part part, UnaryOperator<String> seal) {
        return part instanceof Part.Reasoning thought && thought.signature() != null
                ? new Part.Reasoning(
                        thought.text(), seal.apply(thought.signature()), thought.extras())
                : part;
    }
}

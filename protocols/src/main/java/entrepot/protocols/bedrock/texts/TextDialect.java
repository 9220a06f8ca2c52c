package entrepot.protocols.bedrock.texts;

import entrepot.conversation.Answer;
import entrepot.conversation.EventSink;
import entrepot.conversation.Extras;
import entrepot.conversation.Failed;
import entrepot.conversation.Failure;
import entrepot.conversation.Failure.Cause;
import entrepot.conversation.Loss;
import entrepot.conversation.Part;
import entrepot.conversation.Request;
import entrepot.conversation.StopReason;
import entrepot.protocols.Dialect;
import entrepot.protocols.Header;
import entrepot.protocols.Meter;
import entrepot.protocols.StreamReader;
import entrepot.protocols.bedrock.BedrockErrors;
import entrepot.protocols.bedrock.EventFrames;
import entrepot.protocols.bedrock.invoke.InvokeMeter;
import entrepot.protocols.json.Json;

import tools.jackson.databind.node.ObjectNode;

import java.util.List;

/** Suppliers of InvokeModel, as far as they are asked in one maker's words. */
public record TextDialect(TextBody body) implements Dialect {

    private static final String GUARDRAIL = "amazon-bedrock-guardrailAction";

    @Override
    public String name() {
        return body.dialect();
    }

    @Override
    public List<Loss> losses(Request request) {
        return TextLosses.of(request, body);
    }

    /** Where the body has no place for them, the answer is cut here. */
    @Override
    public List<String> stops(Request request) {
        return body.settings().stop() == null ? request.sampling().stop() : List.of();
    }

    @Override
    public byte[] write(Request request) {
        return Json.write(body.write(request));
    }

    @Override
    public Answer read(byte[] bytes) {
        if (Json.read(bytes, Cause.SUPPLIER_FAILED) instanceof ObjectNode answer) {
            return read(answer);
        }
        throw new Failed(
                Failure.of(Cause.SUPPLIER_FAILED, "The supplier's answer is no JSON object."));
    }

    public Answer read(ObjectNode answer) {
        TextBody.Said said = body.said(answer);
        String text = said.text();
        if (text == null) {
            throw new Failed(
                    Failure.of(
                            Cause.SUPPLIER_FAILED,
                            "The supplier's answer is none of " + body.dialect() + "."));
        }
        return new Answer(
                "",
                "",
                text.isEmpty() ? List.of() : List.of(new Part.Text(text, Extras.NONE)),
                reason(body, said, answer),
                said.usage(),
                Extras.NONE);
    }

    /** Where a guardrail has spoken instead of the model there may be no word for the end. */
    static StopReason reason(TextBody body, TextBody.Said said, ObjectNode answer) {
        String word = said.word();
        if (word != null) {
            return body.reason(word);
        }
        return answer.path(GUARDRAIL).asString("").equals("INTERVENED")
                ? StopReason.FILTER
                : StopReason.END;
    }

    @Override
    public StreamReader reader(EventSink sink) {
        return new TextStreamReader(body, sink);
    }

    @Override
    public Meter meter(boolean hideUsage) {
        return new InvokeMeter();
    }

    @Override
    public Failure refusal(int status, Header header, byte[] bytes) {
        return BedrockErrors.read(status, header, bytes);
    }

    @Override
    public byte[] broken(Failure failure) {
        return EventFrames.bytes(BedrockErrors.frame(failure));
    }
}

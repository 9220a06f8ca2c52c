package entrepot.protocols.bedrock.converse;

import entrepot.conversation.Answer;
import entrepot.conversation.EventSink;
import entrepot.conversation.Failure;
import entrepot.conversation.Loss;
import entrepot.conversation.Request;
import entrepot.protocols.Dialect;
import entrepot.protocols.Header;
import entrepot.protocols.Meter;
import entrepot.protocols.StreamReader;
import entrepot.protocols.bedrock.BedrockErrors;
import entrepot.protocols.bedrock.EventFrames;

import java.util.List;

/** Bedrock's Converse and ConverseStream as a supplier. */
public final class ConverseDialect implements Dialect {

    @Override
    public String name() {
        return ConverseRequests.DIALECT;
    }

    @Override
    public List<Loss> losses(Request request) {
        return ConverseLosses.of(request);
    }

    @Override
    public byte[] write(Request request) {
        return ConverseRequests.write(ConverseFit.fit(request));
    }

    @Override
    public Answer read(byte[] body) {
        return ConverseAnswers.read(body);
    }

    @Override
    public StreamReader reader(EventSink sink) {
        return new ConverseStreamReader(sink);
    }

    @Override
    public Meter meter(boolean hideUsage) {
        return new ConverseMeter();
    }

    @Override
    public Failure refusal(int status, Header header, byte[] body) {
        return BedrockErrors.read(status, header, body);
    }

    @Override
    public byte[] broken(Failure failure) {
        return EventFrames.bytes(BedrockErrors.frame(failure));
    }
}

package entrepot.protocols.anthropic.messages;

import entrepot.conversation.Answer;
import entrepot.conversation.EventSink;
import entrepot.conversation.Failure;
import entrepot.conversation.Loss;
import entrepot.conversation.Request;
import entrepot.conversation.Usage;
import entrepot.protocols.Dialect;
import entrepot.protocols.Header;
import entrepot.protocols.Meter;
import entrepot.protocols.StreamReader;
import entrepot.protocols.anthropic.AnthropicErrors;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** Suppliers of the Messages API. */
public final class MessagesDialect implements Dialect {

    @Override
    public String name() {
        return MessagesRequests.DIALECT;
    }

    @Override
    public List<Loss> losses(Request request) {
        return MessagesLosses.of(request);
    }

    @Override
    public byte[] write(Request request) {
        return MessagesRequests.write(request);
    }

    @Override
    public Answer read(byte[] body) {
        return MessagesAnswers.read(body);
    }

    @Override
    public StreamReader reader(EventSink sink) {
        return new MessagesStreamReader(sink);
    }

    /** Usage is part of every stream here: there is nothing to hide. */
    @Override
    public Meter meter(boolean hideUsage) {
        return new MessagesMeter();
    }

    @Override
    public @Nullable Usage usage(byte[] body) {
        return MessagesTotals.read(body).usage();
    }

    @Override
    public Failure refusal(int status, Header header, byte[] body) {
        return AnthropicErrors.read(status, header, body);
    }

    @Override
    public byte[] broken(Failure failure) {
        String event = "\n\nevent: error\ndata: " + AnthropicErrors.body(failure, null) + "\n\n";
        return event.getBytes(StandardCharsets.UTF_8);
    }
}

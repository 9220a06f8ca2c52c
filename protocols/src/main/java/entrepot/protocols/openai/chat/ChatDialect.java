package entrepot.protocols.openai.chat;

import entrepot.conversation.Answer;
import entrepot.conversation.EventSink;
import entrepot.conversation.Failure;
import entrepot.conversation.Loss;
import entrepot.conversation.Request;
import entrepot.conversation.Usage;
import entrepot.protocols.Dialect;
import entrepot.protocols.Frame;
import entrepot.protocols.Header;
import entrepot.protocols.Meter;
import entrepot.protocols.StreamReader;
import entrepot.protocols.openai.OpenAiErrors;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** Suppliers of Chat Completions. */
public final class ChatDialect implements Dialect {

    @Override
    public String name() {
        return ChatRequests.DIALECT;
    }

    @Override
    public List<Loss> losses(Request request) {
        return ChatLosses.of(request);
    }

    @Override
    public byte[] write(Request request) {
        byte[] body = ChatRequests.write(request);
        return request.stream() ? ChatEnvelope.scan(body).splice(request.model(), true) : body;
    }

    @Override
    public Answer read(byte[] body) {
        return ChatAnswers.read(body);
    }

    @Override
    public StreamReader reader(EventSink sink) {
        var reader = new ChatStreamReader(sink);
        return new StreamReader() {
            @Override
            public void frame(Frame frame) throws InterruptedException {
                reader.data(frame.data());
            }

            @Override
            public void end() throws InterruptedException {
                reader.end();
            }

            @Override
            public boolean done() {
                return reader.done();
            }
        };
    }

    @Override
    public Meter meter(boolean hideUsage) {
        return new ChatMeter(hideUsage);
    }

    @Override
    public @Nullable Usage usage(byte[] body) {
        return ChatTotals.read(body).usage();
    }

    @Override
    public Failure refusal(int status, Header header, byte[] body) {
        return OpenAiErrors.read(status, header, body);
    }

    @Override
    public byte[] broken(Failure failure) {
        String event = "\n\ndata: " + OpenAiErrors.body(failure) + "\n\n";
        return event.getBytes(StandardCharsets.UTF_8);
    }
}

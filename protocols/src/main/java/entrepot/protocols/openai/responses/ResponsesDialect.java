package entrepot.protocols.openai.responses;

import entrepot.conversation.Answer;
import entrepot.conversation.EventSink;
import entrepot.conversation.Failure;
import entrepot.conversation.Loss;
import entrepot.conversation.Request;
import entrepot.protocols.Dialect;
import entrepot.protocols.Header;
import entrepot.protocols.Meter;
import entrepot.protocols.Seals;
import entrepot.protocols.StreamReader;
import entrepot.protocols.json.Json;
import entrepot.protocols.openai.OpenAiErrors;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** Suppliers of Responses. */
public final class ResponsesDialect implements Dialect {

    private final @Nullable Maker maker;

    /** OpenAI, and whoever passes on what OpenAI made. */
    public ResponsesDialect() {
        maker = null;
    }

    /**
     * @param maker of reasoning that only it can open, such as {@code xai}
     */
    public ResponsesDialect(String maker) {
        this.maker = new Maker(Seals.OPENAI + "." + maker);
    }

    private Request mine(Request request) {
        return maker == null ? request : maker.asked(request);
    }

    @Override
    public String name() {
        return ResponsesRequests.DIALECT;
    }

    @Override
    public List<Loss> losses(Request request) {
        return ResponsesLosses.of(mine(request));
    }

    /**
     * The body of a call. A call that comes from another dialect is not to be stored by the
     * supplier: nobody would ask for it again, and its reasoning comes back sealed instead.
     */
    @Override
    public byte[] write(Request request) {
        ObjectNode body = ResponsesRequests.tree(mine(request));
        if (!request.extras().dialect().equals(ResponsesRequests.DIALECT)) {
            body.put("store", false);
            ArrayNode include = body.withArray("include");
            include.add("reasoning.encrypted_content");
            FromChat.write(request.extras(), body);
        }
        return Json.write(body);
    }

    @Override
    public List<String> stops(Request request) {
        return request.sampling().stop();
    }

    @Override
    public Answer read(byte[] body) {
        Answer answer = ResponsesAnswers.read(body);
        return maker == null ? answer : maker.told(answer);
    }

    @Override
    public StreamReader reader(EventSink sink) {
        return new ResponsesStreamReader(maker == null ? sink : maker.told(sink));
    }

    @Override
    public Meter meter(boolean hideUsage) {
        return new ResponsesMeter();
    }

    @Override
    public Failure refusal(int status, Header header, byte[] body) {
        return OpenAiErrors.read(status, header, body);
    }

    @Override
    public byte[] broken(Failure failure) {
        ObjectNode event = Json.object().put("type", "error");
        event.setAll(ResponsesStreamWriter.error(failure));
        // The numbers of the events before are not known to who passes them on.
        event.put("sequence_number", 0);
        return ("\n\nevent: error\ndata: " + event + "\n\n").getBytes(StandardCharsets.UTF_8);
    }
}

package entrepot.protocols.openai.responses;

import entrepot.conversation.Answer;
import entrepot.conversation.EventSink;
import entrepot.conversation.Failure;
import entrepot.conversation.Loss;
import entrepot.conversation.Request;
import entrepot.protocols.Dialect;
import entrepot.protocols.Header;
import entrepot.protocols.Meter;
import entrepot.protocols.StreamReader;
import entrepot.protocols.json.Json;
import entrepot.protocols.openai.OpenAiErrors;

import tools.jackson.databind.node.ObjectNode;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** Suppliers of Responses. */
public final class ResponsesDialect implements Dialect {

    @Override
    public String name() {
        return ResponsesRequests.DIALECT;
    }

    @Override
    public List<Loss> losses(Request request) {
        return ResponsesLosses.of(request);
    }

    /**
     * The body of a call. A call that comes from another dialect is not to be stored by the
     * supplier: nobody would ask for it again, and its reasoning comes back sealed instead.
     */
    @Override
    public byte[] write(Request request) {
        ObjectNode body = ResponsesRequests.tree(request);
        if (!request.extras().dialect().equals(ResponsesRequests.DIALECT)) {
            body.put("store", false);
            body.putArray("include").add("reasoning.encrypted_content");
        }
        return Json.write(body);
    }

    @Override
    public Answer read(byte[] body) {
        return ResponsesAnswers.read(body);
    }

    @Override
    public StreamReader reader(EventSink sink) {
        return new ResponsesStreamReader(sink);
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

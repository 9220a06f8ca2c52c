package entrepot.gateway.corpus;

import entrepot.conversation.Request;
import entrepot.gateway.storefronts.Framing;
import entrepot.protocols.Dialect;
import entrepot.protocols.Voice;
import entrepot.protocols.json.Json;
import entrepot.protocols.openai.responses.ResponsesDialect;
import entrepot.protocols.openai.responses.ResponsesEnvelope;
import entrepot.protocols.openai.responses.ResponsesRequests;
import entrepot.protocols.openai.responses.ResponsesVoice;
import entrepot.testkit.Recording;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Responses, of OpenAI and of those who speak like it, where nothing is kept: what refers to a
 * response or a conversation that was kept is played by the tests of the Responses API.
 */
final class ResponsesTrack implements Track {

    @Override
    public List<String> files() {
        return List.of("openai-responses.jsonl", "responses-compatible.jsonl");
    }

    @Override
    public @Nullable Call call(Recording recording) {
        if (!recording.pathOnly().endsWith("/responses")
                || !recording.json().path("model").isString()) {
            return null;
        }
        var envelope = ResponsesEnvelope.scan(recording.request());
        return envelope.isStateful()
                ? null
                : new Call("/v1/responses", envelope.model(), envelope.stream(), Map.of());
    }

    /** Only what nobody keeps is passed on as it came; most recorders left the default, to keep. */
    @Override
    public byte[] request(Recording recording) {
        var envelope = ResponsesEnvelope.scan(recording.request());
        return Boolean.FALSE.equals(envelope.store())
                ? recording.request()
                : envelope.splice(
                        envelope.model(), Map.of("store", Json.object().booleanNode(false)));
    }

    @Override
    public List<String> supplier() {
        return List.of("kind: openai-compatible", "apis: [responses]");
    }

    @Override
    public Dialect dialect() {
        return new ResponsesDialect();
    }

    @Override
    public Request read(String path, byte[] body) {
        return ResponsesRequests.read(body);
    }

    @Override
    public Voice voice(boolean stream) {
        var count = new AtomicInteger();
        return new ResponsesVoice(
                Json.object(), "resp_1", 1, kind -> kind + "_" + count.incrementAndGet());
    }

    @Override
    public Framing framing() {
        return Framing.SSE;
    }
}

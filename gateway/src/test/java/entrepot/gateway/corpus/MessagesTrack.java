package entrepot.gateway.corpus;

import entrepot.conversation.Request;
import entrepot.gateway.storefronts.Framing;
import entrepot.protocols.Dialect;
import entrepot.protocols.Voice;
import entrepot.protocols.anthropic.messages.MessagesDialect;
import entrepot.protocols.anthropic.messages.MessagesRequests;
import entrepot.protocols.anthropic.messages.MessagesVoice;
import entrepot.protocols.anthropic.versions.ApiVersions;
import entrepot.testkit.Recording;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;

import java.util.List;
import java.util.Map;

/** Anthropic's Messages. */
final class MessagesTrack implements Track {

    @Override
    public List<String> files() {
        return List.of("anthropic-messages.jsonl");
    }

    @Override
    public @Nullable Call call(Recording recording) {
        if (!recording.pathOnly().endsWith("/v1/messages")) {
            return null;
        }
        JsonNode body = recording.json();
        return new Call(
                recording.path(),
                body.path("model").stringValue(),
                body.path("stream").asBoolean(false),
                // Many recorders left the version out.
                Map.of(ApiVersions.HEADER, ApiVersions.WIDEST.name()));
    }

    @Override
    public List<String> supplier() {
        return List.of("kind: anthropic");
    }

    @Override
    public Dialect dialect() {
        return new MessagesDialect();
    }

    @Override
    public Request read(String path, byte[] body) {
        return MessagesRequests.read(body, ApiVersions.WIDEST);
    }

    @Override
    public Voice voice(boolean stream) {
        return new MessagesVoice(() -> 1, "req_1");
    }

    @Override
    public Framing framing() {
        return Framing.SSE;
    }
}

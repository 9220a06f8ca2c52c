package entrepot.gateway.corpus;

import static java.nio.charset.StandardCharsets.UTF_8;

import entrepot.conversation.Request;
import entrepot.gateway.storefronts.Framing;
import entrepot.protocols.Dialect;
import entrepot.protocols.Voice;
import entrepot.protocols.openai.chat.ChatDialect;
import entrepot.protocols.openai.chat.ChatRequests;
import entrepot.protocols.openai.chat.ChatVoice;
import entrepot.testkit.Recording;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;

import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Chat Completions, of OpenAI and of those who speak like it. */
class ChatTrack implements Track {

    private static final Pattern USAGE_ONLY =
            Pattern.compile(
                    "data: [^\\n]*\"choices\": ?\\[\\][^\\n]*\"usage\": ?\\{[^\\n]*\\n\\n|data:"
                            + " [^\\n]*\"usage\": ?\\{[^\\n]*\"choices\": ?\\[\\][^\\n]*\\n\\n");

    @Override
    public List<String> files() {
        return List.of("openai-chat.jsonl", "openai-compatible-chat.jsonl");
    }

    @Override
    public @Nullable Call call(Recording recording) {
        if (!recording.pathOnly().endsWith("/chat/completions")) {
            return null;
        }
        JsonNode body = recording.json();
        return body.path("model").isString()
                ? new Call(
                        "/v1/chat/completions",
                        body.path("model").stringValue(),
                        body.path("stream").asBoolean(false),
                        Map.of())
                : null;
    }

    @Override
    public boolean hidesUsage(Recording recording) {
        JsonNode body = recording.json();
        return body.path("stream").asBoolean(false)
                && !body.path("stream_options").path("include_usage").asBoolean(false);
    }

    @Override
    public byte[] shown(Recording recording) {
        boolean asked =
                recording.json().path("stream_options").path("include_usage").asBoolean(false);
        String answer = new String(recording.answer(), UTF_8);
        return asked
                ? recording.answer()
                : USAGE_ONLY.matcher(answer).replaceAll("").getBytes(UTF_8);
    }

    @Override
    public List<String> supplier() {
        return List.of("kind: openai-compatible");
    }

    @Override
    public Dialect dialect() {
        return new ChatDialect();
    }

    @Override
    public Request read(String path, byte[] body) {
        return ChatRequests.read(body);
    }

    @Override
    public Voice voice(boolean stream) {
        return new ChatVoice(1, true);
    }

    @Override
    public Framing framing() {
        return Framing.SSE;
    }
}

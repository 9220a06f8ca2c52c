package entrepot.gateway.corpus;

import entrepot.conversation.Request;
import entrepot.gateway.storefronts.Framing;
import entrepot.protocols.Dialect;
import entrepot.protocols.Voice;
import entrepot.protocols.google.gemini.GeminiDialect;
import entrepot.protocols.google.gemini.GeminiRequests;
import entrepot.protocols.google.gemini.GeminiVoice;
import entrepot.protocols.json.Json;
import entrepot.testkit.Recording;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.node.ObjectNode;

import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Gemini, at Google's developer interface and on Vertex. */
final class GeminiTrack implements Track {

    private static final Pattern PATH =
            Pattern.compile(
                    "(?:/v1beta|/v1(?:beta1)?(?:/projects/[^/]+/locations/[^/]+)?"
                            + "/publishers/google)/models/([^:?]+)"
                            + ":(generateContent|streamGenerateContent)(\\?.*)?");

    @Override
    public List<String> files() {
        return List.of("gemini.jsonl", "vertex.jsonl");
    }

    /** Calls, with the query as it was recorded but for what asks for the array. */
    @Override
    public @Nullable Call call(Recording recording) {
        Matcher path = PATH.matcher(recording.path());
        if (!path.matches() || recording.request().length == 0) {
            return null;
        }
        boolean stream = path.group(2).equals("streamGenerateContent");
        boolean events = recording.path().contains("alt=sse");
        return stream && !events
                ? null
                : new Call(recording.path(), path.group(1), stream, Map.of());
    }

    @Override
    public byte[] sent(Recording recording) {
        Matcher path = PATH.matcher(recording.path());
        ObjectNode body = (ObjectNode) recording.json();
        return path.matches() && body.has("model")
                ? Json.write(body.put("model", "models/" + path.group(1)))
                : recording.request();
    }

    @Override
    public List<String> supplier() {
        return List.of("kind: gemini");
    }

    @Override
    public Dialect dialect() {
        return new GeminiDialect();
    }

    @Override
    public Request read(String path, byte[] body) {
        Matcher at = PATH.matcher(path);
        String model = at.find() ? at.group(1) : "m";
        return GeminiRequests.read(body, model, path.contains(":streamGenerateContent"));
    }

    @Override
    public Voice voice(boolean stream) {
        return new GeminiVoice();
    }

    @Override
    public Framing framing() {
        return Framing.SSE;
    }
}

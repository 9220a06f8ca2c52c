package entrepot.gateway.corpus;

import static java.nio.charset.StandardCharsets.UTF_8;

import entrepot.conversation.Request;
import entrepot.gateway.storefronts.Framing;
import entrepot.market.bedrock.InvokeBodies;
import entrepot.market.bedrock.InvokeDialect;
import entrepot.protocols.Dialect;
import entrepot.protocols.Frame;
import entrepot.protocols.Voice;
import entrepot.testkit.Recording;

import org.jspecify.annotations.Nullable;

import java.net.URLDecoder;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Bedrock's InvokeModel with bodies of every maker, whole and as an event stream. */
final class InvokeTrack implements Track {

    private static final Pattern PATH =
            Pattern.compile("/model/([^/]+)/invoke(-with-response-stream)?");

    private final ConverseTrack converse = new ConverseTrack();

    @Override
    public List<String> files() {
        return List.of("bedrock-invoke.jsonl", "bedrock-invoke-stream.jsonl");
    }

    @Override
    public @Nullable Call call(Recording recording) {
        Matcher path = PATH.matcher(recording.pathOnly());
        return path.matches() && recording.request().length > 0
                ? new Call(recording.path(), model(path), path.group(2) != null, Map.of())
                : null;
    }

    private static String model(Matcher path) {
        return URLDecoder.decode(path.group(1), UTF_8);
    }

    /** Some makers' answers are counted in headers, which the double of a client does not see. */
    @Override
    public boolean hidesUsage(Recording recording) {
        boolean whole = recording.answerType().startsWith("application/json");
        return whole && dialect().usage(recording.answer()) == null;
    }

    @Override
    public List<String> supplier() {
        return List.of("kind: bedrock", "region: us-east-1", "api: invoke");
    }

    @Override
    public Dialect dialect() {
        return new InvokeDialect();
    }

    @Override
    public Request read(String path, byte[] body) {
        Matcher matcher = PATH.matcher(path.replaceFirst("\\?.*", ""));
        if (!matcher.matches()) {
            throw new IllegalArgumentException(path);
        }
        boolean stream = matcher.group(2) != null;
        return InvokeBodies.read(model(matcher), stream, InvokeBodies.tree(body));
    }

    @Override
    public List<Frame> frames(byte[] stream) {
        return converse.frames(stream);
    }

    @Override
    public Voice voice(boolean stream) {
        throw new UnsupportedOperationException("suppliers answer in the words of each model");
    }

    @Override
    public Framing framing() {
        return converse.framing();
    }
}

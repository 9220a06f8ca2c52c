package entrepot.gateway.corpus;

import static java.nio.charset.StandardCharsets.UTF_8;

import entrepot.conversation.Request;
import entrepot.gateway.storefronts.EventStreamFraming;
import entrepot.gateway.storefronts.Framing;
import entrepot.http.eventstream.EventStreamMessage;
import entrepot.http.eventstream.EventStreamParser;
import entrepot.protocols.Dialect;
import entrepot.protocols.Frame;
import entrepot.protocols.Voice;
import entrepot.protocols.bedrock.converse.ConverseDialect;
import entrepot.protocols.bedrock.converse.ConverseRequests;
import entrepot.protocols.bedrock.converse.ConverseVoice;
import entrepot.testkit.Recording;

import org.jspecify.annotations.Nullable;

import java.net.URLDecoder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Bedrock's Converse, whole and as an event stream. */
final class ConverseTrack implements Track {

    private static final Pattern PATH = Pattern.compile("/model/([^/]+)/converse(-stream)?");

    @Override
    public List<String> files() {
        return List.of("bedrock-converse.jsonl", "bedrock-converse-stream.jsonl");
    }

    @Override
    public @Nullable Call call(Recording recording) {
        Matcher path = PATH.matcher(recording.pathOnly());
        return path.matches()
                ? new Call(recording.path(), model(path), path.group(2) != null, Map.of())
                : null;
    }

    private static String model(Matcher path) {
        return URLDecoder.decode(path.group(1), UTF_8);
    }

    @Override
    public List<String> supplier() {
        return List.of("kind: bedrock", "region: us-east-1");
    }

    @Override
    public Dialect dialect() {
        return new ConverseDialect();
    }

    @Override
    public Request read(String path, byte[] body) {
        Matcher matcher = PATH.matcher(path.replaceFirst("^/v1", "").replaceFirst("\\?.*", ""));
        if (!matcher.matches()) {
            throw new AssertionError("not a path of Converse: " + path);
        }
        return ConverseRequests.read(model(matcher), matcher.group(2) != null, body);
    }

    @Override
    public List<Frame> frames(byte[] stream) {
        var frames = new ArrayList<Frame>();
        var parser = new EventStreamParser();
        parser.push(stream, message -> frames.add(frame(message)));
        parser.end();
        return frames;
    }

    private static Frame frame(EventStreamMessage message) {
        String exception = message.text(":exception-type");
        return exception == null
                ? Frame.of(String.valueOf(message.text(":event-type")), message.payload())
                : new Frame(Frame.Kind.EXCEPTION, exception, message.payload());
    }

    @Override
    public Voice voice(boolean stream) {
        return new ConverseVoice(() -> 1);
    }

    @Override
    public Framing framing() {
        return new EventStreamFraming();
    }
}

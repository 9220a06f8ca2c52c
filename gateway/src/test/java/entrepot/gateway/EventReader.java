package entrepot.gateway;

import entrepot.testkit.PlainClient;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** Reads a stream of server-sent events, frame by frame. */
public final class EventReader implements AutoCloseable {

    private final PlainClient response;
    private final BufferedReader lines;
    private final List<String> comments = new ArrayList<>();

    EventReader(PlainClient response) {
        this.response = response;
        this.lines =
                new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8));
    }

    /** One frame; name and id are empty where it had none. */
    public record Frame(String name, String id, String data) {
        public JsonNode json() {
            return Served.json(data);
        }

        public String type() {
            return json().path("type").asString("");
        }
    }

    public PlainClient response() {
        return response;
    }

    /** Comments so far. */
    public List<String> comments() {
        return comments;
    }

    /** The next frame; null at the end. */
    public @Nullable Frame next() {
        String name = "";
        String id = "";
        var data = new StringBuilder();
        try {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.isEmpty()) {
                    if (!data.isEmpty()) {
                        return new Frame(name, id, data.toString());
                    }
                } else if (line.startsWith(":")) {
                    comments.add(line.substring(1).strip());
                } else if (line.startsWith("event: ")) {
                    name = line.substring(7);
                } else if (line.startsWith("id: ")) {
                    id = line.substring(4);
                } else if (line.startsWith("data: ")) {
                    data.append(line.substring(6));
                }
            }
            return null;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Frames up to and including the first that matches. */
    public List<Frame> until(Predicate<Frame> last) {
        var frames = new ArrayList<Frame>();
        while (true) {
            Frame frame = next();
            if (frame == null) {
                throw new AssertionError("the stream ended after " + frames);
            }
            frames.add(frame);
            if (last.test(frame)) {
                return frames;
            }
        }
    }

    public List<Frame> untilType(String type) {
        return until(frame -> frame.type().equals(type));
    }

    /** All frames to the end. */
    public List<Frame> rest() {
        var frames = new ArrayList<Frame>();
        for (Frame frame = next(); frame != null; frame = next()) {
            frames.add(frame);
        }
        return frames;
    }

    @Override
    public void close() {
        response.close();
    }
}

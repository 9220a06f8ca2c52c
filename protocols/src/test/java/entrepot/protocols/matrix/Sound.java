package entrepot.protocols.matrix;

import static java.nio.charset.StandardCharsets.UTF_8;

import entrepot.conversation.Answer;
import entrepot.conversation.Answers;
import entrepot.conversation.Event;
import entrepot.conversation.Request;
import entrepot.protocols.Frame;
import entrepot.protocols.StreamWriter;
import entrepot.protocols.anthropic.messages.MessagesAnswers;
import entrepot.protocols.anthropic.messages.MessagesRequests;
import entrepot.protocols.anthropic.versions.ApiVersions;
import entrepot.protocols.bedrock.EventFrames;
import entrepot.testkit.Recording;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;

/**
 * Sound bodies of one dialect, to be spoilt: those that are written from one request and answer,
 * and such as were recorded, where recordings are on this machine.
 */
record Sound(List<byte[]> requests, List<byte[]> answers, List<List<Frame>> streams) {

    private static final int BODY_BYTES_MAX = 12_000;

    static Sound of(Column column) {
        var sound = new Sound(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        Request request =
                MessagesRequests.read(input("request.anthropic.messages.json"), ApiVersions.WIDEST);
        Answer answer = MessagesAnswers.read(input("answer.anthropic.messages.json"));
        sound.requests.add(column.dialect().write(request));
        sound.answers.add(column.voice().get().whole(answer));
        sound.streams.add(written(column, Answers.events(answer)));
        for (Recording each : Recording.known(files(column))) {
            sound.take(column, each);
        }
        return sound;
    }

    /** The frames of a dialect for some events. */
    static List<Frame> written(Column column, Collection<Event> events) {
        StreamWriter writer = column.voice().get().stream();
        var frames = new ArrayList<Frame>();
        events.forEach(event -> frames.addAll(writer.write(event)));
        frames.addAll(writer.end());
        return frames;
    }

    private void take(Column column, Recording each) {
        if (each.request().length > 0 && each.request().length < BODY_BYTES_MAX) {
            requests.add(each.request());
        }
        byte[] body = each.answer();
        if (body.length == 0 || body.length > BODY_BYTES_MAX) {
            return;
        }
        var frames = new ArrayList<Frame>();
        if (column.toString().equals("bedrock.converse") && body[0] == 0) {
            new EventFrames().push(body, frames::add);
        } else if (body[0] == '{') {
            answers.add(body);
        } else {
            new String(body, UTF_8)
                    .lines()
                    .filter(line -> line.startsWith("data:"))
                    .map(line -> Frame.of(line.substring(5).getBytes(UTF_8)))
                    .forEach(frames::add);
        }
        if (!frames.isEmpty()) {
            streams.add(frames);
        }
    }

    private static String[] files(Column column) {
        return switch (column.toString()) {
            case "openai.chat" ->
                    new String[] {"openai-chat.jsonl", "openai-compatible-chat.jsonl"};
            case "openai.responses" -> new String[] {"openai-responses.jsonl"};
            case "anthropic.messages" -> new String[] {"anthropic-messages.jsonl"};
            case "bedrock.converse" ->
                    new String[] {"bedrock-converse.jsonl", "bedrock-converse-stream.jsonl"};
            default -> new String[] {"gemini.jsonl", "vertex.jsonl"};
        };
    }

    static byte[] input(String name) {
        try (var in = Sound.class.getResourceAsStream("/matrix/" + name)) {
            return Objects.requireNonNull(in, name).readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

package entrepot.gateway.corpus;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import entrepot.conversation.Answer;
import entrepot.conversation.Answers;
import entrepot.conversation.Event;
import entrepot.conversation.Failed;
import entrepot.conversation.Loss;
import entrepot.conversation.Request;
import entrepot.protocols.Dialect;
import entrepot.protocols.Frame;
import entrepot.protocols.StreamReader;
import entrepot.protocols.StreamWriter;
import entrepot.protocols.Voice;
import entrepot.testkit.Recording;
import entrepot.testkit.Script;
import entrepot.testkit.ScriptedSupplier;

import org.assertj.core.api.SoftAssertions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Every recorded exchange through a running gateway whose supplier speaks another dialect: the
 * words, calls, results and pictures arrive both ways, or their loss is declared.
 */
class CrossDialectTest {

    static List<Pair> pairs() {
        var pairs = new ArrayList<Pair>();
        for (Track from : Tracks.CALLERS) {
            for (Track to : Tracks.ALL) {
                if (!speaks(from, to)) {
                    pairs.add(new Pair(from, to));
                }
            }
        }
        return pairs;
    }

    /** Bedrock's two interfaces are one account's: what comes in by either goes out by it. */
    private static boolean speaks(Track from, Track to) {
        return from.dialect().name().equals(to.dialect().name())
                || (from instanceof InvokeTrack && to instanceof ConverseTrack);
    }

    record Pair(Track from, Track to) {
        @Override
        public String toString() {
            return from.dialect().name() + " to " + to.dialect().name();
        }
    }

    /** A recording with what it says in canonical words. */
    private record Scene(Recording recording, Track.Call call, Request asked, Answer answer) {}

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("pairs")
    void whatWasSaidArrives(Pair pair) {
        List<Scene> scenes = scenes(pair.from());
        var models = new LinkedHashSet<String>();
        scenes.forEach(scene -> models.add(scene.call().model()));
        var softly = new SoftAssertions();
        try (var theatre = new Theatre(pair.to(), models)) {
            for (Scene scene : scenes) {
                play(pair, theatre, scene, softly);
            }
        }
        softly.assertAll();
    }

    private static void play(Pair pair, Theatre theatre, Scene scene, SoftAssertions softly) {
        Dialect there = pair.to().dialect();
        List<Loss> losses = there.losses(scene.asked());
        theatre.twin.always(script(pair.to(), scene.answer(), scene.call().stream()));
        int before = theatre.twin.requests().size();
        if (losses.stream().anyMatch(loss -> loss.weight() == Loss.Weight.MEANING)) {
            var refused = send(pair.from(), theatre, scene, Map.of());
            softly.assertThat(refused.status())
                    .as("%s %s: %s", pair, scene.recording(), losses)
                    .isEqualTo(400);
            softly.assertThat(theatre.twin.requests()).hasSize(before);
        }
        var told = send(pair.from(), theatre, scene, Map.of("x-entrepot-losses", "report"));
        softly.assertThat(told.status())
                .as("%s %s: %s", pair, scene.recording(), new String(told.body(), UTF_8))
                .isEqualTo(200);
        if (told.status() != 200 || theatre.twin.requests().size() == before) {
            return;
        }
        softly.assertThat(told.headers().containsKey("x-entrepot-losses"))
                .as("losses are named, %s %s: %s", pair, scene.recording(), losses)
                .isEqualTo(!losses.isEmpty());
        var sent = theatre.twin.last();
        if (losses.stream().noneMatch(loss -> loss.weight() == Loss.Weight.MEANING)) {
            arrived(pair, scene, losses, sent, softly);
        }
        Answer back = answer(pair.from(), told.headers().get("content-type"), told.body());
        softly.assertThat(Essence.of(carried(pair.to(), scene)).missingIn(Essence.of(back)))
                .as("what the client was told, %s %s", pair, scene.recording())
                .isEmpty();
        if (pair.from().hidesUsage(scene.recording())) {
            return;
        }
        softly.assertThat(back.usage().totalTokens())
                .as("usage, %s %s", pair, scene.recording())
                .isEqualTo(carried(pair.to(), scene).usage().totalTokens());
    }

    /** What a supplier was sent must hold all that was asked. */
    private static void arrived(
            Pair pair,
            Scene scene,
            List<Loss> losses,
            ScriptedSupplier.Received sent,
            SoftAssertions softly) {
        try {
            Request arrived = pair.to().read(sent.target(), sent.body());
            softly.assertThat(undeclared(scene.asked(), arrived, losses))
                    .as("what the supplier was sent, %s %s", pair, scene.recording())
                    .isEmpty();
        } catch (Failed unreadable) {
            softly.fail(
                    "%s %s: the supplier was sent what it cannot read: %s",
                    pair, scene.recording(), unreadable.getMessage());
        }
    }

    /** The answer as far as the supplier's dialect can tell it at all. */
    private static Answer carried(Track to, Scene scene) {
        Script script = script(to, scene.answer(), scene.call().stream());
        return answer(
                to,
                script.headers().getFirst().substring("content-type: ".length()),
                ((Script.Step.Send) script.steps().getFirst()).bytes());
    }

    private static Theatre.Told send(
            Track from, Theatre theatre, Scene scene, Map<String, String> more) {
        var headers = new TreeMap<>(scene.call().headers());
        headers.putAll(more);
        byte[] body = from.request(scene.recording());
        return theatre.send("POST", scene.call().path(), headers, body);
    }

    /** What did not arrive although nobody said that it would not. */
    private static List<String> undeclared(Request asked, Request arrived, List<Loss> losses) {
        boolean retold = losses.stream().anyMatch(loss -> loss.what().contains("plain text"));
        return Essence.of(asked).missingIn(Essence.of(arrived)).stream()
                .filter(missing -> !(retold && missing.startsWith("file ")))
                .toList();
    }

    private static List<Scene> scenes(Track track) {
        var scenes = new ArrayList<Scene>();
        for (Recording recording : Scenes.of(track)) {
            Track.Call call = track.call(recording);
            if (call == null || recording.status() != 200) {
                continue;
            }
            try {
                scenes.add(
                        new Scene(
                                recording,
                                call,
                                track.asked(call, recording),
                                answer(track, recording.answerType(), recording.answer())));
            } catch (Failed notWhole) {
                assertThat(recording.id()).as("%s", notWhole).isNotIn(Scenes.whole(track));
                // A recording that broke off, or holds no answer: see SameDialectTest.
            }
        }
        assertThat(scenes).isNotEmpty();
        return scenes;
    }

    /** An answer of a dialect in canonical words. */
    private static Answer answer(Track track, @Nullable String type, byte[] body) {
        if (type == null || type.startsWith("application/json")) {
            return track.dialect().read(body);
        }
        var collector = new Answers.Collector();
        StreamReader reader = track.dialect().reader(collector);
        try {
            for (Frame frame : track.frames(body)) {
                reader.frame(frame);
            }
            reader.end();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return collector.answer();
    }

    private static Script script(Track track, Answer answer, boolean stream) {
        Voice voice = track.voice(stream);
        if (!stream) {
            return new Script(200, List.of("content-type: application/json"), false, List.of())
                    .send(voice.whole(answer));
        }
        StreamWriter writer = voice.stream();
        var frames = new ArrayList<Frame>();
        for (Event event : Answers.events(answer)) {
            frames.addAll(writer.write(event));
        }
        frames.addAll(writer.end());
        return new Script(
                        200,
                        List.of("content-type: " + track.framing().contentType()),
                        true,
                        List.of())
                .send(track.framing().bytes(frames));
    }
}

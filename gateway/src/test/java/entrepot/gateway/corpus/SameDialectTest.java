package entrepot.gateway.corpus;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import entrepot.conversation.Failed;
import entrepot.conversation.Failure.Cause;
import entrepot.protocols.json.Json;
import entrepot.testkit.Recording;
import entrepot.testkit.Script;

import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;

/**
 * Every recorded exchange through a running gateway, with a double of the provider behind it that
 * speaks the caller's own dialect: what goes out is what came in, and what comes back is what the
 * provider said. R41: what is unknown to us passes untouched.
 */
class SameDialectTest {

    static List<Track> tracks() {
        return Tracks.CALLERS;
    }

    /** A recording and how it is played. */
    private record Scene(Recording recording, Track.Call call) {}

    @ParameterizedTest
    @MethodSource("tracks")
    void whatWasSaidIsPassedOn(Track track) {
        List<Scene> scenes = scenes(track);
        var softly = new SoftAssertions();
        var models = new LinkedHashSet<String>();
        scenes.forEach(scene -> models.add(scene.call().model()));
        try (var theatre = new Theatre(track, models)) {
            for (Scene scene : scenes) {
                if (scene.recording().status() / 100 == 2) {
                    play(track, theatre, scene, softly);
                }
            }
        }
        softly.assertAll();
    }

    @ParameterizedTest
    @MethodSource("tracks")
    void whatWasRefusedIsRefusedWithTheReason(Track track) {
        var softly = new SoftAssertions();
        for (Scene scene : scenes(track)) {
            Recording recording = scene.recording();
            // A limited supplier is waited for: see the tests of routing.
            if (recording.status() / 100 == 4 && recording.status() != 429) {
                try (var theatre = new Theatre(track, List.of(scene.call().model()))) {
                    refused(track, theatre, scene, softly);
                }
            }
        }
        softly.assertAll();
    }

    private static List<Scene> scenes(Track track) {
        var scenes = new ArrayList<Scene>();
        for (Recording recording : Scenes.of(track)) {
            Track.Call call = track.call(recording);
            if (call != null) {
                scenes.add(new Scene(recording, call));
            }
        }
        assertThat(scenes).isNotEmpty();
        return scenes;
    }

    private static void play(Track track, Theatre theatre, Scene scene, SoftAssertions softly) {
        Recording recording = scene.recording();
        theatre.twin.always(script(recording));
        int before = theatre.twin.requests().size();
        Theatre.Told told =
                theatre.send(
                        "POST",
                        scene.call().path(),
                        scene.call().headers(),
                        track.request(recording));
        softly.assertThat(theatre.twin.requests())
                .as("%s reached the provider: %s", recording, new String(told.body(), UTF_8))
                .hasSize(before + 1);
        if (theatre.twin.requests().size() == before) {
            return;
        }
        softly.assertThat(asked(theatre.twin.last().body()))
                .as("what the provider was sent, %s", recording)
                .isEqualTo(asked(track.sent(recording)));
        if (!isAnswer(track, recording)) {
            softly.assertThat(told.status()).as("%s", recording).isIn(400, 502);
            return;
        }
        softly.assertThat(told.status()).as("%s", recording).isEqualTo(200);
        String shown = new String(track.shown(recording), UTF_8);
        if (!told.broken()) {
            softly.assertThat(new String(told.body(), UTF_8))
                    .as("what the client was told, %s", recording)
                    .isEqualTo(shown);
        } else {
            // The recording itself broke off before its end: all of it arrives, then an error.
            softly.assertThat(new String(told.body(), UTF_8))
                    .as("what the client was told, %s", recording)
                    .startsWith(shown);
        }
    }

    private static void refused(Track track, Theatre theatre, Scene scene, SoftAssertions softly) {
        Recording recording = scene.recording();
        theatre.twin.always(script(recording));
        Theatre.Told told =
                theatre.send(
                        "POST",
                        scene.call().path(),
                        scene.call().headers(),
                        track.request(recording));
        int status = recording.status();
        // Our own key was refused there, not the caller's.
        boolean ours =
                track.dialect().refusal(status, _ -> null, recording.answer()).cause()
                        == Cause.SUPPLIER_REFUSED;
        softly.assertThat(told.status())
                .as("%s: %s", recording, new String(told.body(), UTF_8))
                .isIn(
                        ours || !isObject(recording.answer())
                                ? List.of(502, 424, status)
                                : List.of(status, 400, 404));
        softly.assertThat(Json.read(told.body(), Cause.INTERNAL).isObject()).isTrue();
    }

    /** Pages of proxies, lists and nothing at all are no errors of a dialect. */
    private static boolean isObject(byte[] body) {
        try {
            return Json.read(body, Cause.INTERNAL).isObject();
        } catch (Failed notJson) {
            return false;
        }
    }

    /** Some recordings hold what is no answer of the dialect at all, such as an echo. */
    private static boolean isAnswer(Track track, Recording recording) {
        if (!recording.answerType().startsWith("application/json")) {
            return true;
        }
        try {
            track.dialect().read(recording.answer());
            return true;
        } catch (Failed none) {
            return false;
        }
    }

    static Script script(Recording recording) {
        boolean stream = !recording.answerType().startsWith("application/json");
        return new Script(
                        recording.status(),
                        List.of("content-type: " + recording.answerType()),
                        stream,
                        List.of())
                .send(recording.answer());
    }

    /** A request without the wish for usage, which is ours to add. */
    private static JsonNode asked(byte[] body) {
        JsonNode json = Json.read(body, Cause.INTERNAL);
        if (json instanceof ObjectNode object) {
            object.remove("stream_options");
        }
        return json;
    }
}

package entrepot.gateway.corpus;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import entrepot.conversation.Failure.Cause;
import entrepot.protocols.json.Json;
import entrepot.testkit.Script;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import tools.jackson.databind.JsonNode;

import java.util.List;
import java.util.Map;

/** Stop sequences before a supplier of Responses, which cannot be told any. */
class StopSequencesTest {

    private static final String USAGE =
            "\"usage\":{\"input_tokens\":11,\"output_tokens\":40,\"total_tokens\":51}";
    private static final String ASKED =
            "{\"model\":\"agent\",\"messages\":[{\"role\":\"user\",\"content\":\"Go on\"}],"
                    + "\"stop\":[\"\\nObservation:\"]";

    private Theatre theatre;

    @BeforeEach
    void open() {
        theatre = new Theatre(new ResponsesTrack(), List.of("agent"));
    }

    @AfterEach
    void close() {
        theatre.close();
    }

    @Test
    void aWholeAnswerIsCut() {
        theatre.twin.always(
                Script.json(
                        200, response("Thought: look\\nObservation: made up\\nObservation: more")));
        Theatre.Told told = send(ASKED + "}");
        assertThat(told.headers().get("x-entrepot-losses")).contains("sampling.stop");
        JsonNode answer = Json.read(told.body(), Cause.INTERNAL);
        JsonNode choice = answer.path("choices").path(0);
        assertThat(choice.path("message").path("content").stringValue()).isEqualTo("Thought: look");
        assertThat(choice.path("finish_reason").stringValue()).isEqualTo("stop");
        assertThat(answer.path("usage").path("completion_tokens").intValue()).isEqualTo(40);
        assertThat(theatre.twin.last().text()).doesNotContain("Observation");
        billed();
    }

    @Test
    void aStreamIsCutAcrossItsPiecesAndItsUsageIsKnown() {
        var script = Script.stream().send(event("response.created", "\"response\":{\"id\":\"r\"}"));
        for (String piece :
                List.of("Thought: look", "\\nObs", "erve\\nObser", "vation", ": made", " up")) {
            script =
                    script.send(
                            event(
                                    "response.output_text.delta",
                                    "\"item_id\":\"m\",\"output_index\":0,\"content_index\":0,"
                                            + "\"delta\":\""
                                            + piece
                                            + "\""));
        }
        theatre.twin.always(
                script.send(
                        event(
                                "response.completed",
                                "\"response\":"
                                        + response(
                                                "Thought: look\\nObserve\\nObservation: made"
                                                        + " up"))));
        Theatre.Told told =
                send(ASKED + ",\"stream\":true,\"stream_options\":{\"include_usage\":true}}");
        var text = new StringBuilder();
        var reasons = new StringBuilder();
        long output = 0;
        for (String line : new String(told.body(), UTF_8).lines().toList()) {
            if (line.startsWith("data: {")) {
                JsonNode chunk = Json.read(line.substring(6), Cause.INTERNAL);
                JsonNode choice = chunk.path("choices").path(0);
                text.append(choice.path("delta").path("content").asString(""));
                reasons.append(choice.path("finish_reason").asString(""));
                output = Math.max(output, chunk.path("usage").path("completion_tokens").asLong(0));
            }
        }
        assertThat(text).hasToString("Thought: look\nObserve");
        assertThat(reasons).hasToString("stop");
        assertThat(output).isEqualTo(40);
        assertThat(new String(told.body(), UTF_8)).endsWith("data: [DONE]\n\n");
        billed();
    }

    /** What the supplier said after the cut is billed by it, and so it is on the receipt. */
    private void billed() {
        assertThat(theatre.ledger.all())
                .singleElement()
                .satisfies(receipt -> {
                    assertThat(receipt.usage().outputTokens()).isEqualTo(40);
                    assertThat(receipt.usage().estimated()).isFalse();
                });
    }

    private Theatre.Told send(String body) {
        Theatre.Told told =
                theatre.send("POST", "/v1/chat/completions", Map.of(), body.getBytes(UTF_8));
        assertThat(told.status()).as(new String(told.body(), UTF_8)).isEqualTo(200);
        return told;
    }

    private static String event(String type, String members) {
        return "event: %s\ndata: {\"type\":\"%s\",%s}\n\n".formatted(type, type, members);
    }

    private static String response(String text) {
        return "{\"id\":\"r\",\"object\":\"response\",\"status\":\"completed\",\"model\":\"agent\","
                + "\"output\":[{\"type\":\"message\",\"id\":\"m\",\"role\":\"assistant\","
                + "\"status\":\"completed\",\"content\":[{\"type\":\"output_text\",\"text\":\""
                + text
                + "\",\"annotations\":[]}]}],"
                + USAGE
                + "}";
    }
}

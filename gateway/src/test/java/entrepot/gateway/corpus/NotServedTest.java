package entrepot.gateway.corpus;

import static org.assertj.core.api.Assertions.assertThat;

import entrepot.conversation.Failure.Cause;
import entrepot.protocols.json.Json;
import entrepot.testkit.Recording;

import org.junit.jupiter.api.Test;

import tools.jackson.databind.JsonNode;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What clients of OpenAI's ask for besides, and we do not serve, is refused in its own shape. */
class NotServedTest {

    private static final List<String> SERVED = List.of("/v1/models", "/v1/images/generations");

    @Test
    void theRestOfOpenAisInterfacesIsRefusedClearly() {
        var refused = new TreeMap<String, Integer>();
        try (var theatre = new Theatre(new ChatTrack(), List.of("m"))) {
            for (Recording each : Recording.of("openai-other.jsonl")) {
                String path = each.pathOnly();
                if (!path.startsWith("/v1/") || SERVED.stream().anyMatch(path::startsWith)) {
                    continue;
                }
                String type = each.headers().getOrDefault("content-type", "application/json");
                Theatre.Told told =
                        theatre.send(
                                each.method(), path, Map.of("content-type", type), each.request());
                JsonNode error = Json.read(told.body(), Cause.INTERNAL).path("error");
                assertThat(told.status()).as("%s", each).isIn(404, 405);
                assertThat(error.path("message").isString()).as("%s", each).isTrue();
                assertThat(error.path("type").asString(""))
                        .as("%s", each)
                        .isEqualTo("invalid_request_error");
                assertThat(error.has("param") && error.has("code")).as("%s", each).isTrue();
                refused.merge(path, 1, Integer::sum);
            }
            assertThat(theatre.twin.requests()).isEmpty();
        }
        assertThat(refused).containsKeys("/v1/completions", "/v1/moderations");
    }
}

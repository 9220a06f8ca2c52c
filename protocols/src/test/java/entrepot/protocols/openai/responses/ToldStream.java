package entrepot.protocols.openai.responses;

import static entrepot.protocols.openai.responses.Recorded.json;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import tools.jackson.databind.JsonNode;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The order of a caller's events, as OpenAI documents it. */
final class ToldStream {

    private ToldStream() {}

    static void check(List<String> payloads) {
        Map<Integer, String> open = new HashMap<>();
        Map<Integer, JsonNode> done = new HashMap<>();
        Set<String> ids = new HashSet<>();
        for (int i = 0; i < payloads.size(); i++) {
            JsonNode event = json(payloads.get(i).getBytes(UTF_8));
            String type = event.path("type").stringValue();
            assertThat(event.path("sequence_number").asInt(-1)).isEqualTo(i);
            int index = event.path("output_index").asInt(-1);
            switch (type) {
                case "response.output_item.added" -> {
                    assertThat(index).isEqualTo(open.size() + done.size());
                    String id = event.path("item").path("id").asString("");
                    assertThat(id.isEmpty() || ids.add(id)).as("a new id: " + id).isTrue();
                    open.put(index, id);
                }
                case "response.output_item.done" -> {
                    assertThat(open.remove(index))
                            .isEqualTo(event.path("item").path("id").asString(""));
                    done.put(index, event.path("item"));
                }
                case "response.created", "response.in_progress" ->
                        assertThat(event.path("response").path("status").stringValue())
                                .isEqualTo("in_progress");
                case "response.completed", "response.incomplete" -> {
                    assertThat(i).isEqualTo(payloads.size() - 1);
                    assertThat(open).isEmpty();
                    JsonNode output = event.path("response").path("output");
                    assertThat(output.size()).isEqualTo(done.size());
                    done.forEach((at, item) -> assertThat(output.get(at)).isEqualTo(item));
                }
                default -> {
                    if (event.has("item_id") && open.containsKey(index)) {
                        assertThat(event.path("item_id").stringValue()).isEqualTo(open.get(index));
                    }
                }
            }
        }
    }
}

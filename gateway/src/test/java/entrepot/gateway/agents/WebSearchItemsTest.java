package entrepot.gateway.agents;

import static org.assertj.core.api.Assertions.assertThat;

import entrepot.runtime.session.View;
import entrepot.runtime.session.View.ItemStatus;

import org.junit.jupiter.api.Test;

import tools.jackson.databind.JsonNode;

class WebSearchItemsTest {

    private static JsonNode item(String name, String arguments, ItemStatus status) {
        return SessionJson.item(
                new View.Item.ToolUse(
                        "item_1",
                        "turn_1",
                        "call_1",
                        "web_search",
                        name,
                        arguments,
                        "what was found",
                        null,
                        status));
    }

    @Test
    void aSearchAndAPageAreToldAsActions() {
        JsonNode search = item("web_search", "{\"query\":\"tides\"}", ItemStatus.COMPLETED);
        assertThat(search.path("type").asString()).isEqualTo("web_search_call");
        assertThat(search.path("action").toString())
                .isEqualTo("{\"type\":\"search\",\"query\":\"tides\"}");
        assertThat(search.path("status").asString()).isEqualTo("completed");
        assertThat(search.toString()).doesNotContain("what was found");
        JsonNode page = item("open_page", "{\"url\":\"https://a.test/\"}", ItemStatus.FAILED);
        assertThat(page.path("action").toString())
                .isEqualTo("{\"type\":\"open_page\",\"url\":\"https://a.test/\"}");
        // The API knows no failed search.
        assertThat(page.path("status").asString()).isEqualTo("incomplete");
        JsonNode odd = item("web_search", "no json", ItemStatus.IN_PROGRESS);
        assertThat(odd.at("/action/query").asString()).isEmpty();
    }
}

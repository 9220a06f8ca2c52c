package entrepot.gateway.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.anthropic.client.AnthropicClient;
import com.anthropic.client.okhttp.AnthropicOkHttpClient;
import com.anthropic.core.JsonValue;
import com.anthropic.errors.AnthropicServiceException;
import com.anthropic.models.beta.memorystores.BetaManagedAgentsMemoryStore;
import com.anthropic.models.beta.memorystores.MemoryStoreCreateParams;
import com.anthropic.models.beta.memorystores.memories.BetaManagedAgentsMemory;
import com.anthropic.models.beta.memorystores.memories.MemoryCreateParams;
import com.anthropic.models.beta.memorystores.memories.MemoryRetrieveParams;
import com.anthropic.models.beta.memorystores.memories.MemoryUpdateParams;
import com.anthropic.models.beta.memorystores.memoryversions.BetaManagedAgentsMemoryVersion;
import com.anthropic.models.beta.memorystores.memoryversions.MemoryVersionRedactParams;
import com.anthropic.services.blocking.beta.MemoryStoreService;

import entrepot.gateway.KnownKeys;
import entrepot.gateway.Served;
import entrepot.runtime.testing.Scripted;
import entrepot.runtime.testing.ScriptedMarket;

import org.junit.jupiter.api.Test;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Memory stores through {@code com.anthropic:anthropic-java} 3.10.0, unmodified, and an agent that
 * uses one.
 */
class MemoryStoresTest {

    private static Served served(Scripted... answers) {
        return new Served(ScriptedMarket.of(answers));
    }

    private static AnthropicClient client(Served served) {
        return AnthropicOkHttpClient.builder()
                .baseUrl(served.url())
                .apiKey(KnownKeys.ALL)
                .timeout(Duration.ofSeconds(20))
                .build();
    }

    private static String store(Served served) {
        return json(served.post("/v1/memory_stores", "{\"name\":\"desk\"}"), 201)
                .path("id")
                .asString();
    }

    private static JsonNode json(HttpResponse<String> answer, int status) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        return JsonMapper.shared().readTree(answer.body());
    }

    @Test
    void theOfficialClientKeepsChangesAndRedactsMemories() {
        try (var served = served(Scripted.says("x"))) {
            var stores = client(served).beta().memoryStores();
            BetaManagedAgentsMemoryStore store =
                    stores.create(
                            MemoryStoreCreateParams.builder()
                                    .name("harbour desk")
                                    .description("facts")
                                    .metadata(
                                            MemoryStoreCreateParams.Metadata.builder()
                                                    .putAdditionalProperty(
                                                            "user", JsonValue.from("ada"))
                                                    .build())
                                    .build());
            store.validate();
            assertThat(stores.retrieve(store.id()).name()).isEqualTo("harbour desk");
            BetaManagedAgentsMemory first = keepAndChange(stores, store.id());
            BetaManagedAgentsMemoryVersion redacted =
                    stores.memoryVersions()
                            .redact(
                                    MemoryVersionRedactParams.builder()
                                            .memoryStoreId(store.id())
                                            .memoryVersionId(first.memoryVersionId())
                                            .build());
            redacted.validate();
            assertThat(redacted.redactedAt()).isPresent();
            assertThat(redacted.contentSha256()).contains(first.contentSha256());
            assertThat(redacted.createdBy().orElseThrow().isApi()).isTrue();
            var operations = new ArrayList<String>();
            stores.memoryVersions()
                    .list(store.id())
                    .autoPager()
                    .forEach(version -> operations.add(version.operation().toString()));
            assertThat(operations).containsExactly("modified", "created");
            assertThat(stores.archive(store.id()).archivedAt()).isPresent();
            assertThat(stores.list().items()).isEmpty();
            stores.delete(store.id());
            assertThatThrownBy(() -> stores.retrieve(store.id()))
                    .isInstanceOfSatisfying(
                            AnthropicServiceException.class,
                            e -> assertThat(e.statusCode()).isEqualTo(404));
        }
    }

    private static BetaManagedAgentsMemory keepAndChange(
            MemoryStoreService stores, String storeId) {
        BetaManagedAgentsMemory first =
                stores.memories()
                        .create(
                                MemoryCreateParams.builder()
                                        .memoryStoreId(storeId)
                                        .path("/notes/gate.md")
                                        .content("nine")
                                        .build());
        first.validate();
        assertThat(first.content()).isEmpty();
        BetaManagedAgentsMemory second =
                stores.memories()
                        .update(
                                MemoryUpdateParams.builder()
                                        .memoryStoreId(storeId)
                                        .memoryId(first.id())
                                        .content("ten")
                                        .build());
        assertThat(second.memoryVersionId()).isNotEqualTo(first.memoryVersionId());
        assertThat(
                        stores.memories()
                                .retrieve(
                                        MemoryRetrieveParams.builder()
                                                .memoryStoreId(storeId)
                                                .memoryId(first.id())
                                                .build())
                                .content())
                .contains("ten");
        assertThat(stores.memories().list(storeId).items()).hasSize(1);
        return first;
    }

    @Test
    void aStalePreconditionIsToldWithTheCurrentDigest() {
        try (var served = served(Scripted.says("x"))) {
            String memories = "/v1/memory_stores/" + store(served) + "/memories";
            JsonNode made =
                    json(served.post(memories, "{\"path\":\"/a\",\"content\":\"one\"}"), 201);
            String one = memories + "/" + made.path("id").asString();
            String old = made.path("content_sha256").asString();
            String now =
                    json(served.post(one, "{\"content\":\"two\"}"), 200)
                            .path("content_sha256")
                            .asString();
            HttpResponse<String> late =
                    served.post(
                            one,
                            "{\"content\":\"three\",\"precondition\":{\"type\":"
                                    + "\"content_sha256\",\"content_sha256\":\""
                                    + old
                                    + "\"}}");
            JsonNode error = json(late, 409).path("error");
            assertThat(error.path("type").asString()).isEqualTo("conflict_error");
            assertThat(error.path("code").asString()).isEqualTo("memory_precondition_failed_error");
            assertThat(error.path("content_sha256").asString()).isEqualTo(now);
            assertThat(late.headers().firstValue("x-should-retry")).contains("false");
            HttpResponse<String> gone =
                    served.send(
                            served.request("DELETE", one + "?expected_content_sha256=" + old, "")
                                    .build());
            assertThat(json(gone, 409).at("/error/content_sha256").asString()).isEqualTo(now);
            JsonNode taken =
                    json(served.post(memories, "{\"path\":\"/a/b\",\"content\":\"\"}"), 409);
            assertThat(taken.at("/error/conflicting_path").asString()).isEqualTo("/a");
            json(
                    served.post(
                            one,
                            "{\"content\":\"x\",\"precondition\":{\"type\":\"content_sha256\","
                                    + "\"content_sha256\":\"short\"}}"),
                    400);
            json(served.post(memories, "{\"path\":\"/c\",\"content\":\"\",\"tenant\":\"x\"}"), 400);
        }
    }

    @Test
    void listsByPrefixAndDepthAPageAtATime() {
        try (var served = served(Scripted.says("x"))) {
            String memories = "/v1/memory_stores/" + store(served) + "/memories";
            for (String path : List.of("/a", "/n/1", "/n/2", "/n/deep/3", "/z")) {
                json(served.post(memories, "{\"path\":\"" + path + "\",\"content\":\"x\"}"), 201);
            }
            JsonNode top = json(served.get(memories + "?depth=1"), 200).path("data");
            assertThat(top.findValuesAsString("path")).containsExactly("/a", "/n/", "/z");
            assertThat(top.get(1).path("type").asString()).isEqualTo("memory_prefix");
            JsonNode page = json(served.get(memories + "?path_prefix=/n/&limit=2"), 200);
            assertThat(page.path("data").findValuesAsString("path"))
                    .containsExactly("/n/1", "/n/2");
            JsonNode next =
                    json(
                            served.get(
                                    memories
                                            + "?path_prefix=/n/&limit=2&page="
                                            + page.path("next_page").asString()),
                            200);
            assertThat(next.path("data").findValuesAsString("path")).containsExactly("/n/deep/3");
            assertThat(next.path("next_page").isNull()).isTrue();
        }
    }

    /** E71, E72: with another tenant's key all of it is as if it were not there. */
    @Test
    void anotherTenantFindsNothing() {
        try (var served = served(Scripted.says("x"))) {
            String store = "/v1/memory_stores/" + store(served);
            JsonNode made =
                    json(
                            served.post(
                                    store + "/memories", "{\"path\":\"/a\",\"content\":\"one\"}"),
                            201);
            String memory = store + "/memories/" + made.path("id").asString();
            String version =
                    store + "/memory_versions/" + made.path("memory_version_id").asString();
            Map<String, String> routes =
                    Map.of(
                            store,
                            "GET",
                            store + "/archive",
                            "POST",
                            store + "/memories",
                            "GET",
                            store + "/memories/search?query=one",
                            "GET",
                            memory,
                            "DELETE",
                            store + "/memory_versions",
                            "GET",
                            version,
                            "GET",
                            version + "/redact",
                            "POST");
            routes.forEach((path, method) -> {
                HttpRequest request =
                        served.request(method, path, "")
                                .setHeader("authorization", "Bearer " + KnownKeys.OTHER_TENANT)
                                .build();
                assertThat(served.send(request).statusCode()).as(path).isEqualTo(404);
            });
            json(served.get(memory), 200);
        }
    }

    @Test
    void anAgentWritesInATurnAndTheVersionNamesIt() throws Exception {
        String write = "{\"path\":\"/gate.md\",\"content\":\"The gate opens at nine.\"}";
        try (var served =
                served(
                        Scripted.calls(Scripted.call("call_1", "write_memory", write)),
                        Scripted.says("Noted."))) {
            String store = store(served);
            String agent =
                    """
                    {"agent": {"model": "scripted", "tools": [{"type": "mcp",
                      "server_label": "memory",
                      "transport": {"type": "http", "server_url": "entrepot:memory/%s"}}]},
                     "environment": {"type": "none"}, "input": "Remember the gate."}
                    """;
            JsonNode session =
                    json(served.post("/v1/agents/sessions", agent.formatted(store)), 201);
            String id = session.path("id").asString();
            long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
            while (!json(served.get("/v1/agents/sessions/" + id), 200)
                    .path("status")
                    .asString()
                    .equals("idle")) {
                assertThat(System.nanoTime()).isLessThan(end);
            }
            JsonNode by =
                    json(served.get("/v1/memory_stores/" + store + "/memory_versions"), 200)
                            .at("/data/0/created_by");
            assertThat(by.path("type").asString()).isEqualTo("session_actor");
            assertThat(by.path("session_id").asString()).isEqualTo(id);
            assertThat(by.path("call_id").asString()).isEqualTo("call_1");
            assertThat(by.path("turn_id").asString()).startsWith("turn_");
            assertThat(by.path("principal").asString()).isEqualTo("ada");
            HttpResponse<String> missing =
                    served.post("/v1/agents/sessions", agent.formatted("memstore_none"));
            assertThat(json(missing, 400).at("/error/message").asString())
                    .contains("entrepot:memory/");
        }
    }
}

package entrepot.gateway.bundles;

import static org.assertj.core.api.Assertions.assertThat;

import entrepot.gateway.KnownKeys;
import entrepot.gateway.Served;
import entrepot.runtime.testing.Scripted;
import entrepot.runtime.testing.ScriptedMarket;
import entrepot.store.testing.TestDatabases;

import org.junit.jupiter.api.Test;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;

/** Sessions that move from one server to another. */
class BundleTest {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String CREATE =
            """
            {"environment":{"type":"none"},"input":"Hello","metadata":{"case":"7"},
              "agent":{"model":"scripted","tools":[
                {"type":"function","name":"weather","description":"d","parameters":{}},
                {"type":"mcp","server_label":"folder","transport":
                  {"type":"http","server_url":"entrepot:folder/news"}}]}}\
            """;
    private static final String SAY =
            "{\"events\":[{\"type\":\"agent.session.input.message\",\"input\":["
                    + "{\"role\":\"user\",\"content\":[{\"type\":\"input_text\","
                    + "\"text\":\"And then?\"}]}]}]}";

    private static ScriptedMarket asks() {
        return ScriptedMarket.of(
                Scripted.calls(
                        Scripted.call("call_1", "weather", "{\"a\": 1.10}"),
                        Scripted.call("call_2", "list_files", "{}")),
                Scripted.says("It is ", "sunny"));
    }

    private static String path(String id) {
        return "/v1/agents/sessions/" + id;
    }

    private static String waiting(Served served) {
        String id =
                Served.json(served.post("/v1/agents/sessions", CREATE)).path("id").stringValue();
        served.until(id, "requires_action");
        return id;
    }

    private static String session(Served served) {
        String id = waiting(served);
        String turn =
                Served.json(served.get(path(id))).at("/required_actions/0/turn_id").stringValue();
        served.post(
                path(id) + "/events",
                """
                {"events":[{"type":"agent.session.input.tool_result","turn_id":"%s",
                  "call_id":"call_1","success":true,"output":"clear"}]}\
                """
                        .formatted(turn));
        served.until(id, "idle");
        return id;
    }

    private static byte[] exported(Served served, String id) throws Exception {
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpResponse<byte[]> answer =
                    http.send(
                            served.request("GET", path(id) + "/bundle", "").build(),
                            HttpResponse.BodyHandlers.ofByteArray());
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.headers().firstValue("content-type")).contains("application/zip");
            return answer.body();
        }
    }

    private static HttpResponse<String> imported(Served served, byte[] bundle, String query) {
        return served.send(
                HttpRequest.newBuilder(
                                URI.create(served.url() + "/v1/agents/sessions/import" + query))
                        .header("authorization", "Bearer " + KnownKeys.ALL)
                        .header("openai-beta", "agents=v1")
                        .header("content-type", "application/zip")
                        .POST(HttpRequest.BodyPublishers.ofByteArray(bundle))
                        .build());
    }

    private static JsonNode items(Served served, String id) {
        return Served.json(served.get(path(id) + "/items?order=asc&limit=100")).path("data");
    }

    @Test
    void aSessionMovesFromSqliteToPostgresAndGoesOn() throws Exception {
        var there = ScriptedMarket.of(Scripted.says("Then it rains."));
        try (var from = new Served(asks());
                var to = new Served(there, TestDatabases.postgres())) {
            String id = session(from);
            HttpResponse<String> answer = imported(to, exported(from, id), "?id=keep");
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
            JsonNode made = Served.json(answer);
            assertThat(made.path("id").stringValue()).isEqualTo(id);
            assertThat(made.at("/metadata/case").stringValue()).isEqualTo("7");
            assertThat(made.at("/entrepot/imported_from/session_id").stringValue()).isEqualTo(id);
            assertThat(items(to, id)).isEqualTo(items(from, id)).isNotEmpty();
            assertThat(Served.json(to.get(path(id) + "/turns")))
                    .isEqualTo(Served.json(from.get(path(id) + "/turns")));
            assertThat(to.post(path(id) + "/events", SAY).statusCode()).isEqualTo(202);
            to.until(id, "idle");
            assertThat(items(to, id).toString()).contains("Then it rains.");
            assertThat(there.requests().getLast().messages().toString())
                    .contains("It is sunny", "clear", "And then?");
        }
    }

    @Test
    void anotherIdIsGivenUnlessItsOwnIsAskedForAndFree() throws Exception {
        try (var served = new Served(asks())) {
            String id = session(served);
            byte[] bundle = exported(served, id);
            assertThat(imported(served, bundle, "?id=keep").statusCode()).isEqualTo(409);
            JsonNode made = Served.json(imported(served, bundle, ""));
            assertThat(made.path("id").stringValue()).isNotEqualTo(id);
            assertThat(imported(served, bundle, "?id=mine").statusCode()).isEqualTo(400);
        }
    }

    @Test
    void anOpenTurnArrivesCancelled() throws Exception {
        try (var served = new Served(asks())) {
            byte[] bundle = exported(served, waiting(served));
            JsonNode made = Served.json(imported(served, bundle, ""));
            assertThat(made.path("status").stringValue()).isEqualTo("idle");
            String turns = served.get(path(made.path("id").stringValue()) + "/turns").body();
            assertThat(turns).contains("cancelled");
        }
    }

    @Test
    void aBundleHoldsNoNamesOfKeysAndTellsItsHashes() throws Exception {
        try (var served = new Served(asks())) {
            Map<String, byte[]> files = files(exported(served, session(served)));
            assertThat(files).containsOnlyKeys("items.jsonl", "journal.jsonl", "manifest.json");
            JsonNode manifest = JSON.readTree(bytes(files, "manifest.json"));
            assertThat(manifest.path("format").stringValue()).isEqualTo("entrepot.session");
            assertThat(manifest.path("files").size()).isEqualTo(2);
            assertThat(text(files, "journal.jsonl"))
                    .contains("\"keyId\":\"\"")
                    .doesNotContain("sealed")
                    .doesNotContain(KnownKeys.ALL);
        }
    }

    /** What was changed is found, also by who makes the hashes anew. */
    @Test
    void whatWasChangedIsRefusedByItsPlace() throws Exception {
        try (var served = new Served(asks())) {
            byte[] bundle = exported(served, session(served));
            Map<String, byte[]> files = files(bundle);
            String journal = text(files, "journal.jsonl");
            refused(
                    served,
                    zip(with(files, "journal.jsonl", journal.replace("clear", "stormy"))),
                    "journal.jsonl: it is not what the manifest says");
            refused(
                    served,
                    zip(hashed(with(files, "journal.jsonl", journal.replace("clear", "stormy")))),
                    "items.jsonl: the journal adds up to other items");
            String later = journal.replaceFirst("\"step\":1", "\"step\":2");
            refused(
                    served,
                    zip(hashed(with(files, "journal.jsonl", later))),
                    "does not follow from what stands before it");
            String third = journal.lines().skip(2).findFirst().orElseThrow() + "\n";
            refused(
                    served,
                    zip(hashed(with(files, "journal.jsonl", journal.replace(third, "")))),
                    "journal.jsonl:3: its seq must be 3");
            refused(served, zip(with(files, "../evil", "x")), "and nothing else");
            refused(served, new byte[] {1, 2, 3}, "does not have this file");
            String manifest = text(files, "manifest.json");
            refused(
                    served,
                    zip(
                            with(
                                    files,
                                    "manifest.json",
                                    manifest.replace("\"version\" : 1", "\"version\" : 2"))),
                    "in version 1 only");
        }
    }

    @Test
    void aBundleThatUnpacksWithoutEndIsRefused() throws Exception {
        try (var served = new Served(asks())) {
            var bomb = new ByteArrayOutputStream();
            try (var zip = new ZipOutputStream(bomb)) {
                zip.putNextEntry(new ZipEntry("journal.jsonl"));
                byte[] zeros = new byte[1 << 20];
                for (int left = 70; left > 0; left--) {
                    zip.write(zeros);
                }
                zip.closeEntry();
            }
            assertThat(imported(served, bomb.toByteArray(), "").statusCode()).isEqualTo(413);
        }
    }

    private static void refused(Served served, byte[] bundle, String why) {
        HttpResponse<String> answer = imported(served, bundle, "");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
        assertThat(Served.json(answer).at("/error/message").stringValue()).contains(why);
    }

    private static String text(Map<String, byte[]> files, String name) {
        return new String(bytes(files, name), StandardCharsets.UTF_8);
    }

    private static byte[] bytes(Map<String, byte[]> files, String name) {
        return Objects.requireNonNull(files.get(name), name);
    }

    private static Map<String, byte[]> files(byte[] bundle) throws IOException {
        Map<String, byte[]> files = new LinkedHashMap<>();
        try (var zip = new ZipInputStream(new ByteArrayInputStream(bundle))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                files.put(entry.getName(), zip.readAllBytes());
            }
        }
        return files;
    }

    private static byte[] zip(Map<String, byte[]> files) throws IOException {
        var bundle = new ByteArrayOutputStream();
        try (var zip = new ZipOutputStream(bundle)) {
            for (var file : files.entrySet()) {
                zip.putNextEntry(new ZipEntry(file.getKey()));
                zip.write(file.getValue());
                zip.closeEntry();
            }
        }
        return bundle.toByteArray();
    }

    private static Map<String, byte[]> with(Map<String, byte[]> files, String name, String text) {
        Map<String, byte[]> other = new LinkedHashMap<>(files);
        other.put(name, text.getBytes(StandardCharsets.UTF_8));
        return other;
    }

    /** The same with a manifest that fits. */
    private static Map<String, byte[]> hashed(Map<String, byte[]> files) {
        ObjectNode manifest = (ObjectNode) JSON.readTree(bytes(files, "manifest.json"));
        for (JsonNode file : manifest.path("files")) {
            byte[] bytes = bytes(files, file.path("name").stringValue());
            ((ObjectNode) file).put("bytes", bytes.length).put("sha256", Bundle.sha256(bytes));
        }
        return with(files, "manifest.json", manifest.toString());
    }
}

package entrepot.gateway.idempotency;

import static org.assertj.core.api.Assertions.assertThat;

import entrepot.market.idempotency.KeepLimits;
import entrepot.store.Database;
import entrepot.store.testing.TestDatabases;
import entrepot.testkit.Script;
import entrepot.testkit.ScriptedSupplier;

import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Each storefront hears the key, and refuses in its own words. */
class StorefrontsIdempotencyTest {

    private static final String CHAT =
            "{\"model\":\"entrepot/echo-1\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]";
    private static final String MESSAGES =
            "{\"model\":\"entrepot/echo-1\",\"max_tokens\":9,\"messages\":"
                    + "[{\"role\":\"user\",\"content\":\"Hi\"}]";
    private static final String CONVERSE =
            "{\"messages\":[{\"role\":\"user\",\"content\":[{\"text\":\"Hi\"}]}]}";
    private static final String INVOKE =
            "{\"anthropic_version\":\"bedrock-2023-05-31\",\"max_tokens\":9,\"messages\":"
                    + "[{\"role\":\"user\",\"content\":\"Hi\"}]}";
    private static final String GEMINI =
            "{\"contents\":[{\"role\":\"user\",\"parts\":[{\"text\":\"Hi\"}]}]}";

    @TempDir private Path folder = Path.of("");

    /**
     * @param refused the status of a key that was used for something else
     * @param words of that refusal
     */
    private record Door(String path, String body, int refused, String words) {}

    private static final List<Door> DOORS =
            List.of(
                    new Door("/v1/chat/completions", CHAT + "}", 409, "invalid_request_error"),
                    new Door(
                            "/v1/chat/completions?x=1",
                            CHAT + ",\"stream\":true}",
                            409,
                            "idempotency_key_reused"),
                    new Door(
                            "/openai/v1/chat/completions",
                            CHAT + "}",
                            409,
                            "idempotency_key_reused"),
                    new Door(
                            "/openai/deployments/entrepot%2Fecho-1/chat/completions?api-version=1",
                            CHAT + "}", 409, "another request"),
                    new Door(
                            "/v1/embeddings",
                            "{\"model\":\"entrepot/echo-1\",\"input\":\"Hi\"}",
                            409,
                            "idempotency_key_reused"),
                    new Door(
                            "/v1/images/generations",
                            "{\"model\":\"small\",\"prompt\":\"x\"}",
                            409,
                            "idempotency_key_reused"),
                    new Door(
                            "/v1/responses",
                            "{\"model\":\"entrepot/echo-1\",\"input\":\"Hi\"}",
                            409,
                            "idempotency_key_reused"),
                    new Door(
                            "/v1/responses",
                            "{\"model\":\"entrepot/echo-1\",\"input\":\"Hi\",\"stream\":true}",
                            409,
                            "idempotency_key_reused"),
                    new Door(
                            "/v1/responses",
                            "{\"model\":\"entrepot/echo-1\",\"input\":\"Hi\",\"store\":false}",
                            409,
                            "idempotency_key_reused"),
                    new Door("/v1/messages", MESSAGES + "}", 409, "\"request_id\""),
                    new Door("/v1/messages", MESSAGES + ",\"stream\":true}", 409, "\"error\""),
                    new Door("/model/entrepot%2Fecho-1/converse", CONVERSE, 400, "another request"),
                    new Door(
                            "/model/entrepot%2Fecho-1/converse-stream",
                            CONVERSE, 400, "another request"),
                    new Door("/model/entrepot%2Fecho-1/invoke", INVOKE, 400, "another request"),
                    new Door(
                            "/v1beta/models/entrepot/echo-1:generateContent",
                            GEMINI,
                            409,
                            "ABORTED"),
                    new Door(
                            "/v1beta/models/entrepot/echo-1:streamGenerateContent?alt=sse",
                            GEMINI,
                            409,
                            "ABORTED"));

    @TestFactory
    Stream<DynamicTest> eachHearsTheKey() {
        return DOORS.stream()
                .map(door ->
                        DynamicTest.dynamicTest(
                                door.path() + " " + door.body(), () -> hearsTheKey(door)));
    }

    private void hearsTheKey(Door door) throws Exception {
        Path own = Files.createTempDirectory(folder, "door");
        try (ScriptedSupplier supplier = ScriptedSupplier.start();
                Database database = TestDatabases.sqlite(own);
                var node =
                        new Post(
                                database,
                                supplier,
                                KeepLimits.DEFAULT,
                                IdempotencySettings.DEFAULT,
                                "a")) {
            supplier.always(Script.json(200, "{\"created\":1,\"data\":[{\"url\":\"u\"}]}"));
            HttpResponse<String> first = node.post(door.path(), "k", door.body());
            assertThat(first.statusCode()).as(first.body()).isEqualTo(200);
            HttpResponse<String> again = node.post(door.path(), "k", door.body());
            assertThat(again.statusCode()).isEqualTo(200);
            assertThat(again.body()).isEqualTo(first.body());
            assertThat(again.headers().firstValue("idempotent-replayed")).contains("true");
            assertThat(again.headers().firstValue("content-type"))
                    .isEqualTo(first.headers().firstValue("content-type"));
            assertThat(again.headers().allValues("x-request-id")).hasSize(1);
            assertThat(node.ledger.all()).hasSize(1);
            assertThat(node.echo.requests().size() + supplier.requests().size())
                    .isLessThanOrEqualTo(1);

            HttpResponse<String> other = node.post(door.path(), "k", door.body() + " ");
            assertThat(other.statusCode()).isEqualTo(door.refused());
            assertThat(other.body()).contains(door.words());
            assertThat(node.ledger.all()).hasSize(1);
        }
    }
}

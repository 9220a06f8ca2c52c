package entrepot.gateway.door;

import static org.assertj.core.api.Assertions.assertThat;

import entrepot.gateway.KnownKeys;
import entrepot.gateway.Served;
import entrepot.runtime.testing.Scripted;
import entrepot.runtime.testing.ScriptedMarket;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import tools.jackson.databind.JsonNode;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;

/** Who is let in, and what is said to whom is not. */
class DoorTest {

    private static final String SECRET = "sk-unknown-0123456789abcdef";

    private static Served served;

    @BeforeAll
    static void open() {
        served = new Served(ScriptedMarket.of(Scripted.says("Hi")));
    }

    @AfterAll
    static void close() {
        served.close();
    }

    /** R70: there is no default identity. */
    @Test
    void whoPresentsNothingOrNothingGoodIsNobody() {
        assertThat(status(bare("/v1/models"))).isEqualTo(401);
        for (String value :
                List.of("Bearer " + SECRET, "Bearer", "Bearer ", "Basic YTpi", SECRET, "")) {
            HttpResponse<String> refused =
                    served.send(bare("/v1/models").header("authorization", value).build());
            assertThat(refused.statusCode()).as(value).isEqualTo(401);
            assertThat(refused.headers().firstValue("www-authenticate")).contains("Bearer");
            assertThat(refused.headers().firstValue("x-request-id").orElseThrow())
                    .startsWith("req_");
        }
        for (String name : List.of("api-key", "x-api-key")) {
            assertThat(status(bare("/v1/models").header(name, SECRET))).isEqualTo(401);
            assertThat(status(bare("/v1/models").header(name, ""))).isEqualTo(401);
        }
    }

    @Test
    void aKeyMayComeInThreeHeadersButOnlyOneKey() {
        for (String name : List.of("api-key", "x-api-key")) {
            assertThat(status(bare("/v1/models").header(name, KnownKeys.ALL))).isEqualTo(200);
        }
        assertThat(
                        status(
                                bare("/v1/models")
                                        .header("authorization", "Bearer " + KnownKeys.ALL)
                                        .header("x-api-key", KnownKeys.MODELS)))
                .isEqualTo(401);
        assertThat(
                        status(
                                bare("/v1/models")
                                        .header("authorization", "bearer " + KnownKeys.ALL)
                                        .header("x-api-key", KnownKeys.ALL)))
                .isEqualTo(200);
    }

    /** R72: a presented key is never repeated. */
    @Test
    void aPresentedKeyIsNeverRepeated() {
        HttpResponse<String> refused =
                served.send(bare("/v1/models").header("authorization", "Bearer " + SECRET).build());
        assertThat(refused.body() + refused.headers().map()).doesNotContain(SECRET);
        HttpResponse<String> inQuery = served.send(bare("/v1/models?key=" + SECRET).build());
        assertThat(inQuery.body()).doesNotContain(SECRET);
        HttpResponse<String> inPath =
                served.send(bare("/v1/nowhere/" + SECRET + "?key=" + SECRET).build());
        assertThat(inPath.statusCode()).isEqualTo(404);
        assertThat(inPath.body()).doesNotContain(SECRET);
    }

    @Test
    void aScopeThatIsLackingIsNamed() {
        HttpResponse<String> refused =
                served.send(
                        bare("/v1/agents")
                                .header("authorization", "Bearer " + KnownKeys.MODELS)
                                .header("openai-beta", "agents=v1")
                                .build());
        assertThat(refused.statusCode()).isEqualTo(403);
        assertThat(error(refused).path("message").asString("")).contains("agents");
        assertThat(status(bare("/v1/models").header("authorization", "Bearer " + KnownKeys.AGENTS)))
                .isEqualTo(403);
    }

    /** R69: the matched route is authorised, whatever else the request says of its place. */
    @Test
    void noSecondSpellingGetsPastTheDoor() {
        for (String path :
                List.of(
                        "/v1/models/",
                        "//v1/models",
                        "/v1/./models",
                        "/health/../v1/models",
                        "/health/v1/models",
                        "/v1%2Fmodels",
                        "/V1/models",
                        "/health%2F..%2Fv1%2Fmodels")) {
            int status = status(HttpRequest.newBuilder(URI.create(served.url() + path)));
            assertThat(status).as(path).isIn(400, 404);
        }
    }

    @Test
    void methodsThatThereAreNotAreToldWhichThereAre() {
        HttpResponse<String> refused =
                served.send(served.request("DELETE", "/v1/models", "").build());
        assertThat(refused.statusCode()).isEqualTo(405);
        assertThat(refused.headers().firstValue("allow")).contains("GET");
        HttpResponse<String> agents =
                served.send(served.request("PUT", "/v1/agents/sessions", "").build());
        assertThat(agents.headers().firstValue("allow")).contains("GET, POST");
        HttpResponse<String> preflight =
                served.send(
                        bare("/v1/chat/completions")
                                .method("OPTIONS", HttpRequest.BodyPublishers.noBody())
                                .header("origin", "https://elsewhere.example")
                                .build());
        assertThat(preflight.statusCode()).isEqualTo(405);
        assertThat(preflight.headers().map().keySet())
                .noneMatch(name -> name.startsWith("access-control"));
    }

    @Test
    void aBodyThatIsNotJsonIsRefused() {
        HttpResponse<String> refused =
                served.send(
                        served.request("POST", "/v1/chat/completions", "model=x")
                                .setHeader("content-type", "application/x-www-form-urlencoded")
                                .build());
        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(error(refused).path("code").asString("")).isEqualTo("unsupported_media_type");
    }

    @Test
    void healthIsForEverybody() {
        assertThat(served.send(bare("/health").build()).body()).isEqualTo("{\"status\":\"ok\"}");
        assertThat(served.send(bare("/ready").build()).statusCode()).isEqualTo(200);
    }

    private static HttpRequest.Builder bare(String path) {
        return HttpRequest.newBuilder(URI.create(served.url() + path));
    }

    private static int status(HttpRequest.Builder request) {
        return served.send(request.build()).statusCode();
    }

    private static JsonNode error(HttpResponse<String> response) {
        return Served.json(response).path("error");
    }
}

package entrepot.gateway.storefronts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.openai.azure.AzureOpenAIServiceVersion;
import com.openai.azure.AzureUrlPathMode;
import com.openai.azure.credential.AzureApiKeyCredential;
import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.errors.BadRequestException;
import com.openai.errors.NotFoundException;
import com.openai.errors.UnauthorizedException;
import com.openai.helpers.ChatCompletionAccumulator;
import com.openai.models.chat.completions.ChatCompletionCreateParams;

import entrepot.gateway.KnownKeys;
import entrepot.gateway.Served;
import entrepot.testkit.ChatScripts;
import entrepot.testkit.Script;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;

/** Azure's addresses and Azure's suppliers, through the official client and on the wire. */
class AzureTest {

    private static final String FILTERED =
            "{\"error\":{\"message\":\"The response was filtered\",\"type\":null,\"param\":"
                    + "\"prompt\",\"code\":\"content_filter\",\"status\":400,\"innererror\":{"
                    + "\"code\":\"ResponsibleAIPolicyViolation\",\"content_filter_result\":{"
                    + "\"violence\":{\"filtered\":true,\"severity\":\"medium\"}}}}}";
    private static final String HELLO = "{\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";

    private final Stall stall = new Stall();
    private final Served served = stall.served;

    @AfterEach
    void close() {
        stall.close();
    }

    @Test
    void theOfficialClientAsksADeployment() {
        stall.b.answer(ChatScripts.answer("Hi there", 10, 2));
        try (var client = new Closing(client(AzureUrlPathMode.LEGACY, KnownKeys.ALL))) {
            var answer = client.it().chat().completions().create(params("cloud").build());
            assertThat(answer.choices().getFirst().message().content()).contains("Hi there");
        }
        assertThat(stall.b.last().target())
                .isEqualTo("/openai/deployments/dep%20one/chat/completions?api-version=2024-10-21");
        assertThat(stall.b.last().header("api-key")).isEqualTo("sk-bbbbbbbbbb");
        assertThat(stall.b.last().header("authorization")).isNull();
    }

    @Test
    void theOfficialClientStreamsWithTheInterfaceWithoutVersions() {
        stall.a.answer(ChatScripts.stream(10, 2, "Hi ", "there"));
        try (var client = new Closing(client(AzureUrlPathMode.UNIFIED, KnownKeys.ALL))) {
            var accumulator = ChatCompletionAccumulator.create();
            try (var stream =
                    client.it().chat().completions().createStreaming(params("newer").build())) {
                stream.stream().forEach(accumulator::accumulate);
            }
            assertThat(accumulator.chatCompletion().choices().getFirst().message().content())
                    .contains("Hi there");
        }
        assertThat(stall.a.last().target()).isEqualTo("/openai/v1/chat/completions");
        assertThat(stall.a.last().header("authorization")).isEqualTo("Bearer sk-aaaaaaaaaa");
        assertThat(stall.a.last().text()).contains("\"model\":\"dep-two\"");
    }

    @Test
    void theOfficialClientUnderstandsErrors() {
        try (var client = new Closing(client(AzureUrlPathMode.LEGACY, KnownKeys.ALL))) {
            var completions = client.it().chat().completions();
            assertThatThrownBy(() -> completions.create(params("none").build()))
                    .isInstanceOfSatisfying(
                            NotFoundException.class,
                            e -> assertThat(e.code()).contains("DeploymentNotFound"));
            stall.b.answer(Script.json(400, FILTERED));
            assertThatThrownBy(() -> completions.create(params("cloud").build()))
                    .isInstanceOfSatisfying(
                            BadRequestException.class,
                            e -> assertThat(e.code()).contains("content_filter"));
        }
        try (var client = new Closing(client(AzureUrlPathMode.LEGACY, "wrong"))) {
            assertThatThrownBy(() -> client.it().chat().completions().create(params("x").build()))
                    .isInstanceOfSatisfying(
                            UnauthorizedException.class, e -> assertThat(e.code()).contains("401"));
        }
    }

    /** The reasons of a filter pass whole from one Azure to the other. */
    @Test
    void whatAFilterSaysArrives() {
        stall.b.answer(Script.json(400, FILTERED));
        HttpResponse<String> answer = post("/openai/deployments/cloud/chat/completions", HELLO);
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).isEqualTo(FILTERED);
    }

    @Test
    void whatAFilterSaysInAStreamArrives() {
        stall.b.answer(
                Script.events(
                        "{\"choices\":[],\"created\":0,\"id\":\"\",\"model\":\"\",\"object\":\"\","
                                + "\"prompt_filter_results\":[{\"prompt_index\":0}]}",
                        "{\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"created\":1,"
                                + "\"model\":\"m\",\"choices\":[{\"index\":0,\"finish_reason\":"
                                + "\"content_filter\",\"delta\":{\"content\":\"no\"},"
                                + "\"content_filter_results\":{}}]}",
                        "[DONE]"));
        HttpRequest request =
                request(
                                "/openai/deployments/cloud/chat/completions",
                                HELLO.replace("{\"mess", "{\"stream\":true,\"mess"))
                        .build();
        try (var reader = served.stream(request)) {
            assertThat(String.valueOf(reader.next())).contains("prompt_filter_results");
            assertThat(String.valueOf(reader.next())).contains("content_filter_results");
        }
    }

    /** The address names the model, whatever the body says or leaves out. */
    @ParameterizedTest
    @ValueSource(strings = {"", "\"model\":\"emb\",", "\"model\":null,"})
    void thePathWins(String model) {
        stall.a.answer(ChatScripts.answer("Hi", 1, 1));
        HttpResponse<String> answer =
                post(
                        "/openai/deployments/small/chat/completions",
                        HELLO.replace("{\"mess", "{" + model + "\"mess"));
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(Served.json(stall.a.last().text()).path("model").asString(""))
                .isEqualTo("one-at-a");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/openai/deployments/acme/one/chat/completions",
                "/openai/deployments/acme%2Fone/chat/completions"
            })
    void aDeploymentMayBeNamedWithASlash(String path) {
        stall.a.answer(ChatScripts.answer("Hi", 1, 1));
        assertThat(post(path, HELLO).statusCode()).isEqualTo(200);
    }

    @Test
    void aDeploymentWantsAVersion() {
        HttpResponse<String> answer =
                served.post("/openai/deployments/small/chat/completions", HELLO);
        JsonNode error = Served.json(answer).path("error");
        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(error.path("code").asString("")).isEqualTo("404");
        assertThat(error.path("message").asString(""))
                .contains("Resource not found", "api-version");
        assertThat(post("/openai/deployments/small/sing", HELLO).statusCode()).isEqualTo(404);
    }

    @Test
    void modelsAreListedThereToo() {
        for (String path : new String[] {"/openai/v1/models", "/openai/models?api-version=1"}) {
            assertThat(served.get(path).body()).contains("\"acme/one\"", "\"small\"");
        }
    }

    /** What OpenAI's JavaScript client for Azure really sends, but for the interface Responses. */
    @Test
    void capturedRequestsOfAnotherClientAreServed() throws IOException {
        Path capture =
                Path.of(System.getProperty("entrepot.root", "."))
                        .resolve("../shared/captures/js-openai-7.55.0-azure.http");
        assumeTrue(Files.exists(capture), () -> capture + " is not on this machine");
        int count = 0;
        String all = Files.readString(capture).replace("\r\n", "\n");
        for (String each : all.split("### request [0-9]+\n")) {
            if (each.isBlank() || each.contains("/responses?")) {
                continue;
            }
            String path = each.lines().findFirst().orElseThrow().split(" ")[1];
            String body = each.substring(each.indexOf("\n\n") + 2).strip();
            var request =
                    HttpRequest.newBuilder(URI.create(served.url() + path))
                            .header("content-type", "application/json")
                            .POST(HttpRequest.BodyPublishers.ofString(body));
            each.lines()
                    .filter(line -> line.matches("(api-key|authorization|x-stainless-.*): .*"))
                    .map(line -> line.split(": ", 2))
                    .forEach(field -> request.header(field[0], known(field[1])));
            stall.a.answer(answerTo(path, body));
            HttpResponse<String> answer = served.send(request.build());
            assertThat(answer.statusCode()).as("%s: %s", path, answer.body()).isEqualTo(200);
            assertThat(stall.a.last().text()).contains("\"model\":\"one-at-a\"");
            count++;
        }
        assertThat(count).isEqualTo(4);
    }

    private static String known(String value) {
        return value.replaceFirst("test-key|aad-token", KnownKeys.ALL);
    }

    private static Script answerTo(String path, String body) {
        if (path.contains("/embeddings")) {
            return Script.json(200, "{\"data\":[{\"embedding\":\"AACAPw==\",\"index\":0}]}");
        }
        return body.contains("\"stream\":true")
                ? ChatScripts.stream(1, 1, "Hi")
                : ChatScripts.answer("Hi", 1, 1);
    }

    /** R52: a key of ours that Azure refuses is no fault of the caller's. */
    @Test
    void r52OurKeyIsRefusedThereAndNotTheCallers() {
        stall.b.answer(
                Script.json(401, "{\"error\":{\"code\":\"401\",\"message\":\"Access denied\"}}"));
        HttpResponse<String> answer = post("/openai/deployments/cloud/chat/completions", HELLO);
        assertThat(answer.statusCode()).isEqualTo(502);
        assertThat(Served.json(answer).path("error").path("code").asString(""))
                .isEqualTo("InternalServerError");
    }

    private HttpResponse<String> post(String path, String body) {
        return served.send(request(path, body).build());
    }

    /** A request as Azure's clients send it: with a version, and with the key in their header. */
    private HttpRequest.Builder request(String path, String body) {
        return HttpRequest.newBuilder(URI.create(served.url() + path + "?api-version=2024-02-01"))
                .header("api-key", KnownKeys.ALL)
                .header("content-type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body));
    }

    private OpenAIClient client(AzureUrlPathMode mode, String key) {
        return OpenAIOkHttpClient.builder()
                .baseUrl(served.url() + (mode == AzureUrlPathMode.UNIFIED ? "/openai/v1" : ""))
                .credential(AzureApiKeyCredential.create(key))
                .azureServiceVersion(AzureOpenAIServiceVersion.latestStableVersion())
                .azureUrlPathMode(mode)
                .maxRetries(0)
                .build();
    }

    private static ChatCompletionCreateParams.Builder params(String model) {
        return ChatCompletionCreateParams.builder().model(model).addUserMessage("hello");
    }

    private record Closing(OpenAIClient it) implements AutoCloseable {
        @Override
        public void close() {
            it.close();
        }
    }
}

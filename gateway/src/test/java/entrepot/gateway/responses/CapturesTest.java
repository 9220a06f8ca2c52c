package entrepot.gateway.responses;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import entrepot.testkit.ChatScripts;
import entrepot.testkit.ScriptedSupplier;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Requests as real clients sent them, for a model that is had here. */
class CapturesTest {

    private static final List<String> CLIENTS =
            List.of(
                    "js-openai-7.55.0",
                    "js-openai-agents-0.20.0",
                    "js-langchain-1.x",
                    "js-vercel-ai-7.0.173",
                    "java-openai-4.98.0",
                    "java-langchain4j-1.19.0",
                    "cli-codex-0.169.0");

    @TempDir Path folder;
    private final ScriptedSupplier supplier = ScriptedSupplier.start();
    private Shop shop;

    /** A request without the lines of its head. */
    private record Captured(String client, String method, String path, String body) {}

    @BeforeEach
    void open() {
        shop = new Shop(folder, supplier);
    }

    @AfterEach
    void close() {
        shop.close();
        supplier.close();
    }

    @Test
    void everyCallOfResponsesAndConversationsIsAnswered() throws IOException {
        supplier.always(asked ->
                Shop.json(asked.text()).path("stream").asBoolean(false)
                        ? ChatScripts.stream(3, 2, "Hi")
                        : ChatScripts.answer("Hi", 3, 2));
        int calls = 0;
        for (String client : CLIENTS) {
            var names = new HashMap<String, String>();
            for (Captured captured : captured(client)) {
                HttpResponse<String> response = play(captured, names);
                assertThat(response.statusCode())
                        .as(captured + ": " + response.body())
                        .isEqualTo(200);
                calls++;
            }
        }
        assertThat(calls).isGreaterThan(20);
    }

    private HttpResponse<String> play(Captured captured, Map<String, String> names) {
        String path = captured.path();
        String body = captured.body();
        for (var name : names.entrySet()) {
            path = path.replace(name.getKey(), name.getValue());
            body = body.replace(name.getKey(), name.getValue());
        }
        if (!body.isEmpty() && Shop.json(body) instanceof ObjectNode asked && asked.has("model")) {
            body = asked.put("model", "small").toString();
        }
        HttpResponse<String> response =
                switch (captured.method()) {
                    case "POST" -> shop.post(path, body);
                    case "DELETE" -> shop.delete(path);
                    default -> shop.get(path);
                };
        if (response.statusCode() == 200 && response.body().startsWith("{")) {
            JsonNode answer = Shop.json(response);
            switch (answer.path("object").asString("")) {
                case "response" -> names.put("resp_mock1", answer.path("id").asString(""));
                case "conversation" -> names.put("conv_1", answer.path("id").asString(""));
                default -> {}
            }
        }
        return response;
    }

    private static List<Captured> captured(String client) throws IOException {
        Path file =
                Path.of(System.getProperty("entrepot.root", ".."))
                        .resolve("../shared/captures/" + client + ".http");
        assumeTrue(Files.isReadable(file), "../shared/captures is not there");
        var all = new ArrayList<Captured>();
        for (String text : Files.readString(file).split("### request \\d+\r?\n")) {
            String[] line = text.lines().findFirst().orElse("").split(" ");
            boolean ours =
                    line.length == 3
                            && (line[1].startsWith("/v1/responses")
                                    || line[1].startsWith("/v1/conversations"));
            if (ours) {
                int end = text.indexOf("\r\n\r\n");
                all.add(new Captured(client, line[0], line[1], text.substring(end).strip()));
            }
        }
        return all;
    }
}

package entrepot.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import entrepot.app.client.Api;
import entrepot.app.server.Server;
import entrepot.app.settings.Setting;
import entrepot.app.settings.SettingsReader;
import entrepot.testkit.ChatScripts;
import entrepot.testkit.ScriptedSupplier;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** What docs/sessions.md shows works as it stands, on the whole server. */
class SessionsPageTest {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Pattern COMMANDS = Pattern.compile("```sh\n(.*?)```", Pattern.DOTALL);

    @TempDir Path folder = Path.of("");

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final StringBuilder seen = new StringBuilder();
    private final Map<String, String> environment = new HashMap<>();

    @Test
    void theCommandsOfThePageDoWhatItSays() throws Exception {
        try (var supplier = ScriptedSupplier.start()) {
            supplier.always(ChatScripts.stream(3, 2, "Good ", "day"));
            try (var server = start(supplier);
                    var api = new Api(URI.create(server.url()), server.firstKey().orElseThrow())) {
                environment.put("ENTREPOT_URL", server.url());
                environment.put("ENTREPOT_KEY", server.firstKey().orElseThrow().reveal());
                String id = session(api);
                Map<String, String> words = new HashMap<>();
                words.put("SESSION", id);
                words.put("desk.zip", folder.resolve("desk.zip").toString());
                int commands = 0;
                for (var block = COMMANDS.matcher(page()); block.find(); ) {
                    for (String line : block.group(1).strip().split("\n")) {
                        String said = run(words, line);
                        if (line.contains(" fork ") || line.contains(" import ")) {
                            words.put("COPY", said.strip());
                            idle(api, said.strip());
                        }
                        commands++;
                    }
                }
                assertThat(commands).isEqualTo(9);
                assertThat(seen).contains("same 2 items").contains("ModelAnswered");
                assertThat(text(err)).contains("for acme/two");
                assertThat(supplier.last().text()).contains("two-large");
            }
        }
    }

    private String run(Map<String, String> words, String line) {
        out.reset();
        String[] all = line.split(" (?=(?:[^']*'[^']*')*[^']*$)");
        assertThat(all[0]).isEqualTo("entrepot");
        List<String> said =
                Arrays.stream(all)
                        .skip(1)
                        .map(word -> words.getOrDefault(word, word.replace("'", "")))
                        .toList();
        var terminal =
                new Terminal(
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8),
                        new ByteArrayInputStream(new byte[0]),
                        false,
                        environment);
        int code = Entrepot.run(terminal, said.toArray(String[]::new));
        seen.append(text(out));
        assertThat(code).as(line + "\n" + text(out) + text(err)).isZero();
        return text(out);
    }

    private static String session(Api api) throws Exception {
        JsonNode wanted =
                JSON.readTree(
                        "{\"environment\":{\"type\":\"none\"},\"input\":\"Hello\","
                                + "\"agent\":{\"model\":\"acme/one\"}}");
        String id = api.post("/v1/agents/sessions", wanted).path("id").asString("");
        idle(api, id);
        return id;
    }

    private static void idle(Api api, String id) throws Exception {
        for (int left = 1_000; left > 0; left--) {
            if (api.get("/v1/agents/sessions/" + id).path("status").asString("").equals("idle")) {
                return;
            }
            Thread.sleep(20);
        }
        throw new AssertionError(id + " was never idle");
    }

    private Server start(ScriptedSupplier supplier) throws IOException {
        Files.writeString(
                folder.resolve("catalogue.yaml"),
                """
                suppliers:
                  acme: {kind: openai-compatible, base_url: "%s", key_env: ACME_KEY}
                models:
                  acme/one:
                    offers:
                      - {supplier: acme, name: one-large}
                  acme/two:
                    offers:
                      - {supplier: acme, name: two-large}
                """
                        .formatted(supplier.baseUrl()));
        environment.put("HOME", "/nowhere");
        environment.put("ENTREPOT_DATA", folder.toString());
        environment.put("ACME_KEY", "sk-acme");
        return Server.start(
                SettingsReader.read(Map.of(Setting.PORT, "0"), environment), environment);
    }

    private static String page() throws IOException {
        Path root = Path.of(System.getProperty("entrepot.root", ".."));
        return Files.readString(root.resolve("docs/sessions.md"));
    }

    private static String text(ByteArrayOutputStream stream) {
        return stream.toString(StandardCharsets.UTF_8);
    }
}

package entrepot.gateway.agents;

import static org.assertj.core.api.Assertions.assertThat;

import entrepot.gateway.KnownKeys;
import entrepot.gateway.Served;
import entrepot.runtime.testing.Scripted;
import entrepot.runtime.testing.ScriptedMarket;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The npm package {@code openai} 7.55.0, unmodified: its stream helpers and its pages. */
class NpmClientTest {

    private static final String PACKAGE = "openai@7.55.0";
    private static final long MINUTES_MAX = 3;

    @Test
    void theHelpersOfTheNpmPackageRun() throws Exception {
        Path folder = installed();
        var weather = Scripted.calls(Scripted.call("call_1", "weather", "{\"city\":\"Oslo\"}"));
        var market =
                ScriptedMarket.of(
                        weather,
                        Scripted.says("Sunny"),
                        Scripted.says("Ready"),
                        Scripted.says("One"),
                        Scripted.says("Two"),
                        weather,
                        Scripted.says("No weather"));
        try (var served = new Served(market)) {
            JsonNode said = Served.json(run(folder, served));
            assertThat(said.path("created").asString("")).isEqualTo("Sunny");
            assertThat(said.path("asked").toString()).isEqualTo("[{\"city\":\"Oslo\"}]");
            assertThat(said.path("followed").toString()).isEqualTo("[\"One\",\"Two\"]");
            assertThat(said.path("types").toString())
                    .startsWith("[\"agent.session.turn.created\"")
                    .endsWith("\"agent.session.turn.completed\",\"agent.session.idle\"]");
            assertThat(said.path("failing").asString("")).isEqualTo("No weather");
            assertThat(market.requests().getLast().messages().toString())
                    .contains("Tool handler failed.")
                    .doesNotContain("secret detail");
            assertThat(said.path("turns").asInt()).isEqualTo(4);
            assertThat(said.path("items").asInt()).isEqualTo(10);
            assertThat(said.path("deleted").asBoolean()).isTrue();
            assertThat(said.path("gone").asInt()).isEqualTo(404);
        }
    }

    private static String run(Path folder, Served served)
            throws IOException, InterruptedException, URISyntaxException {
        Path script = Path.of(NpmClientTest.class.getResource("/npm/stream.mjs").toURI());
        return output(
                folder, "node", script.toString(), folder.toString(), served.url(), KnownKeys.ALL);
    }

    /** A folder under {@code target} that holds the package; skips by name where it cannot be. */
    private static Path installed() throws IOException, InterruptedException {
        Assumptions.assumeTrue(runs("node"), "node is not installed");
        Assumptions.assumeTrue(runs("npm"), "npm is not installed");
        Path folder = Files.createDirectories(Path.of("target", "npm").toAbsolutePath());
        if (!Files.exists(folder.resolve("node_modules/openai/package.json"))) {
            Files.writeString(folder.resolve("package.json"), "{\"private\":true}");
            String problem = "";
            try {
                output(folder, "npm", "install", "--no-audit", "--no-fund", PACKAGE);
            } catch (IOException e) {
                problem = e.toString();
            }
            Assumptions.assumeTrue(
                    problem.isEmpty(), "npm could not fetch " + PACKAGE + ": " + problem);
        }
        return folder;
    }

    private static boolean runs(String program) throws InterruptedException {
        try {
            output(Path.of(".").toAbsolutePath(), program, "--version");
            return true;
        } catch (IOException absent) {
            return false;
        }
    }

    private static String output(Path folder, String... command)
            throws IOException, InterruptedException {
        Path err = Files.createTempFile("entrepot-npm", ".err");
        try {
            Process process =
                    new ProcessBuilder(List.of(command))
                            .directory(folder.toFile())
                            .redirectError(err.toFile())
                            .start();
            byte[] out = process.getInputStream().readAllBytes();
            if (!process.waitFor(MINUTES_MAX, TimeUnit.MINUTES)) {
                process.destroyForcibly();
                throw new IOException(command[0] + " did not end");
            }
            if (process.exitValue() != 0) {
                throw new IOException(command[0] + ": " + Files.readString(err));
            }
            return new String(out, StandardCharsets.UTF_8);
        } finally {
            Files.delete(err);
        }
    }
}

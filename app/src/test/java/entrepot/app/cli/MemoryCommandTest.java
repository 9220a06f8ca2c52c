package entrepot.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import entrepot.app.server.Server;
import entrepot.app.settings.Setting;
import entrepot.app.settings.SettingsReader;

import org.junit.jupiter.api.Test;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** {@code entrepot memory}, against a whole server. */
class MemoryCommandTest extends CommandLine {

    @Test
    void keepsReadsAndRedacts() throws Exception {
        Path file = Files.writeString(folder.resolve("gate.txt"), "The gate opens at nine.");
        Path later = Files.writeString(folder.resolve("later.txt"), "The gate opens at ten.");
        try (Server server =
                Server.start(
                        SettingsReader.read(Map.of(Setting.PORT, "0"), environment()),
                        environment())) {
            assertThat(run(server, "memory", "create", "desk", "--description", "facts")).isZero();
            String store = told().strip();
            assertThat(run(server, "memory", "stores")).isZero();
            assertThat(told()).contains(store).contains("desk");
            assertThat(run(server, "memory", "write", store, "/gate.md", file.toString())).isZero();
            String digest = told().strip();
            assertThat(digest).matches("[0-9a-f]{64}");
            assertThat(run(server, "memory", "read", store, "/gate.md")).isZero();
            assertThat(told()).contains("The gate opens at nine.");
            assertThat(run(server, "memory", "list", store)).isZero();
            assertThat(told()).contains("23  /gate.md");
            assertThat(run(server, "memory", "search", store, "when does the gate open")).isZero();
            assertThat(told()).contains("/gate.md\tThe gate opens at nine.");
            String[] write = {"memory", "write", store, "/gate.md", later.toString()};
            assertThat(run(server, write)).isZero();
            assertThat(
                            run(
                                    server,
                                    "memory",
                                    "write",
                                    store,
                                    "/gate.md",
                                    file.toString(),
                                    "--expect",
                                    digest))
                    .isEqualTo(1);
            assertThat(told()).contains("Nothing was changed");
            assertThat(run(server, "memory", "versions", store)).isZero();
            String[] versions = told().strip().split("\n");
            assertThat(versions).hasSize(2);
            assertThat(versions[1]).contains("created").contains("/gate.md");
            String first = versions[1].split(" ")[0];
            assertThat(run(server, "memory", "redact", store, first)).isZero();
            assertThat(run(server, "memory", "versions", store)).isZero();
            assertThat(told()).contains("(redacted)");
            assertThat(run(server, "memory", "delete", store, "/gate.md")).isZero();
            assertThat(run(server, "memory", "read", store, "/gate.md")).isEqualTo(1);
            assertThat(told()).contains("entrepot memory list " + store);
        }
    }
}

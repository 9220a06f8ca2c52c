package entrepot.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import entrepot.app.server.Server;
import entrepot.app.settings.Setting;
import entrepot.app.settings.SettingsReader;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Company data from the command line, over a whole server. */
class SourcesCommandsTest {

    @TempDir Path folder = Path.of("");

    @Test
    void aSourceIsReadShownAndSearched() throws Exception {
        Path board = Files.createDirectories(folder.resolve("docs/board"));
        Files.writeString(folder.resolve("docs/leave.md"), "There are 28 days of leave.\n");
        Files.writeString(folder.resolve("docs/bad.pdf"), "no PDF");
        Files.writeString(board.resolve(".access.yaml"), "access: [board]\n");
        Files.writeString(board.resolve("plan.md"), "The northern works are sold in May.\n");
        try (var server = start("docs")) {
            assertThat(run(server, "sources", "sync", "docs")).contains("docs: 3 found");
            assertThat(run(server, "sources", "list")).contains("docs", "folder", "done");
            assertThat(run(server, "sources", "show", "docs"))
                    .contains("board/plan.md", "group:board", "leave.md", "damaged");
            assertThat(run(server, "sources", "search", "days", "of", "leave"))
                    .contains("docs/leave.md:1", "There are 28 days of leave.")
                    .doesNotContain("northern");
            run(server, "groups", "add", "board", "admin");
            assertThat(run(server, "groups", "list")).contains("board", "admin");
            assertThat(run(server, "sources", "search", "which works are sold"))
                    .contains("The northern works are sold in May.");
            run(server, "groups", "remove", "board", "admin");
            assertThat(run(server, "sources", "search", "which works are sold"))
                    .doesNotContain("northern");
            assertThat(run(server, "sources", "forget", "docs")).contains("is set up");
            assertThat(run(server, "sources", "show", "other")).contains("no source 'other'");
        }
        Files.writeString(folder.resolve("entrepot.yaml"), "");
        try (var server = start()) {
            assertThat(run(server, "sources", "list")).contains("No sources");
            assertThat(run(server, "sources", "search", "leave")).contains("No source of company");
            assertThat(run(server, "sources", "forget", "docs")).contains("Nothing of docs");
            assertThat(run(server, "sources", "forget", "docs")).contains("no source 'docs'");
        }
    }

    private Server start(String name) throws IOException {
        Path settings = folder.resolve("entrepot.yaml");
        Files.writeString(
                settings,
                """
                sources:
                  %s:
                    kind: folder
                    path: docs
                    access: everyone
                """
                        .formatted(name));
        return start();
    }

    private Server start() {
        Path settings = folder.resolve("entrepot.yaml");
        var flags =
                Map.of(
                        Setting.PORT,
                        "0",
                        Setting.DATA,
                        folder.resolve("data").toString(),
                        Setting.CONFIG,
                        settings.toString());
        return Server.start(
                SettingsReader.read(flags, Map.of("HOME", folder.toString())), Map.of());
    }

    /** All that a command says. */
    private String run(Server server, String... command) throws IOException {
        var all = new ArrayList<>(List.of(command));
        all.add("--url");
        all.add(server.url());
        all.add("--key");
        all.add(Files.readString(folder.resolve("data/admin.key")).strip());
        var said = new ByteArrayOutputStream();
        var stream = new PrintStream(said, true, StandardCharsets.UTF_8);
        var in = new ByteArrayInputStream(new byte[0]);
        Entrepot.run(new Terminal(stream, stream, in, false, Map.of()), all.toArray(String[]::new));
        return said.toString(StandardCharsets.UTF_8);
    }
}

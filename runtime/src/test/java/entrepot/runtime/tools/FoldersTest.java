package entrepot.runtime.tools;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import entrepot.conversation.Failed;
import entrepot.conversation.Part;
import entrepot.runtime.agents.AgentSnapshot;
import entrepot.runtime.agents.AgentSnapshot.ToolSpec;
import entrepot.runtime.testing.WordSearch;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

class FoldersTest {

    private static final ToolServers.Context CONTEXT =
            new ToolServers.Context("acme", "research", "alice", null, List.of(), null);

    @TempDir Path parent;
    private Path folder;
    private ToolServer server;

    @BeforeEach
    void makeFolder() throws IOException {
        folder = Files.createDirectories(parent.resolve("news"));
        Files.writeString(parent.resolve("secret.txt"), "the secret");
        Files.writeString(folder.resolve("b.txt"), "Ships arrive.\nThe harbour opens at nine.\n");
        Files.createDirectories(folder.resolve("old/deep"));
        Files.writeString(folder.resolve("old/a.txt"), "é");
        Files.writeString(folder.resolve(".env"), "KEY=1");
        Folders folders = new Folders(new WordSearch());
        folders.allow("news", folder);
        server = folders.find(spec("entrepot:folder/news"), CONTEXT).orElseThrow();
    }

    private static ToolSpec.Server spec(String url) {
        return ToolSpec.Server.at("folder", url, null);
    }

    private ToolServer.Result use(String tool, String arguments) throws InterruptedException {
        return server.use(new ToolServer.Use("acme", "sess_1", tool, arguments, "key"));
    }

    private static String text(ToolServer.Result result) {
        return result.output().getFirst() instanceof Part.Text text ? text.text() : "";
    }

    @Test
    void listsFilesByPathWithTheirSizes() throws Exception {
        assertThat(text(use("list_files", "{}"))).isEqualTo("b.txt\t41\nold/a.txt\t2\n");
    }

    @Test
    void readsAFileAsItIs() throws Exception {
        assertThat(text(use("read_file", "{\"path\":\"old/a.txt\"}"))).isEqualTo("é");
    }

    @Test
    void readsALongFileInWindowsThatDoNotCutCharacters() throws Exception {
        String long_ = "x" + "é".repeat(50_000);
        Files.writeString(folder.resolve("long.txt"), long_);
        String first = text(use("read_file", "{\"path\":\"long.txt\"}"));
        assertThat(first)
                .startsWith(
                        "[truncated: showing bytes 0-65535 of 100001; call again with offset]\nx");
        String second = text(use("read_file", "{\"path\":\"long.txt\",\"offset\":65535}"));
        assertThat(second).startsWith("[truncated: showing bytes 65535-100001 of 100001]\n");
        assertThat(
                        first.substring(first.indexOf('\n') + 1)
                                + second.substring(second.indexOf('\n') + 1))
                .isEqualTo(long_);
    }

    @Test
    void findsSentencesWithTheirPlaces() throws Exception {
        assertThat(text(use("search", "{\"query\":\"When does the harbour open?\",\"limit\":1}")))
                .isEqualTo("b.txt:2\tThe harbour opens at nine.\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../secret.txt",
                "old/../../secret.txt",
                "/etc/passwd",
                "old//a.txt",
                "./b.txt",
                "C:\\\\secret.txt",
                "..\\\\secret.txt",
                "",
                "old",
                ".env",
                "missing.txt",
                "b.txt/a.txt",
                "link.txt",
                "linked/a.txt",
                "pipe",
                "binary.dat",
                "half.txt"
            })
    void refusesWhatIsNotAPlainFileOfTheFolder(String path) throws Exception {
        Files.createSymbolicLink(folder.resolve("link.txt"), parent.resolve("secret.txt"));
        Files.createSymbolicLink(folder.resolve("linked"), folder.resolve("old"));
        new ProcessBuilder("mkfifo", folder.resolve("pipe").toString()).start().waitFor();
        Files.write(folder.resolve("binary.dat"), new byte[] {'a', 0, 'b'});
        Files.write(folder.resolve("half.txt"), new byte[] {'a', (byte) 0xC3});
        ToolServer.Result result = use("read_file", "{\"path\":\"" + path + "\"}");
        assertThat(result.failed()).isTrue();
        assertThat(text(result)).isNotBlank().doesNotContain("secret\n").doesNotContain("KEY=1");
        assertThat(text(use("list_files", "{}")))
                .doesNotContain("link")
                .doesNotContain("pipe")
                .doesNotContain(".env");
    }

    @Test
    void refusesHugeFiles() throws Exception {
        try (var file = new java.io.RandomAccessFile(folder.resolve("huge.txt").toFile(), "rw")) {
            file.setLength(FolderFiles.FILE_BYTES_MAX + 1);
        }
        assertThat(text(use("read_file", "{\"path\":\"huge.txt\"}"))).contains("are not read");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "{",
                "{\"path\":1}",
                "{\"path\":\"b.txt\",\"offset\":-1}",
                "{\"path\":\"b.txt\",\"offset\":99}",
                "{\"path\":\"b.txt\",\"offset\":1.5}"
            })
    void saysWhatIsWrongWithArguments(String arguments) throws Exception {
        ToolServer.Result result = use("read_file", arguments);
        assertThat(result.failed()).isTrue();
        assertThat(text(result)).isNotBlank();
    }

    @Test
    void onlyAllowedFoldersAreFoundAndOnlyByName() {
        Folders folders = new Folders(new WordSearch());
        folders.allow("news", folder);
        folders.allow("news", folder);
        assertThat(folders.find(spec("entrepot:folder/other"), CONTEXT)).isEmpty();
        assertThat(folders.find(spec("entrepot:folder/../news"), CONTEXT)).isEmpty();
        assertThat(folders.find(spec("file://" + folder), CONTEXT)).isEmpty();
        assertThatThrownBy(() -> folders.allow("news", parent))
                .hasMessageContaining("already stands for");
        assertThatThrownBy(() -> folders.allow("../x", folder))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> folders.allow("gone", parent.resolve("gone")))
                .hasMessageContaining("not a folder");
    }

    @Test
    void anAgentThatNamesAnUnknownServerIsRefused() {
        AgentSnapshot agent =
                new AgentSnapshot(
                        "agent_1",
                        null,
                        "m",
                        null,
                        List.of(spec("entrepot:folder/none")),
                        JsonMapper.shared().createObjectNode());
        assertThatThrownBy(() -> Toolbox.check(agent, ToolServers.NONE, CONTEXT))
                .isInstanceOf(Failed.class)
                .hasMessageContaining("entrepot:folder/none");
    }

    @Test
    void theLaterOfTwoToolsWithOneNameIsQualified() throws Exception {
        AgentSnapshot agent =
                new AgentSnapshot(
                        "agent_1",
                        null,
                        "m",
                        null,
                        List.of(
                                ToolSpec.Server.at("one", "entrepot:folder/news", null),
                                ToolSpec.Server.at(
                                        "two", "entrepot:folder/news", List.of("search"))),
                        JsonMapper.shared().createObjectNode());
        Folders folders = new Folders(new WordSearch());
        folders.allow("news", folder);
        Toolbox box = Toolbox.of(agent, folders, CONTEXT);
        assertThat(box.tools()).hasSize(4);
        assertThat(box.find("two__search").orElseThrow().name()).isEqualTo("search");
        assertThat(box.find("search").orElseThrow().label()).isEqualTo("one");
        assertThat(box.find("two__read_file")).isEmpty();
    }
}

package entrepot.knowledge.sources;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.eclipse.jgit.api.Git;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

class GitConnectorTest {

    @TempDir Path folder = Path.of("");
    private Path work = Path.of("");

    @BeforeEach
    void makeRepository() throws Exception {
        work = folder.resolve("work");
        Git.init().setDirectory(work.toFile()).setInitialBranch("main").call().close();
        commit("README.md", "# Project\n");
        commit("docs/guide.md", "Turn the key.\n");
    }

    private String commit(String name, String text) throws Exception {
        Path file = work.resolve(name);
        Files.createDirectories(file.resolveSibling(""));
        Files.writeString(file, text);
        return commit();
    }

    private String commit() throws Exception {
        try (Git git = Git.open(work.toFile())) {
            git.add().addFilepattern(".").call();
            git.add().addFilepattern(".").setUpdate(true).call();
            return git.commit()
                    .setMessage("change")
                    .setAuthor("a", "a@example.com")
                    .setCommitter("a", "a@example.com")
                    .setSign(false)
                    .call()
                    .name();
        }
    }

    private GitConnector open(List<String> paths) throws SourceFailed {
        return new GitConnector(
                new SourceSettings.Git(work.toString(), "main", paths, null),
                Access.EVERYONE,
                folder.resolve("mirror"));
    }

    private static List<String> ids(Listing listing) {
        return listing.entries().stream().map(Entry::id).sorted().toList();
    }

    @Test
    void listsTheBranchAndReadsAtItsCommit() throws Exception {
        String head = commit("docs/more.md", "More.\n");
        try (GitConnector git = open(List.of())) {
            Listing listing = git.list(null, count -> {});
            assertThat(listing.complete()).isTrue();
            assertThat(listing.cursor()).isEqualTo(head);
            assertThat(ids(listing)).containsExactly("README.md", "docs/guide.md", "docs/more.md");
            Content content = git.read(listing.entries().getFirst());
            assertThat(content.revision()).isEqualTo(head);
            assertThat(new String(content.bytes(), StandardCharsets.UTF_8))
                    .isEqualTo("# Project\n");
        }
    }

    @Test
    void listsOnlyTheDifferenceTheNextTime() throws Exception {
        String before;
        try (GitConnector git = open(List.of())) {
            before = git.list(null, count -> {}).cursor();
        }
        commit("docs/new.md", "New.\n");
        Files.delete(work.resolve("README.md"));
        String head = commit();
        try (GitConnector git = open(List.of())) {
            Listing listing = git.list(before, count -> {});
            assertThat(listing.complete()).isFalse();
            assertThat(ids(listing)).containsExactly("docs/new.md");
            assertThat(listing.removed()).containsExactly("README.md");
            assertThat(listing.cursor()).isEqualTo(head);
            assertThat(git.list(head, count -> {}).entries()).isEmpty();
        }
    }

    @Test
    void aChangedAccessListConcernsEverything() throws Exception {
        String before;
        try (GitConnector git = open(List.of("docs/**"))) {
            Listing listing = git.list(null, count -> {});
            before = listing.cursor();
            assertThat(ids(listing)).containsExactly("docs/guide.md");
            assertThat(listing.entries().getFirst().access()).isEqualTo(Access.EVERYONE);
        }
        commit(".access.yaml", "access: team:engineering\n");
        try (GitConnector git = open(List.of("docs/**"))) {
            Listing listing = git.list(before, count -> {});
            assertThat(listing.complete()).isTrue();
            assertThat(listing.entries().getFirst().access())
                    .isEqualTo(Access.of(List.of("team:engineering")));
        }
    }

    @Test
    void aMirrorThatIsGoneIsMadeAgain() throws Exception {
        try (GitConnector git = open(List.of())) {
            assertThat(git.list("0123456789012345678901234567890123456789", count -> {}).complete())
                    .isTrue();
        }
    }

    @Test
    void whatIsNotThereSaysSo() {
        assertThatThrownBy(
                        () -> {
                            try (var git =
                                    new GitConnector(
                                            new SourceSettings.Git(
                                                    "https://name:secret@127.0.0.1:1/x.git",
                                                    null,
                                                    List.of(),
                                                    null),
                                            Access.EVERYONE,
                                            folder.resolve("none"))) {
                                git.list(null, count -> {});
                            }
                        })
                .isInstanceOf(SourceFailed.class)
                .hasMessageContaining("cannot be fetched")
                .hasMessageNotContaining("secret");
    }
}

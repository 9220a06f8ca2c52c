package entrepot.knowledge.sources;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import entrepot.market.yaml.YamlFile;
import entrepot.market.yaml.YamlInvalid;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;

class SourcesReaderTest {

    @TempDir Path folder = Path.of("");

    private List<SourceSettings> read(String text) {
        YamlFile yaml = YamlFile.parse("entrepot.yaml", text);
        var sources =
                new SourcesReader(Map.of("GIT_TOKEN", "s3cret"), folder, "default")
                        .read(Objects.requireNonNull(yaml.root().get("sources")));
        yaml.root().noOthers();
        yaml.done();
        return sources;
    }

    private String complaint(String text) {
        return String.valueOf(
                catchThrowableOfType(YamlInvalid.class, () -> read(text)).getMessage());
    }

    @Test
    void readsEachKind() throws Exception {
        Files.createDirectory(folder.resolve("handbook"));
        List<SourceSettings> sources =
                read(
                        """
                        sources:
                          handbook:
                            kind: folder
                            path: handbook
                            access: [finance, team:sales]
                            every: 30s
                          code:
                            kind: git
                            url: https://git.example.com/code.git
                            branch: main
                            paths: ["docs/**"]
                            token_env: GIT_TOKEN
                            access: everyone
                            label: open
                            tenant: acme
                        """);
        assertThat(sources)
                .containsExactly(
                        new SourceSettings(
                                "handbook",
                                "default",
                                "internal",
                                Access.of(List.of("group:finance", "team:sales")),
                                Duration.ofSeconds(30),
                                new SourceSettings.Folder(folder.resolve("handbook"), List.of())),
                        new SourceSettings(
                                "code",
                                "acme",
                                "open",
                                Access.EVERYONE,
                                Duration.ofMinutes(5),
                                new SourceSettings.Git(
                                        "https://git.example.com/code.git",
                                        "main",
                                        List.of("docs/**"),
                                        new entrepot.identity.Secret("s3cret"))));
        assertThat(sources.toString()).doesNotContain("s3cret");
    }

    @Test
    void saysWhatIsWrongAndWhere() {
        String complaint =
                complaint(
                        """
                        sources:
                          One:
                            kind: folder
                          two:
                            kind: foldre
                          three:
                            kind: folder
                            path: nowhere
                            access: [a:b]
                            evry: 5m
                          four:
                            kind: git
                            url: https://me:pw@git.example.com/x.git
                            access: everyone
                            token_env: NOT_SET
                        """);
        assertThat(complaint)
                .contains("entrepot.yaml:3:5")
                .contains("the name of a source")
                .contains("entrepot.yaml:5:11")
                .contains("did you mean 'folder'")
                .contains("'access' is missing")
                .contains("entrepot.yaml:8:11")
                .contains("is not a folder that can be read")
                .contains("'a:b' cannot be given access")
                .contains("entrepot.yaml:10:5")
                .contains("did you mean 'every'")
                .contains("must not hold a user or password")
                .contains("NOT_SET, which is not set")
                .doesNotContain("me:pw");
    }
}

package entrepot.knowledge.sources;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import entrepot.identity.Secret;
import entrepot.market.yaml.YamlFile;
import entrepot.market.yaml.YamlInvalid;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.net.URI;
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
                                        new Secret("s3cret"))));
        assertThat(sources.toString()).doesNotContain("s3cret");
    }

    @Test
    void readsWhatIsAskedOverANetwork() {
        List<SourceSettings> sources =
                read(
                        """
                        sources:
                          tickets:
                            kind: sql
                            url: jdbc:sqlite:tickets.db
                            query: select id, body from ticket
                            access: nobody
                            access_column: readers
                          site:
                            kind: web
                            url: https://www.example.com/
                            access: everyone
                            pages_max: 7
                          files:
                            kind: s3
                            endpoint: https://s3.example.com
                            bucket: b
                            access_key_env: GIT_TOKEN
                            secret_key_env: GIT_TOKEN
                            private_addresses: yes
                            access: everyone
                        """);
        var secret = new Secret("s3cret");
        assertThat(sources.stream().map(SourceSettings::place).toList())
                .containsExactly(
                        new SourceSettings.Sql(
                                "jdbc:sqlite:" + folder.resolve("tickets.db"),
                                null,
                                null,
                                "select id, body from ticket",
                                new SourceSettings.Columns("id", null, null, "body", "readers")),
                        new SourceSettings.Web(
                                URI.create("https://www.example.com/"),
                                7,
                                5,
                                Duration.ofMillis(200),
                                false),
                        new SourceSettings.S3(
                                URI.create("https://s3.example.com"),
                                "us-east-1",
                                "b",
                                "",
                                secret,
                                secret,
                                true));
    }

    @Test
    void aPasswordInAnAddressIsRefusedAndNotShown() {
        assertThat(
                        complaint(
                                """
                                sources:
                                  tickets:
                                    kind: sql
                                    url: jdbc:postgresql://me:hidden@db/x
                                    query: select 1
                                    access: nobody
                                """))
                .contains("entrepot.yaml:4:10")
                .contains("must not hold a user or password")
                .doesNotContain("hidden");
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

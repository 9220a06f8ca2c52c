package entrepot.market.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.util.Objects.requireNonNull;

import entrepot.market.yaml.YamlInvalid;
import entrepot.testkit.SettableClock;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

class CatalogueFileTest {

    private static final String ONE =
            """
            suppliers:
              s: {kind: openai-compatible, base_url: https://s.example.com/v1, key_file: key}
            models:
              v/one:
                offers: [{supplier: s, name: one}]
            """;

    @TempDir private Path folder;
    private final SettableClock clock = SettableClock.at("2026-04-12T09:00:00Z");
    private Path path;
    private CatalogueFile file;

    @BeforeEach
    void write() throws Exception {
        path = folder.resolve("entrepot.yaml");
        Files.writeString(folder.resolve("key"), "sk-1");
        Files.writeString(path, ONE);
        file = open();
    }

    private CatalogueFile open() {
        var reader =
                new CatalogueReader(
                        Map.of("entrepot/extract-1", ""), new SecretSources(Map.of(), folder));
        return CatalogueFile.open(path, reader, clock);
    }

    @Test
    void makesNoNewSnapshotOfTheSameFile() throws Exception {
        // R04
        Catalogue before = file.get();
        assertThat(file.refresh()).isFalse();
        Files.writeString(path, ONE);
        assertThat(file.refresh()).isFalse();
        assertThat(file.get()).isSameAs(before);
    }

    @Test
    void replacesTheSnapshotWholeWithAllThatIsDerivedFromIt() throws Exception {
        // R80, R81
        Catalogue before = file.get();
        Files.writeString(path, ONE.replace("v/one", "v/two"));
        clock.advanceMillis(1_000);
        assertThat(file.refresh()).isTrue();
        assertThat(file.get().find("two")).isNotNull();
        assertThat(file.get().find("one")).as("still the supplier's own name").isNotNull();
        assertThat(file.get().find("v/one")).isNull();
        assertThat(before.find("v/one")).as("who has the old one keeps it").isNotNull();
        assertThat(file.status().version()).isEqualTo(file.get().version());
        assertThat(file.status().since()).isEqualTo(clock.instant());
    }

    @Test
    void keepsTheOldSnapshotWhileTheFileIsBadAndSaysWhere() throws Exception {
        // R60: a bad file must not turn prices to nothing
        Catalogue before = file.get();
        Files.writeString(path, ONE.replace("supplier: s", "supplier: t"));
        assertThat(file.refresh()).isFalse();
        assertThat(file.get()).isSameAs(before);
        assertThat(file.status().problems()).hasSize(1);
        assertThat(file.status().problems().getFirst().toString())
                .startsWith(path + ":5:25: models.v/one.offers[0].supplier: no supplier");
        Files.writeString(path, ONE);
        assertThat(file.refresh()).isFalse();
        assertThat(file.status().problems()).isEmpty();
    }

    @Test
    void keepsTheOldSnapshotWhenTheFileIsGone() throws Exception {
        Catalogue before = file.get();
        Files.delete(path);
        file.refresh();
        assertThat(file.get()).isSameAs(before);
        assertThat(file.status().problems().getFirst().message()).contains("put it back");
    }

    @Test
    void takesUpAKeyThatWasChangedInItsFile() throws Exception {
        Files.writeString(folder.resolve("key"), "sk-2");
        assertThat(file.refresh()).isTrue();
        var secret = requireNonNull(file.get().supplier("s")).credentials().getFirst().secret();
        assertThat(secret).isNotNull();
        assertThat(secret.reveal()).isEqualTo("sk-2");
    }

    @Test
    void takesUpAChangedKeyAlsoWhileTheFileIsBadAndNeverAHalfWrittenOne() throws Exception {
        Files.writeString(path, "models: []");
        assertThat(file.refresh()).isFalse();
        Files.writeString(folder.resolve("key"), "");
        assertThat(file.refresh()).as("being written").isFalse();
        assertThat(secret(file.get())).isEqualTo("sk-1");
        Files.writeString(folder.resolve("key"), "sk-2");
        assertThat(file.refresh()).isTrue();
        assertThat(secret(file.get())).isEqualTo("sk-2");
        assertThat(file.status().problems()).as("of the file itself").hasSize(1);
        assertThat(file.refresh()).isFalse();
    }

    private static String secret(Catalogue catalogue) {
        var first = requireNonNull(catalogue.supplier("s")).credentials().getFirst();
        return requireNonNull(first.secret()).reveal();
    }

    @Test
    void startsWithoutAFileAndTakesItUpWhenItAppears() throws Exception {
        Files.delete(path);
        file = open();
        assertThat(file.get().models()).containsOnlyKeys("entrepot/extract-1");
        assertThat(file.refresh()).isFalse();
        Files.writeString(path, ONE);
        assertThat(file.refresh()).isTrue();
        assertThat(file.get().find("v/one")).isNotNull();
    }

    @Test
    void refusesToStartOnABadFile() throws Exception {
        Files.writeString(path, "models: []");
        assertThatThrownBy(this::open)
                .isInstanceOf(YamlInvalid.class)
                .hasMessage(
                        path
                                + ":1:9: models: must be a mapping of 'key: value' lines,"
                                + " but is a list");
    }

    @Test
    void refusesAFileThatIsNotText() throws Exception {
        Files.write(path, new byte[] {(byte) 0xff, (byte) 0xfe});
        assertThatThrownBy(this::open).hasMessageContaining("UTF-8");
    }
}

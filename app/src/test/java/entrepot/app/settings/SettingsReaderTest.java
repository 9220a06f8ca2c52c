package entrepot.app.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import entrepot.runtime.sandbox.SandboxSettings;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** Names and defaults are promises to operators: this pins every one of them. */
class SettingsReaderTest {

    @TempDir Path folder = Path.of("");

    @Test
    void everyNameIsPinned() {
        assertThat(Arrays.stream(Setting.values()).filter(Setting::hasFlag).map(Setting::flag))
                .containsExactly(
                        "--config",
                        "--host",
                        "--port",
                        "--data",
                        "--database-url",
                        "--catalogue",
                        "--folders",
                        "--tls-certificate",
                        "--tls-key",
                        "--plain-http",
                        "--mcp-hosts",
                        "--sandbox",
                        "--sandbox-network",
                        "--sandboxes-max",
                        "--environment-days",
                        "--node",
                        "--drain-seconds",
                        "--turns-max",
                        "--responses-days",
                        "--idempotency-hours",
                        "--body-bytes-max");
        assertThat(Setting.DATABASE_URL.variable()).isEqualTo("ENTREPOT_DATABASE_URL");
        assertThat(Setting.ADMIN_KEY.variable()).isEqualTo("ENTREPOT_ADMIN_KEY");
        assertThat(Setting.DATABASE_URL.key()).isEqualTo("database_url");
    }

    @Test
    void everyDefaultIsPinned() {
        var settings = SettingsReader.read(Map.of(), Map.of("HOME", "/nowhere"));
        assertThat(settings.host()).isEqualTo("127.0.0.1");
        assertThat(settings.port()).isEqualTo(8080);
        assertThat(settings.data()).isEqualTo(Path.of("/nowhere/.local/share/entrepot"));
        assertThat(settings.database()).isEqualTo(settings.data() + "/entrepot.db");
        assertThat(settings.catalogue()).isEqualTo(settings.data().resolve("catalogue.yaml"));
        assertThat(settings.folders()).isEmpty();
        assertThat(settings.tls()).isNull();
        assertThat(settings.plainHttp()).isFalse();
        assertThat(settings.adminKey()).isNull();
        assertThat(settings.vaultKey()).isNull();
        assertThat(settings.mcpHosts()).isEmpty();
        assertThat(settings.sandbox()).isEqualTo(new SandboxSettings("bwrap", false, 16));
        assertThat(settings.environmentsKept()).isEqualTo(Duration.ofDays(7));
        assertThat(settings.node()).isNotBlank();
        assertThat(settings.drain()).isEqualTo(Duration.ofSeconds(30));
        assertThat(settings.turnsMax()).isEqualTo(512);
        assertThat(settings.responsesKept()).isEqualTo(Duration.ofDays(30));
        assertThat(settings.answersKept()).isEqualTo(Duration.ofHours(24));
        assertThat(settings.bodyBytesMax()).isEqualTo(64 * 1024 * 1024);
    }

    @Test
    void dataGoesWhereTheDesktopSaysThatDataGoes() {
        var settings = SettingsReader.read(Map.of(), Map.of("HOME", "/h", "XDG_DATA_HOME", "/xdg"));
        assertThat(settings.data()).isEqualTo(Path.of("/xdg/entrepot"));
    }

    @Test
    void aFlagWinsOverTheEnvironmentAndTheEnvironmentOverTheFile() throws IOException {
        write("port: 1001\nhost: 127.0.0.2\nturns_max: 7\n");
        var environment = environment("ENTREPOT_PORT", "1002", "ENTREPOT_HOST", "127.0.0.3");
        var settings = SettingsReader.read(Map.of(Setting.PORT, "1003"), environment);
        assertThat(settings.port()).isEqualTo(1003);
        assertThat(settings.host()).isEqualTo("127.0.0.3");
        assertThat(settings.turnsMax()).isEqualTo(7);
    }

    @Test
    void pathsInTheFileStartFromItsFolder() throws IOException {
        Files.createDirectory(folder.resolve("notes"));
        write("catalogue: more/catalogue.yaml\nfolders:\n  notes: notes\n");
        var settings = SettingsReader.read(Map.of(), environment());
        assertThat(settings.catalogue()).isEqualTo(folder.resolve("more/catalogue.yaml"));
        assertThat(settings.folders()).containsEntry("notes", folder.resolve("notes"));
    }

    @Test
    void allThatIsWrongIsToldAtOnceAndWhereItWasSaid() throws IOException {
        write("prot: 1\nturns_max: many\n");
        assertThatThrownBy(() ->
                        SettingsReader.read(
                                Map.of(Setting.FOLDERS, "Bad=/nowhere"),
                                environment("ENTREPOT_PORT", "70000")))
                .isInstanceOf(SettingsInvalid.class)
                .hasMessageContaining("entrepot.yaml:1:1")
                .hasMessageContaining("prot")
                .hasMessageContaining("turns_max must be a whole number")
                .hasMessageContaining("ENTREPOT_PORT must be a whole number from 0 to 65535")
                .hasMessageContaining("'Bad'")
                .hasMessageContaining("/nowhere");
    }

    @Test
    void keysDoNotTravelUnencryptedBeyondThisMachineUnlessSomeoneSaysSo() {
        var open = Map.of(Setting.HOST, "0.0.0.0");
        assertThatThrownBy(() -> SettingsReader.read(open, environment()))
                .isInstanceOf(SettingsInvalid.class)
                .hasMessageContaining("0.0.0.0")
                .hasMessageContaining("--tls-certificate")
                .hasMessageContaining("--plain-http yes");
        var allowed = Map.of(Setting.HOST, "0.0.0.0", Setting.PLAIN_HTTP, "yes");
        assertThat(SettingsReader.read(allowed, environment()).host()).isEqualTo("0.0.0.0");
    }

    @Test
    void anEmptyFlagIsRefusedRatherThanTakenForTheFolderOneIsIn() {
        assertThatThrownBy(() -> SettingsReader.read(Map.of(Setting.DATA, ""), environment()))
                .isInstanceOf(SettingsInvalid.class)
                .hasMessageContaining("--data is empty");
    }

    @Test
    void aDatabaseOfAnotherKindIsRefusedWithoutItsPassword() {
        var other = Map.of(Setting.DATABASE_URL, "mysql://u:hunter2@db/e");
        assertThatThrownBy(() -> SettingsReader.read(other, environment()))
                .isInstanceOf(SettingsInvalid.class)
                .hasMessageContaining("--database-url must be a file or begin with postgresql://")
                .message()
                .doesNotContain("hunter2");
    }

    @Test
    void aSettingsFileThatIsNotThereOrNotTextIsNamed() throws IOException {
        var none = Map.of(Setting.CONFIG, folder.resolve("none.yaml").toString());
        assertThatThrownBy(() -> SettingsReader.read(none, environment()))
                .hasMessageContaining("There is no settings file")
                .hasMessageContaining("none.yaml");
        Files.write(folder.resolve("entrepot.yaml"), new byte[] {'a', (byte) 0xff});
        assertThatThrownBy(() -> SettingsReader.read(Map.of(), environment()))
                .hasMessageContaining("entrepot.yaml is not text in UTF-8");
    }

    @Test
    void aCertificateThatIsNotPemIsToldBeforeAnythingIsMade() throws IOException {
        var file = Files.writeString(folder.resolve("c.pem"), "junk").toString();
        var tls = Map.of(Setting.TLS_CERTIFICATE, file, Setting.TLS_KEY, file);
        assertThatThrownBy(() -> SettingsReader.read(tls, environment()))
                .isInstanceOf(SettingsInvalid.class)
                .hasMessageContaining("--tls-certificate must hold PEM")
                .hasMessageContaining("--tls-key must hold PEM");
    }

    @Test
    void thePasswordOfADatabaseIsNotShown() {
        var settings =
                SettingsReader.read(
                        Map.of(Setting.DATABASE_URL, "postgresql://u:hunter2@db/e"), environment());
        assertThat(settings.database()).contains("hunter2");
        assertThat(settings.toString()).doesNotContain("hunter2");
    }

    private void write(String text) throws IOException {
        Files.writeString(folder.resolve("entrepot.yaml"), text);
    }

    private Map<String, String> environment(String... more) {
        var environment = new HashMap<>(Map.of("HOME", "/nowhere"));
        environment.put("ENTREPOT_DATA", folder.toString());
        for (int i = 0; i < more.length; i += 2) {
            environment.put(more[i], more[i + 1]);
        }
        return environment;
    }
}

package entrepot.runtime.skills;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.nio.charset.StandardCharsets.UTF_8;

import entrepot.conversation.Failed;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

class BundleTest {

    private static final String SKILL = "---\nname: tides\ndescription: of tides\n---\nRead.";

    private static byte[] zip(Map<String, byte[]> files) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var out = new ZipOutputStream(bytes)) {
            for (var file : files.entrySet()) {
                out.putNextEntry(new ZipEntry(file.getKey()));
                out.write(file.getValue());
                out.closeEntry();
            }
        }
        return bytes.toByteArray();
    }

    private static Map<String, byte[]> with(String path, byte[] content) {
        var files = new TreeMap<String, byte[]>();
        files.put("SKILL.md", SKILL.getBytes(UTF_8));
        files.put(path, content);
        return files;
    }

    @Test
    void readsASkillWithOrWithoutItsFolder() throws Exception {
        Bundle bare = Bundle.read(zip(with("a/b.txt", new byte[] {1})));
        assertThat(bare.name()).isEqualTo("tides");
        assertThat(bare.description()).isEqualTo("of tides");
        Bundle wrapped =
                Bundle.read(
                        zip(
                                Map.of(
                                        "tides/SKILL.md",
                                        SKILL.getBytes(UTF_8),
                                        "tides/a/b.txt",
                                        new byte[] {1})));
        assertThat(wrapped.paths()).isEqualTo(bare.paths());
        assertThat(Bundle.read(bare.zip()).zip()).isEqualTo(bare.zip());
    }

    @ParameterizedTest
    @ValueSource(strings = {"../x", "/etc/passwd", "a/../../x", "C:/x", "a\\b", "a//b", "./x"})
    void refusesPathsThatLeadElsewhere(String path) throws Exception {
        byte[] zip = zip(with(path, new byte[0]));
        assertThatThrownBy(() -> Bundle.read(zip))
                .isInstanceOf(Failed.class)
                .hasMessageContaining("leads elsewhere");
    }

    @Test
    void refusesWhatGrowsTooLargeWhenItIsUnpacked() throws Exception {
        byte[] bomb = zip(with("zeros", new byte[Bundle.FILE_BYTES_MAX + 1]));
        assertThat(bomb.length).isLessThan(100_000);
        assertThatThrownBy(() -> Bundle.read(bomb))
                .isInstanceOf(Failed.class)
                .hasMessageContaining("in all");
        var many = new TreeMap<String, byte[]>();
        for (int i = 0; i < 10; i++) {
            many.put("f" + i, new byte[Bundle.FILE_BYTES_MAX]);
        }
        byte[] sum = zip(many);
        assertThatThrownBy(() -> Bundle.read(sum)).isInstanceOf(Failed.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Read.",
                "---\nname: tides\n---\n",
                "---\nname: Bad Name\ndescription: x\n---\n",
                "---\n- a\n---\n",
                "---\nname: [a\ndescription: x\n---\n",
                "---\nname: !!javax.script.ScriptEngineManager []\ndescription: x\n---\n"
            })
    void refusesAHeadThatSaysNotWhatItIs(String skill) {
        assertThatThrownBy(() -> Bundle.of(Map.of("SKILL.md", skill.getBytes(UTF_8))))
                .isInstanceOf(Failed.class)
                .hasMessageContaining("SKILL.md");
    }

    @Test
    void refusesWhatIsNoZip() {
        assertThatThrownBy(() -> Bundle.read("hello".getBytes(UTF_8)))
                .isInstanceOf(Failed.class)
                .hasMessageContaining("zip");
        assertThatThrownBy(() -> Bundle.of(Map.of("README.md", new byte[0])))
                .isInstanceOf(Failed.class)
                .hasMessageContaining("SKILL.md");
    }
}

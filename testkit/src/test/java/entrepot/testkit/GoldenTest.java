package entrepot.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;

/** Golden files are compared, and only rewritten when asked. */
class GoldenTest {

    @Test
    void aMissingFileFailsAndSaysHowToMakeIt(@TempDir Path folder) {
        assertThatThrownBy(() -> new Golden(folder, false).expect("a/b.txt", "x"))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("-Dgolden.update=true");
        assertThat(folder.resolve("a")).doesNotExist();
    }

    @Test
    void whatWasWrittenIsExpectedFromThenOn(@TempDir Path folder) {
        new Golden(folder, true).expect("a/b.txt", "one\ntwo\n");
        new Golden(folder, false).expect("a/b.txt", "one\ntwo\n");
        assertThatThrownBy(() -> new Golden(folder, false).expect("a/b.txt", "one\n2\n"))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("line 2")
                .hasMessageContaining("golden: two")
                .hasMessageContaining("actual: 2");
    }
}

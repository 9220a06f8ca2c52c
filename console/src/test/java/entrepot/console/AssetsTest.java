package entrepot.console;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

class AssetsTest {

    @ParameterizedTest
    @ValueSource(strings = {"htmx.min.js", "sse.min.js"})
    void vendored_files_are_the_ones_the_notice_names(String name) {
        String notice = new String(Assets.read("NOTICE.md"), StandardCharsets.UTF_8);
        var row = Pattern.compile("\\| " + Pattern.quote(name) + " \\|.*\\| ([0-9a-f]{64}) \\|");
        var matcher = row.matcher(notice);
        assertThat(matcher.find()).as("a row for " + name).isTrue();
        assertThat(Assets.sha256(Assets.read(name))).isEqualTo(matcher.group(1));
    }

    @Test
    void the_style_sheet_fetches_nothing() {
        String css = new String(Assets.read("console.css"), StandardCharsets.UTF_8);
        assertThat(css).doesNotContain("url(").doesNotContain("@import");
    }
}

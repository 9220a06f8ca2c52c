package entrepot.gateway.door;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;

class ExtensionTest {

    @Test
    void findsTheMemberWhereverItStands() {
        for (int before = 0; before < 40; before++) {
            String body = "{\"a\":\"" + "e\\\"n".repeat(before) + "\",\"entrepot\":{\"x\":1}}";
            Extension found = of(body);
            assertThat(found.said()).as(body).hasToString("{\"x\":1}");
            assertThat(text(found)).isEqualTo(body.replace(",\"entrepot\":{\"x\":1}", ""));
        }
        assertThat(text(of("{\"entrepot\":1,\"a\":2}"))).isEqualTo("{\"a\":2}");
        assertThat(text(of("{\"entrepot\":1}"))).isEqualTo("{}");
    }

    @Test
    void leavesABodyThatOnlySpeaksOfItAsItCame() {
        for (String body :
                new String[] {
                    "",
                    "\"",
                    "\"entrepot\"",
                    "{\"entrepo\":1}",
                    "{\"entrepots\":1}",
                    "{\"anentrepot\":1}",
                    "{\"name\":\"entrepot\"}",
                    "{\"a\":{\"entrepot\":1}}",
                    "{\"a\":\"\\\"entrepot\\\"\"}"
                }) {
            assertThat(of(body).said()).as(body).isNull();
            assertThat(text(of(body))).isEqualTo(body);
        }
    }

    private static Extension of(String body) {
        return Extension.of(body.getBytes(StandardCharsets.UTF_8));
    }

    private static String text(Extension extension) {
        return new String(extension.rest(), StandardCharsets.UTF_8);
    }
}

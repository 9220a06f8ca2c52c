package entrepot.protocols.anthropic.versions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.nio.charset.StandardCharsets.UTF_8;

import entrepot.conversation.Failed;
import entrepot.protocols.anthropic.messages.MessagesEnvelope;
import entrepot.protocols.anthropic.messages.MessagesRequests;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What platform.claude.com/docs/en/api/migration-2026-10-21 says of each version. */
class ApiVersionsTest {

    private static byte[] body(String role, String content, String more) {
        String messages = "[{\"role\":\"%s\",\"content\":%s}]".formatted(role, content);
        return "{\"model\":\"m\",\"max_tokens\":9,\"messages\":%s%s}"
                .formatted(messages, more)
                .getBytes(UTF_8);
    }

    @Test
    void aMissingOrUnknownVersionIsRefusedByName() {
        for (String header : new String[] {null, " ", "2030-01-01"}) {
            assertThatThrownBy(() -> ApiVersions.of(header))
                    .isInstanceOf(Failed.class)
                    .hasMessageContaining("anthropic-version")
                    .hasMessageContaining("2023-06-01 or 2026-10-21");
        }
        assertThat(ApiVersions.of("2026-10-21").name()).isEqualTo("2026-10-21");
    }

    @ParameterizedTest
    @CsvSource({"temperature,1", "top_p,1", "top_k,5"})
    void theNewerVersionHasNoSamplingParametersNotEvenWithTheirDefaults(String name, int value) {
        byte[] body = body("user", "\"hi\"", ",\"%s\":%d".formatted(name, value));
        var newer = ApiVersions.of("2026-10-21");
        assertThatThrownBy(() -> MessagesRequests.read(body, newer))
                .isInstanceOf(Failed.class)
                .hasMessageContaining(name);
        assertThatThrownBy(() -> MessagesEnvelope.scan(body, newer))
                .isInstanceOf(Failed.class)
                .hasMessageContaining(name);
        assertThat(MessagesRequests.read(body, ApiVersions.WIDEST).model()).isEqualTo("m");
    }

    @Test
    void theNewerVersionTakesNoDocumentOfTheAssistantsAndNoCitationOfTheUsers() {
        String document = "[{\"type\":\"document\",\"source\":{\"type\":\"url\",\"url\":\"u\"}}]";
        String cited = "[{\"type\":\"text\",\"text\":\"a\",\"citations\":[{\"type\":\"x\"}]}]";
        var newer = ApiVersions.of("2026-10-21");
        assertThatThrownBy(() -> MessagesRequests.read(body("assistant", document, ""), newer))
                .isInstanceOf(Failed.class)
                .hasMessageContaining("messages[0].content[0]");
        assertThatThrownBy(() -> MessagesRequests.read(body("user", cited, ""), newer))
                .isInstanceOf(Failed.class)
                .hasMessageContaining("messages[0].content[0].citations");
        assertThat(MessagesRequests.read(body("user", document, ""), newer)).isNotNull();
        assertThat(MessagesRequests.read(body("assistant", cited, ""), newer)).isNotNull();
        assertThat(MessagesRequests.read(body("assistant", document, ""), ApiVersions.WIDEST))
                .isNotNull();
    }
}

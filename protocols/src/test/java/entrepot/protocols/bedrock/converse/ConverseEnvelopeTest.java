package entrepot.protocols.bedrock.converse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import static java.nio.charset.StandardCharsets.UTF_8;

import entrepot.conversation.Failed;
import entrepot.conversation.Failure;
import entrepot.conversation.Failure.Cause;

import org.junit.jupiter.api.Test;

/** What is refused before anybody is asked, and where it stood. */
class ConverseEnvelopeTest {

    @Test
    void tellsTheMostTokensAndKeepsTheBytes() {
        byte[] body = bytes("{\"messages\": [],\"inferenceConfig\":{\"maxTokens\":7}, \"x\":1.10}");
        var envelope = ConverseEnvelope.scan(body);
        assertThat(envelope.outputTokensMax()).isEqualTo(7L);
        assertThat(envelope.body()).isSameAs(body);
        assertThat(ConverseEnvelope.scan(bytes("{\"messages\":[]}")).outputTokensMax()).isNull();
    }

    @Test
    void namesWhatIsWrong() {
        assertThat(refused("[]").param()).isNull();
        assertThat(refused("{}").param()).isEqualTo("messages");
        assertThat(refused("{\"messages\":{}}").param()).isEqualTo("messages");
        assertThat(refused("{\"messages\":[],\"messages\":[]}").code())
                .isEqualTo("duplicate_parameter");
        assertThat(refused("{\"messages\":[],\"inferenceConfig\":[]}").param())
                .isEqualTo("inferenceConfig");
        assertThat(refused("{\"messages\":[],\"inferenceConfig\":{\"maxTokens\":\"7\"}}").param())
                .isEqualTo("inferenceConfig.maxTokens");
        assertThat(refused("{\"messages\":[],\"inferenceConfig\":{\"maxTokens\":0}}").param())
                .isEqualTo("inferenceConfig.maxTokens");
        assertThat(refused("{\"messages\":[]} x").cause()).isEqualTo(Cause.INVALID_REQUEST);
        assertThat(refused("{\"messages\":[").code()).isEqualTo("invalid_json");
    }

    private static Failure refused(String body) {
        return catchThrowableOfType(Failed.class, () -> ConverseEnvelope.scan(bytes(body)))
                .failure();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }
}

package entrepot.protocols.anthropic.messages;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import entrepot.conversation.Failure.Cause;

import org.junit.jupiter.api.Test;

import java.util.Arrays;
import java.util.List;

class MessagesMeterTest {

    private static final List<String> LINES =
            List.of(
                    "event: message_start",
                    "data: {\"type\":\"message_start\",\"message\":"
                            + "{\"usage\":{\"input_tokens\":3}}}",
                    "",
                    "event: content_block_delta",
                    "data: {\"index\":0,\"type\":\"content_block_delta\",\"delta\":"
                            + "{\"type\":\"text_delta\",\"text\":\"é漢😀 message_stop\"}}",
                    "",
                    ": beat",
                    "data: {\"type\":\"content_block_delta\",\"delta\":"
                            + "{\"type\":\"signature_delta\",\"signature\":\"x\"}}",
                    "",
                    "data: {\"type\":\"message_delta\",",
                    "data: \"delta\":{\"stop_reason\":\"end_turn\"},"
                            + "\"usage\":{\"output_tokens\":2}}",
                    "",
                    "data: {\"type\":\"message_stop\"}",
                    "");

    @Test
    void r15CutAnywhereItMetersTheSameAndChangesNothing() {
        for (String end : List.of("\n", "\r\n", "\r")) {
            byte[] stream = (String.join(end, LINES) + end).getBytes(UTF_8);
            for (int cut = 0; cut <= stream.length; cut++) {
                var meter = new MessagesMeter();
                byte[] first = Arrays.copyOfRange(stream, 0, cut);
                assertThat(meter.chunk(first)).isSameAs(first);
                meter.chunk(Arrays.copyOfRange(stream, cut, stream.length));
                assertThat(meter.end()).isEmpty();
                assertThat(meter.usage().totalTokens()).isEqualTo(5);
                assertThat(meter.contentEvents()).isEqualTo(1);
                assertThat(meter.finished()).isTrue();
                assertThat(meter.failure()).isNull();
            }
        }
    }

    @Test
    void r55AnErrorIsNoContent() {
        var meter = new MessagesMeter();
        String error = "{\"type\":\"error\",\"error\":{\"type\":\"rate_limit_error\"}}";
        meter.chunk(("event: error\ndata: " + error + "\n\n").getBytes(UTF_8));
        assertThat(meter.content()).isFalse();
        assertThat(meter.finished()).isFalse();
        assertThat(meter.failure()).isNotNull();
        assertThat(meter.failure().cause()).isEqualTo(Cause.SUPPLIER_LIMITED);
    }
}

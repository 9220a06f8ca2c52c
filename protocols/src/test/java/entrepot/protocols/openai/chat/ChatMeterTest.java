package entrepot.protocols.openai.chat;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import entrepot.conversation.Failure.Cause;
import entrepot.testkit.Seeds;

import org.junit.jupiter.api.Test;

import java.io.ByteArrayOutputStream;
import java.util.List;

class ChatMeterTest {

    private static final String TEXT =
            "data: {\"choices\":[{\"delta\":{\"content\":\"é漢😀 \\\"usage\\\":{\"},"
                    + "\"finish_reason\":null}],\"usage\":null}";
    private static final String LAST =
            "data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}],\"usage\":null}";
    private static final String USAGE =
            "data: {\"choices\":[],\"usage\" : {\"prompt_tokens\":3,\"completion_tokens\":2,"
                    + "\"total_tokens\":5}}";
    private static final String BEAT = ": beat";
    private static final String DONE = "data: [DONE]";

    @Test
    void r15CutAnywhereItMetersTheSameAndChangesNothing() {
        for (String end : List.of("\n", "\r\n", "\r")) {
            byte[] stream = stream(end, TEXT, BEAT, TEXT, LAST, USAGE, DONE);
            for (int cut = 0; cut <= stream.length; cut++) {
                var meter = new ChatMeter(false);
                var out = new ByteArrayOutputStream();
                out.writeBytes(meter.chunk(java.util.Arrays.copyOfRange(stream, 0, cut)));
                out.writeBytes(
                        meter.chunk(java.util.Arrays.copyOfRange(stream, cut, stream.length)));
                out.writeBytes(meter.end());
                assertThat(out.toByteArray()).isEqualTo(stream);
                check(meter);
            }
        }
    }

    @Test
    void r24CutAnywhereItHidesTheUsageChunkAndOnlyThat() {
        for (String end : List.of("\n", "\r\n")) {
            byte[] stream = stream(end, TEXT, BEAT, TEXT, LAST, USAGE, DONE);
            byte[] left = stream(end, TEXT, BEAT, TEXT, LAST, DONE);
            Seeds.each(
                    300,
                    seeds -> {
                        var meter = new ChatMeter(true);
                        var out = new ByteArrayOutputStream();
                        for (byte[] piece : seeds.split(stream, 12)) {
                            out.writeBytes(meter.chunk(piece));
                        }
                        out.writeBytes(meter.end());
                        assertThat(out.toByteArray()).isEqualTo(left);
                        check(meter);
                    });
        }
    }

    @Test
    void whileHidingItHoldsBackNoMoreThanTheEventThatIsNotWhole() {
        var meter = new ChatMeter(true);
        byte[] event = stream("\n", TEXT);
        assertThat(meter.chunk(event)).isSameAs(event);
        assertThat(meter.chunk(": be".getBytes(UTF_8))).isEmpty();
        assertThat(meter.chunk("at\n\n".getBytes(UTF_8))).asString(UTF_8).isEqualTo(": beat\n\n");
    }

    @Test
    void theLastEventCountsEvenWithoutItsBlankLine() {
        for (boolean hide : new boolean[] {false, true}) {
            var meter = new ChatMeter(hide);
            byte[] whole = stream("\n", TEXT, LAST, USAGE);
            byte[] stream = java.util.Arrays.copyOf(whole, whole.length - 2);
            var out = new ByteArrayOutputStream();
            out.writeBytes(meter.chunk(stream));
            assertThat(meter.usageReported()).isFalse();
            out.writeBytes(meter.end());
            assertThat(meter.usage().totalTokens()).isEqualTo(5);
            assertThat(out.size())
                    .isEqualTo(hide ? stream("\n", TEXT, LAST).length : stream.length);
        }
    }

    @Test
    void r55AnErrorIsNoContent() {
        var meter = new ChatMeter(false);
        meter.chunk(
                stream(
                        "\n",
                        "event: error",
                        "data: {\"error\":{\"message\":\"content: many words\",\"code\":429}}"));
        assertThat(meter.content()).isFalse();
        assertThat(meter.finished()).isFalse();
        assertThat(meter.failure()).isNotNull();
        assertThat(meter.failure().cause()).isEqualTo(Cause.SUPPLIER_LIMITED);
    }

    @Test
    void readsUsageWhereverASupplierPutsItAndTheLastCounts() {
        var meter = new ChatMeter(false);
        meter.chunk(
                stream(
                        "\n",
                        "data: {\"choices\":[{\"delta\":{\"content\":\"a\"}}],"
                                + "\"usage\":{\"prompt_tokens\":1,\"total_tokens\":1}}",
                        "data:{\"x_groq\":{\"usage\":{\"prompt_tokens\":3,"
                                + "\"completion_tokens\":4}},\"choices\":[]}"));
        assertThat(meter.usage().totalTokens()).isEqualTo(7);
    }

    @Test
    void usageWithinSomethingElseIsNotTheStreams() {
        var meter = new ChatMeter(true);
        byte[] stream =
                stream(
                        "\n",
                        "data: {\"choices\":[{\"delta\":{\"tool_calls\":[{\"function\":"
                                + "{\"usage\":{\"prompt_tokens\":9}}}]}}]}",
                        "data: not JSON \"usage\":{",
                        "data: {\"choices\":[],\"prompt_filter_results\":[{}]}");
        assertThat(meter.chunk(stream)).isSameAs(stream);
        assertThat(meter.usageReported()).isFalse();
    }

    private static void check(ChatMeter meter) {
        assertThat(meter.usage().totalTokens()).isEqualTo(5);
        assertThat(meter.contentEvents()).isEqualTo(2);
        assertThat(meter.finished()).isTrue();
        assertThat(meter.failure()).isNull();
    }

    private static byte[] stream(String end, String... events) {
        return (String.join(end + end, events) + end + end).getBytes(UTF_8);
    }
}

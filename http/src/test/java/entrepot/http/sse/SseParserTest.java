package entrepot.http.sse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import entrepot.testkit.Mutations;
import entrepot.testkit.Seeds;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** R15 and the standard's own examples (WHATWG HTML §9.2.6). */
class SseParserTest {

    private static final int MAX = 1 << 16;

    /** An event as text, which has an equality. */
    private record Seen(String type, String data, String id) {}

    private static List<Seen> parse(byte[]... parts) {
        var parser = new SseParser(MAX);
        var seen = new ArrayList<Seen>();
        for (byte[] part : parts) {
            parser.push(part, event -> seen.add(seen(event)));
        }
        return seen;
    }

    private static Seen seen(SseEvent event) {
        return new Seen(event.type(), event.text(), event.id());
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static List<Seen> parse(String stream) {
        return parse(utf8(stream));
    }

    private static Seen message(String data) {
        return new Seen("message", data, "");
    }

    static List<String> nasty() {
        return List.of(
                "data: one\n\ndata: two\n\n",
                "data: one\r\n\r\ndata: two\r\n\r\n",
                "data: one\r\rdata: two\r\r",
                "data: mixed\r\n\ndata: ends\r\r\n\n",
                "\uFEFFdata: after a byte order mark\n\n",
                "\uFEFF: comment\n\ndata: x\n\n",
                "data: {\"s\":\"h\u00e9llo \u4f60\u597d \ud83d\ude80\"}\n\n",
                "event: caf\u00e9\nid: \ud83d\ude80\ndata: a\ndata:\ndata:  b\n\n",
                ": keep-alive\n\n: another\n\ndata: x\n\n",
                "id: 1\ndata: a\n\ndata: b\n\nid\ndata: c\n\nid: x\0y\ndata: d\n\n",
                "retry: 1000\nretry: 10x\nretry:\ndata: a\n\n",
                "data\n\ndata\ndata\n\ndata:\n\n",
                "event: only\n\ndata: no type\n\n",
                "unknown: field\nnocolon\n: c\ndata: kept\nbad\ufffd: \u0001\ndata: too\n\n",
                "data:a:b: c\n\n:\n\ndata:\u00a0x\n\n\n\n\ndata: unfinished");
    }

    @ParameterizedTest
    @MethodSource("nasty")
    void givesTheSameEventsWhereverTheBytesAreCut(String stream) {
        byte[] whole = utf8(stream);
        List<Seen> expected = parse(whole);
        for (int cut = 0; cut <= whole.length; cut++) {
            assertThat(
                            parse(
                                    Arrays.copyOf(whole, cut),
                                    Arrays.copyOfRange(whole, cut, whole.length)))
                    .as("cut at %d", cut)
                    .isEqualTo(expected);
        }
        byte[][] singles = new byte[whole.length][];
        for (int i = 0; i < whole.length; i++) {
            singles[i] = new byte[] {whole[i]};
        }
        assertThat(parse(singles)).as("byte by byte").isEqualTo(expected);
    }

    @Test
    void givesTheSameEventsForRandomCutsOfAllSamplesInARow() {
        byte[] whole = utf8(String.join("\n\n", nasty()).replace("\uFEFF", ""));
        List<Seen> expected = parse(whole);
        assertThat(expected).hasSizeGreaterThan(20);
        var random = new Random(15);
        for (int round = 0; round < 500; round++) {
            var parts = new ArrayList<byte[]>();
            for (int at = 0; at < whole.length; ) {
                int next = Math.min(whole.length, at + random.nextInt(12));
                parts.add(Arrays.copyOfRange(whole, at, next));
                at = next;
            }
            assertThat(parse(parts.toArray(byte[][]::new))).isEqualTo(expected);
        }
    }

    @Test
    void joinsDataLinesAndTakesOneSpaceAway() {
        assertThat(parse("data: YHOO\ndata: +2\ndata: 10\n\n"))
                .containsExactly(message("YHOO\n+2\n10"));
        assertThat(parse("data:test\n\ndata: test\n\ndata:  test\n\n"))
                .containsExactly(message("test"), message("test"), message(" test"));
    }

    @Test
    void anEmptyDataFieldIsAnEventAndNoDataFieldIsNone() {
        assertThat(parse("data\n\ndata\ndata\n\ndata:"))
                .containsExactly(message(""), message("\n"));
        assertThat(parse("event: x\nid: 7\n\ndata: y\n\n"))
                .containsExactly(new Seen("message", "y", "7"));
    }

    @Test
    void keepsTheLastIdAndForgetsItOnAnEmptyOne() {
        assertThat(parse("id: 1\ndata: a\n\ndata: b\n\nid\ndata: c\n\n"))
                .extracting(Seen::id)
                .containsExactly("1", "1", "");
    }

    @Test
    void aBadFieldNeverDropsTheRest() {
        String stream = "retry: soon\nid: a\0b\n\ufffd\ufffd\n:\ndata: kept\n\n";
        assertThat(parse(stream)).containsExactly(message("kept"));
    }

    @Test
    void decodesBrokenUtf8WithoutLosingTheEvent() {
        byte[] stream = utf8("data: a?b\n\n");
        stream[7] = (byte) 0xC3;
        assertThat(parse(stream)).containsExactly(message("a\ufffdb"));
    }

    @Test
    void readsTheRetryTimeInDigitsOnly() {
        var parser = new SseParser(MAX);
        assertThat(parser.retryMillis()).isEmpty();
        parser.push(utf8("retry: 2500\nretry: -1\nretry: 1e3\n"), event -> {});
        assertThat(parser.retryMillis()).hasValue(2500);
    }

    @Test
    void handsOverAnEventWhoseLastLineWasForgottenOnlyAtTheEnd() {
        var parser = new SseParser(MAX);
        var seen = new ArrayList<Seen>();
        parser.push(utf8("data: a\ndata: b"), event -> seen.add(seen(event)));
        assertThat(seen).isEmpty();
        parser.end(event -> seen.add(seen(event)));
        assertThat(seen).containsExactly(message("a\nb"));
        parser.end(event -> seen.add(seen(event)));
        assertThat(seen).hasSize(1);
    }

    @Test
    void refusesAnEventOrALineOverItsLimit() {
        String line = "data: " + "x".repeat(20) + "\n";
        assertThatThrownBy(() -> new SseParser(50).push(utf8(line.repeat(3)), event -> {}))
                .isInstanceOf(EventTooLarge.class);
        assertThatThrownBy(() -> new SseParser(50).push(utf8("c".repeat(51)), event -> {}))
                .isInstanceOf(EventTooLarge.class);
        assertThatThrownBy(() -> new SseParser(50).push(utf8("c".repeat(51) + "\n"), event -> {}))
                .isInstanceOf(EventTooLarge.class);
        var parser = new SseParser(50);
        var seen = new ArrayList<Seen>();
        parser.push(utf8((line + "\n").repeat(100)), event -> seen.add(seen(event)));
        assertThat(seen).as("the limit is for each event").hasSize(100);
    }

    @Test
    void givesNothingButEventsOrItsOwnErrorForAnyBytes() {
        byte[] sound = utf8(String.join("\n\n", nasty()));
        Seeds.each(
                2_000,
                seeds -> {
                    byte[] stream = Mutations.of(sound, seeds);
                    var parser = new SseParser(200);
                    try {
                        for (byte[] piece : seeds.split(stream, 5)) {
                            parser.push(
                                    piece, event -> assertThat(event.data()).hasSizeLessThan(201));
                        }
                        parser.end(event -> assertThat(event.type()).isNotNull());
                    } catch (EventTooLarge tooLarge) {
                        assertThat(tooLarge).hasMessageContaining("200");
                    }
                });
    }

    @Test
    void writesWhatTheParserReadsBack() {
        byte[] stream =
                concat(
                        SseWriter.data("{\"a\":1}"),
                        SseWriter.comment("keep-alive"),
                        SseWriter.event("delta", "lines\nof\r\ntext\rhere\n"),
                        SseWriter.event("x", "42", utf8("")),
                        SseWriter.data("\u4f60 \ud83d\ude80"));
        assertThat(parse(stream))
                .containsExactly(
                        message("{\"a\":1}"),
                        new Seen("delta", "lines\nof\ntext\nhere\n", ""),
                        new Seen("x", "", "42"),
                        new Seen("message", "\u4f60 \ud83d\ude80", "42"));
        assertThat(new String(SseWriter.data("[DONE]"), StandardCharsets.UTF_8))
                .isEqualTo("data: [DONE]\n\n");
        assertThat(new String(SseWriter.comment("a"), StandardCharsets.UTF_8)).isEqualTo(": a\n\n");
    }

    @Test
    void refusesToWriteAFieldThatWouldBeginAnother() {
        assertThatThrownBy(() -> SseWriter.event("a\ndata: evil", "x"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> SseWriter.event("a", "1\r2", new byte[0]))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static byte[] concat(byte[]... parts) {
        var out = new java.io.ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }
}

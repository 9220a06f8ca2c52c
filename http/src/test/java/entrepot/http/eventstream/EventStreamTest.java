package entrepot.http.eventstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import static java.nio.charset.StandardCharsets.UTF_8;

import entrepot.http.eventstream.EventStreamBroken.Reason;
import entrepot.http.eventstream.EventStreamMessage.Header;
import entrepot.testkit.Seeds;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.CRC32;

class EventStreamTest {

    /** The example of the format's description: no headers, no payload. */
    private static final byte[] EMPTY = hex("00000010" + "00000000" + "05c248eb" + "7d98c8ff");

    private static final EventStreamMessage CHUNK =
            EventStreamMessage.of(
                    "{\"bytes\":\"eA==\"}".getBytes(UTF_8),
                    ":event-type",
                    "chunk",
                    ":content-type",
                    "application/json",
                    ":message-type",
                    "event");

    private static byte[] hex(String text) {
        return HexFormat.of().parseHex(text);
    }

    private static List<EventStreamMessage> parse(List<byte[]> parts) {
        var parser = new EventStreamParser();
        var messages = new ArrayList<EventStreamMessage>();
        parts.forEach(part -> parser.push(part, messages::add));
        parser.end();
        return messages;
    }

    private static List<EventStreamMessage> parse(byte[] whole) {
        return parse(List.of(whole));
    }

    private static byte[] write(List<EventStreamMessage> messages) {
        var out = new ByteArrayOutputStream();
        messages.forEach(message -> out.writeBytes(EventStreamWriter.write(message)));
        return out.toByteArray();
    }

    private static @Nullable Reason broken(byte[] stream) {
        var broken = catchThrowableOfType(EventStreamBroken.class, () -> parse(stream));
        return broken == null ? null : broken.reason();
    }

    /** A message of such lengths and headers, with checksums that are right. */
    private static byte[] framed(int total, int headersLength, byte[] rest) {
        var bytes = new byte[16 + rest.length];
        ByteBuffer out = ByteBuffer.wrap(bytes);
        out.putInt(total).putInt(headersLength);
        out.putInt(crc(bytes, 8)).put(rest);
        out.putInt(crc(bytes, 12 + rest.length));
        return bytes;
    }

    private static byte[] withHeaders(String headersHex) {
        byte[] headers = hex(headersHex);
        return framed(16 + headers.length, headers.length, headers);
    }

    private static int crc(byte[] bytes, int count) {
        var crc = new CRC32();
        crc.update(bytes, 0, count);
        return (int) crc.getValue();
    }

    @Test
    void readsAndWritesTheEmptyMessage() {
        var empty = new EventStreamMessage(List.of(), new byte[0]);
        assertThat(parse(EMPTY)).containsExactly(empty);
        assertThat(EventStreamWriter.write(empty)).isEqualTo(EMPTY);
        assertThat(parse(new byte[0])).isEmpty();
    }

    @Test
    void readsHeadersByNameAndType() {
        EventStreamMessage message = parse(EventStreamWriter.write(CHUNK)).getFirst();
        assertThat(message.text(":event-type")).isEqualTo("chunk");
        assertThat(message.text(":exception-type")).isNull();
        assertThat(new String(message.payload(), UTF_8)).isEqualTo("{\"bytes\":\"eA==\"}");
        var number = new Header("n", new HeaderValue.Int32(7));
        var mixed = new EventStreamMessage(List.of(number), new byte[0]);
        assertThat(mixed.text("n")).isNull();
        assertThat(mixed.header("n")).isEqualTo(new HeaderValue.Int32(7));
    }

    @Test
    void givesTheSameMessagesWhereverTheBytesAreCut() {
        byte[] whole = write(List.of(CHUNK, Streams.made(new Seeds(1)), CHUNK));
        List<EventStreamMessage> expected = parse(whole);
        assertThat(expected).hasSize(3);
        for (int cut = 0; cut <= whole.length; cut++) {
            byte[] first = Arrays.copyOf(whole, cut);
            byte[] second = Arrays.copyOfRange(whole, cut, whole.length);
            assertThat(parse(List.of(first, second))).as("cut at %d", cut).isEqualTo(expected);
        }
        var singles = new ArrayList<byte[]>();
        for (byte b : whole) {
            singles.add(new byte[] {b});
        }
        assertThat(parse(singles)).as("byte by byte").isEqualTo(expected);
    }

    @Test
    void handsEachMessageOverAsSoonAsItIsComplete() {
        byte[] message = EventStreamWriter.write(CHUNK);
        var parser = new EventStreamParser();
        var seen = new ArrayList<EventStreamMessage>();
        parser.push(Arrays.copyOf(message, message.length - 1), seen::add);
        assertThat(seen).isEmpty();
        parser.push(new byte[] {message[message.length - 1]}, seen::add);
        assertThat(seen).containsExactly(CHUNK);
    }

    @Test
    void readsBackWhatItWroteOfAnyTypeAndCutAnywhere() {
        Seeds.each(
                2_000,
                seeds -> {
                    var messages = new ArrayList<EventStreamMessage>();
                    for (int left = seeds.upTo(4); left > 0; left--) {
                        messages.add(Streams.made(seeds));
                    }
                    byte[] whole = write(messages);
                    assertThat(parse(seeds.split(whole, 9))).isEqualTo(messages);
                });
    }

    @Test
    void noticesEveryFlippedBit() {
        byte[] whole = EventStreamWriter.write(CHUNK);
        for (int bit = 0; bit < whole.length * 8; bit++) {
            byte[] changed = whole.clone();
            changed[bit / 8] ^= (byte) (1 << (bit % 8));
            assertThat(broken(changed))
                    .as("bit %d of byte %d", bit % 8, bit / 8)
                    .isEqualTo(bit < 96 ? Reason.PRELUDE_CHECKSUM : Reason.MESSAGE_CHECKSUM);
        }
    }

    @Test
    void refusesHugeLengthsByTheirFirstTwelveBytes() {
        for (int total : new int[] {-1, Integer.MAX_VALUE, 1 << 30, 26_000_000, 25_165_841}) {
            assertThat(broken(Arrays.copyOf(framed(total, 0, new byte[0]), 12)))
                    .isEqualTo(Reason.TOO_LARGE);
        }
        assertThat(broken(Arrays.copyOf(framed(1 << 20, 128 * 1024 + 1, new byte[0]), 12)))
                .isEqualTo(Reason.TOO_LARGE);
        var parser = new EventStreamParser(100);
        assertThatThrownBy(() -> parser.push(framed(101, 0, new byte[85]), message -> {}))
                .hasMessage("an event of 101 bytes, at most 100");
        new EventStreamParser(101).push(framed(101, 0, new byte[85]), message -> {});
    }

    @Test
    void takesAMessageOfTheFormatsLargestSizeAndRefusesToWriteALargerOne() {
        var largest = new byte[EventStreamMessage.PAYLOAD_BYTES_MAX];
        byte[] written = EventStreamWriter.write(new EventStreamMessage(List.of(), largest));
        assertThat(parse(written).getFirst().payload()).hasSize(largest.length);
        var tooLarge = new EventStreamMessage(List.of(), new byte[largest.length + 1]);
        assertThatThrownBy(() -> EventStreamWriter.write(tooLarge))
                .hasMessage("payload of 25165825 bytes, at most 25165824");
        var header = new Header("h", new HeaderValue.Bytes(new byte[32_767]));
        var many = new EventStreamMessage(List.of(header, header, header, header), new byte[0]);
        assertThatThrownBy(() -> EventStreamWriter.write(many))
                .hasMessage("headers of 131088 bytes, at most 131072");
    }

    @Test
    void refusesLengthsThatContradictEachOther() {
        assertThat(broken(framed(15, 0, new byte[0]))).isEqualTo(Reason.LENGTHS);
        assertThat(broken(framed(0, 0, new byte[0]))).isEqualTo(Reason.LENGTHS);
        assertThat(broken(framed(20, 5, new byte[4]))).isEqualTo(Reason.LENGTHS);
    }

    @Test
    void refusesHeadersThatCannotBeRead() {
        for (String headers :
                List.of(
                        "00",
                        "0007",
                        "0561",
                        "0161",
                        "01610a",
                        "0161ff",
                        "016104000000",
                        "0161070005616263",
                        "01610609",
                        "01c307000161",
                        "0161070001c3",
                        "01610980",
                        "01610700016101")) {
            assertThat(broken(withHeaders(headers))).as(headers).isEqualTo(Reason.HEADER);
        }
        byte[] longText = new byte[5 + 0x8000];
        System.arraycopy(hex("0161078000"), 0, longText, 0, 5);
        assertThat(broken(framed(16 + longText.length, longText.length, longText)))
                .isEqualTo(Reason.HEADER);
    }

    @Test
    void refusesToMakeHeadersThatTheFormatCannotHold() {
        var value = new HeaderValue.Bool(true);
        assertThatThrownBy(() -> new Header("", value)).hasMessageContaining("must be 1 to 255");
        assertThatThrownBy(() -> new Header("é".repeat(128), value))
                .hasMessageContaining("256 bytes");
        assertThatThrownBy(() -> new HeaderValue.Text("x".repeat(32_768)))
                .hasMessage("a header value of 32768 bytes, at most 32767");
    }

    @Test
    void staysBrokenAndSaysWhereAStreamWasCutOff() {
        byte[] whole = EventStreamWriter.write(CHUNK);
        assertThatThrownBy(() -> parse(Arrays.copyOf(whole, 5)))
                .hasMessage("the event stream ended 5 bytes into a message");
        assertThatThrownBy(() -> parse(Arrays.copyOf(whole, 50)))
                .hasMessage("the event stream ended 50 bytes into a message of " + whole.length);
        var parser = new EventStreamParser();
        byte[] bad = whole.clone();
        bad[40]++;
        assertThatThrownBy(() -> parser.push(bad, message -> {}))
                .isInstanceOf(EventStreamBroken.class);
        assertThatThrownBy(() -> parser.push(whole, message -> {}))
                .isInstanceOf(EventStreamBroken.class);
        assertThatThrownBy(parser::end).isInstanceOf(EventStreamBroken.class);
    }

    @Test
    void givesNothingButMessagesOrItsOwnErrorForAnyBytes() {
        Seeds.each(
                5_000,
                seeds -> {
                    byte[] headers = seeds.bytes(seeds.upTo(40));
                    byte[] stream =
                            seeds.oneIn(4)
                                    ? seeds.bytes(seeds.upTo(60))
                                    : framed(16 + headers.length, headers.length, headers);
                    var parser = new EventStreamParser(seeds.upTo(4096));
                    try {
                        seeds.split(stream, 4).forEach(part -> parser.push(part, message -> {}));
                        parser.end();
                    } catch (EventStreamBroken e) {
                        assertThat(e.getMessage()).isNotBlank();
                    }
                });
    }
}

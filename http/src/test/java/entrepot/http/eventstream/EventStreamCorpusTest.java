package entrepot.http.eventstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import entrepot.http.eventstream.EventStreamMessage.Header;
import entrepot.testkit.Cuts;
import entrepot.testkit.Seeds;

import org.junit.jupiter.api.Test;

import software.amazon.eventstream.Message;
import software.amazon.eventstream.MessageDecoder;

import java.io.ByteArrayOutputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Recorded streams, and the format's reference implementation as a second opinion. */
class EventStreamCorpusTest {

    private static final int STREAMS = 85;

    private static List<EventStreamMessage> parse(List<byte[]> parts) {
        var parser = new EventStreamParser();
        var messages = new ArrayList<EventStreamMessage>();
        parts.forEach(part -> parser.push(part, messages::add));
        parser.end();
        return messages;
    }

    private static byte[] write(List<EventStreamMessage> messages) {
        var out = new ByteArrayOutputStream();
        messages.forEach(message -> out.writeBytes(EventStreamWriter.write(message)));
        return out.toByteArray();
    }

    private static List<Message> reference(byte[] stream) {
        var decoder = new MessageDecoder();
        decoder.feed(stream);
        return decoder.getDecodedMessages();
    }

    /** Without empty texts and bytes, which the reference writes but does not read. */
    private static EventStreamMessage forTheReference(EventStreamMessage message) {
        var empties = List.of(new HeaderValue.Text(""), new HeaderValue.Bytes(new byte[0]));
        var headers = message.headers().stream().filter(h -> !empties.contains(h.value())).toList();
        return new EventStreamMessage(headers, message.payload());
    }

    /** Besides, without bytes and shorts: the reference writes their types and no values. */
    private static EventStreamMessage byTheReference(EventStreamMessage message) {
        EventStreamMessage readable = forTheReference(message);
        var headers =
                readable.headers().stream()
                        .filter(h -> !(h.value() instanceof HeaderValue.Int8))
                        .filter(h -> !(h.value() instanceof HeaderValue.Int16))
                        .toList();
        return new EventStreamMessage(headers, readable.payload());
    }

    private static Map<String, software.amazon.eventstream.HeaderValue> reference(
            List<Header> headers) {
        var map = new LinkedHashMap<String, software.amazon.eventstream.HeaderValue>();
        headers.forEach(header -> map.put(header.name(), reference(header.value())));
        return map;
    }

    private static software.amazon.eventstream.HeaderValue reference(HeaderValue value) {
        return switch (value) {
            case HeaderValue.Bool v ->
                    software.amazon.eventstream.HeaderValue.fromBoolean(v.value());
            case HeaderValue.Int8 v -> software.amazon.eventstream.HeaderValue.fromByte(v.value());
            case HeaderValue.Int16 v ->
                    software.amazon.eventstream.HeaderValue.fromShort(v.value());
            case HeaderValue.Int32 v ->
                    software.amazon.eventstream.HeaderValue.fromInteger(v.value());
            case HeaderValue.Int64 v -> software.amazon.eventstream.HeaderValue.fromLong(v.value());
            case HeaderValue.Bytes v ->
                    software.amazon.eventstream.HeaderValue.fromByteArray(v.value());
            case HeaderValue.Text v ->
                    software.amazon.eventstream.HeaderValue.fromString(v.value());
            case HeaderValue.Timestamp v ->
                    software.amazon.eventstream.HeaderValue.fromTimestamp(
                            Instant.ofEpochMilli(v.epochMillis()));
            case HeaderValue.Uuid v -> software.amazon.eventstream.HeaderValue.fromUuid(v.value());
        };
    }

    @Test
    void everyRecordedStreamIsReadAsTheReferenceReadsItAndWrittenBackByteForByte() {
        List<Streams.Recorded> streams = Streams.recorded();
        assertThat(streams).hasSize(STREAMS);
        for (Streams.Recorded stream : streams) {
            List<EventStreamMessage> messages = parse(List.of(stream.body()));
            List<Message> expected = reference(stream.body());
            assertThat(messages).as(stream.id()).isNotEmpty().hasSameSizeAs(expected);
            for (int i = 0; i < messages.size(); i++) {
                EventStreamMessage message = messages.get(i);
                assertThat(message.payload()).isEqualTo(expected.get(i).getPayload());
                assertThat(reference(message.headers())).isEqualTo(expected.get(i).getHeaders());
                assertThat(message.text(":message-type")).isIn("event", "exception");
            }
            assertThat(write(messages)).as(stream.id()).isEqualTo(stream.body());
        }
    }

    @Test
    void everyRecordedStreamReadsTheSameAtRandomCuts() {
        List<Streams.Recorded> streams = Streams.recorded();
        Seeds.each(
                10,
                seeds -> {
                    for (Streams.Recorded stream : streams) {
                        List<EventStreamMessage> whole = parse(List.of(stream.body()));
                        assertThat(parse(seeds.split(stream.body(), 40)))
                                .as(stream.id())
                                .isEqualTo(whole);
                    }
                });
    }

    @Test
    void everyRecordedStreamReadsTheSameCutAtEveryByte() {
        for (Streams.Recorded stream : Streams.recorded()) {
            var messages = Cuts.same(stream.id(), stream.body(), EventStreamCorpusTest::parse);
            assertThat(messages).as(stream.id()).isNotEmpty();
        }
    }

    @Test
    void aFlippedBitAnywhereInARecordedStreamIsNoticed() {
        List<Streams.Recorded> streams = Streams.recorded();
        Seeds.each(
                20,
                seeds -> {
                    for (Streams.Recorded stream : streams) {
                        byte[] changed = stream.body().clone();
                        int at = seeds.upTo(changed.length - 1);
                        changed[at] ^= (byte) (1 << seeds.upTo(7));
                        var broken =
                                catchThrowableOfType(
                                        EventStreamBroken.class, () -> parse(List.of(changed)));
                        assertThat(broken).as("%s, byte %d", stream.id(), at).isNotNull();
                    }
                });
    }

    @Test
    void writesWhatTheReferenceReads() {
        Seeds.each(
                1_000,
                seeds -> {
                    EventStreamMessage message = forTheReference(Streams.made(seeds));
                    Message read = reference(EventStreamWriter.write(message)).getFirst();
                    assertThat(read.getPayload()).isEqualTo(message.payload());
                    assertThat(read.getHeaders()).isEqualTo(reference(message.headers()));
                });
    }

    @Test
    void readsWhatTheReferenceWrites() {
        Seeds.each(
                1_000,
                seeds -> {
                    EventStreamMessage message = byTheReference(Streams.made(seeds));
                    var theirs = new ByteArrayOutputStream();
                    new Message(reference(message.headers()), message.payload()).encode(theirs);
                    EventStreamMessage back = parse(List.of(theirs.toByteArray())).getFirst();
                    assertThat(back.payload()).isEqualTo(message.payload());
                    assertThat(back.headers())
                            .containsExactlyInAnyOrderElementsOf(message.headers());
                });
    }
}

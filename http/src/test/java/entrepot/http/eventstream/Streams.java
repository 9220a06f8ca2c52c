package entrepot.http.eventstream;

import entrepot.testkit.Recording;
import entrepot.testkit.Seeds;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** Streams to read: recorded ones, which stand beside the project on some machines, and made. */
final class Streams {

    private Streams() {}

    record Recorded(String id, byte[] body) {}

    /** The bodies of all recorded event streams; skips the test, by name, where they are absent. */
    static List<Recorded> recorded() {
        return Recording.of("bedrock-converse-stream.jsonl", "bedrock-invoke-stream.jsonl").stream()
                .filter(recording -> recording.answer().length > 0 && recording.answer()[0] == 0)
                .map(recording -> new Recorded(recording.id(), recording.answer()))
                .toList();
    }

    /** A message with headers of any type, their names distinct. */
    static EventStreamMessage made(Seeds seeds) {
        var headers = new ArrayList<EventStreamMessage.Header>();
        for (int left = seeds.upTo(6); left > 0; left--) {
            String name = left + seeds.text(3);
            headers.add(new EventStreamMessage.Header(name, value(seeds)));
        }
        return new EventStreamMessage(headers, seeds.bytes(seeds.upTo(300)));
    }

    private static HeaderValue value(Seeds seeds) {
        long number = seeds.random().nextLong();
        return switch (seeds.upTo(8)) {
            case 0 -> new HeaderValue.Bool(seeds.oneIn(2));
            case 1 -> new HeaderValue.Int8((byte) number);
            case 2 -> new HeaderValue.Int16((short) number);
            case 3 -> new HeaderValue.Int32((int) number);
            case 4 -> new HeaderValue.Int64(number);
            case 5 -> new HeaderValue.Bytes(seeds.bytes(seeds.upTo(40)));
            case 6 -> new HeaderValue.Text(seeds.text(8));
            case 7 -> new HeaderValue.Timestamp(number >> 10);
            default -> new HeaderValue.Uuid(new UUID(number, seeds.random().nextLong()));
        };
    }
}

package entrepot.http.eventstream;

import entrepot.testkit.Seeds;

import org.junit.jupiter.api.Assumptions;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.UUID;

/** Streams to read: recorded ones, which stand beside the project on some machines, and made. */
final class Streams {

    private static final Path CORPUS =
            Path.of(System.getProperty("entrepot.root", "."), "..", "shared", "corpus");

    private Streams() {}

    record Recorded(String id, byte[] body) {}

    /** The bodies of all recorded event streams; skips the test, by name, where they are absent. */
    static List<Recorded> recorded() throws IOException {
        var streams = new ArrayList<Recorded>();
        for (String name :
                List.of("bedrock-converse-stream.jsonl", "bedrock-invoke-stream.jsonl")) {
            Path file = CORPUS.resolve(name);
            Assumptions.assumeTrue(Files.exists(file), () -> file + " is not on this machine");
            for (String line : Files.readAllLines(file)) {
                JsonNode row = JsonMapper.shared().readTree(line);
                JsonNode body = row.path("response").path("body").path("base64");
                if (body.isString()) {
                    byte[] bytes = Base64.getDecoder().decode(body.stringValue());
                    streams.add(new Recorded(row.path("id").stringValue(), bytes));
                }
            }
        }
        return streams;
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

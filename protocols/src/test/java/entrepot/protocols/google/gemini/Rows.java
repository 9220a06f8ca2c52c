package entrepot.protocols.google.gemini;

import static java.nio.charset.StandardCharsets.UTF_8;

import entrepot.conversation.Event;
import entrepot.conversation.Failure.Cause;
import entrepot.protocols.Corpus;
import entrepot.protocols.Corpus.Row;
import entrepot.protocols.Frame;
import entrepot.protocols.json.Json;

import tools.jackson.databind.JsonNode;

import java.util.ArrayList;
import java.util.List;

/** What was recorded of this dialect. */
final class Rows {

    private Rows() {}

    static List<Row> all() {
        return Corpus.rows("gemini.jsonl", "vertex.jsonl", "gemini.responses-only.jsonl").stream()
                .filter(row -> row.path().isEmpty() || row.path().contains("enerateContent"))
                .filter(row -> !new String(row.response(), UTF_8).contains("\"predictions\""))
                .toList();
    }

    static List<Row> streams() {
        return all().stream().filter(row -> row.isStream() || isArray(row)).toList();
    }

    static boolean isArray(Row row) {
        return new String(row.response(), UTF_8).stripLeading().startsWith("[");
    }

    static String model(Row row) {
        return row.path().replaceAll(".*/models/([^:]*).*", "$1");
    }

    /** The chunks of a stream, also of one that came as an array. */
    static List<String> chunks(Row row) {
        if (!isArray(row)) {
            return row.events();
        }
        var chunks = new ArrayList<String>();
        Json.read(row.response(), Cause.INTERNAL).forEach(chunk -> chunks.add(chunk.toString()));
        return chunks;
    }

    /** The stream as server-sent events. */
    static byte[] framed(Row row) {
        if (!isArray(row)) {
            return row.framed();
        }
        var framed = new StringBuilder();
        chunks(row).forEach(chunk -> framed.append("data: ").append(chunk).append("\r\n\r\n"));
        return framed.toString().getBytes(UTF_8);
    }

    static List<Event> read(List<String> chunks) throws InterruptedException {
        var events = new ArrayList<Event>();
        var reader = new GeminiStreamReader(events::add);
        for (String chunk : chunks) {
            reader.frame(Frame.of(chunk.getBytes(UTF_8)));
        }
        reader.end();
        return events;
    }

    static JsonNode json(byte[] bytes) {
        return Json.read(bytes, Cause.INTERNAL);
    }
}

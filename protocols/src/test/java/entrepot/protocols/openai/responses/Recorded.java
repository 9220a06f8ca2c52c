package entrepot.protocols.openai.responses;

import static java.nio.charset.StandardCharsets.UTF_8;

import entrepot.conversation.Event;
import entrepot.conversation.Failure.Cause;
import entrepot.protocols.Corpus;
import entrepot.protocols.Corpus.Row;
import entrepot.protocols.Frame;
import entrepot.protocols.json.Json;
import entrepot.protocols.openai.responses.items.ItemIds;

import tools.jackson.databind.JsonNode;

import java.util.ArrayList;
import java.util.List;

/** What was recorded of this dialect, and how it is read in tests. */
final class Recorded {

    private Recorded() {}

    /** Exchanges at {@code …/responses} itself, and answers without their request. */
    static List<Row> rows() {
        var rows = new ArrayList<Row>();
        rows.addAll(
                Corpus.rows(
                        "openai-responses.jsonl",
                        "responses-compatible.jsonl",
                        "azure-openai.jsonl",
                        "openai-responses-sessions.jsonl",
                        "agent-loops.jsonl"));
        rows.removeIf(row -> !row.path().matches(".*/responses([?].*)?"));
        rows.addAll(
                Corpus.rows(
                        "openai-responses.responses-only.jsonl",
                        "responses-compatible.responses-only.jsonl"));
        for (Row row : Corpus.rows("azure-openai.responses-only.jsonl")) {
            if (new String(row.response(), UTF_8).contains("\"response")) {
                rows.add(row);
            }
        }
        return rows;
    }

    static List<Event> read(List<String> payloads) throws InterruptedException {
        var events = new ArrayList<Event>();
        var reader = new ResponsesStreamReader(events::add);
        for (String payload : payloads) {
            reader.frame(Frame.of(payload.getBytes(UTF_8)));
        }
        reader.end();
        return events;
    }

    static ItemIds ids() {
        var count = new int[1];
        return prefix -> prefix + "_" + count[0]++;
    }

    static ResponsesVoice voice(JsonNode asked) {
        return new ResponsesVoice(asked, "resp_1", 7, ids());
    }

    static List<String> written(ResponsesVoice voice, List<Event> events) {
        var writer = voice.stream();
        var payloads = new ArrayList<String>();
        for (Event event : events) {
            writer.write(event).forEach(f -> payloads.add(new String(f.data(), UTF_8)));
        }
        writer.end().forEach(f -> payloads.add(new String(f.data(), UTF_8)));
        return payloads;
    }

    static JsonNode json(String text) {
        return Json.read(text.replace('\'', '"'), Cause.INTERNAL);
    }

    static JsonNode json(byte[] bytes) {
        return Json.read(bytes, Cause.INTERNAL);
    }
}

package entrepot.app.sessions;

import entrepot.app.books.ServerFlags;
import entrepot.app.client.Api;
import entrepot.app.client.ApiFailed;
import entrepot.runtime.facts.FactCodec;
import entrepot.runtime.journal.Journal;

import tools.jackson.databind.JsonNode;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Reads whole lists of a session from a server, page by page. */
final class JournalReader {

    private static final FactCodec CODEC = new FactCodec();
    private static final int FACTS_MAX = 1_000_000;

    private JournalReader() {}

    /** The facts after those at hand. */
    static List<Journal.Recorded> facts(Api api, String session, long afterSeq)
            throws ApiFailed, InterruptedException {
        List<Journal.Recorded> facts = new ArrayList<>();
        long after = afterSeq;
        JsonNode page;
        do {
            page = api.get(path(session) + "/journal?limit=500&after=" + after);
            for (JsonNode each : page.path("data")) {
                after = each.path("seq").asLong(0);
                facts.add(recorded(each));
            }
            if (facts.size() > FACTS_MAX) {
                throw new ApiFailed(
                        0, "Session " + session + " has more than " + FACTS_MAX + " facts.");
            }
        } while (page.path("has_more").asBoolean(false));
        return facts;
    }

    private static Journal.Recorded recorded(JsonNode fact) {
        return new Journal.Recorded(
                fact.path("seq").asLong(0),
                fact.path("at_ms").asLong(0),
                CODEC.read(
                        new FactCodec.Written(
                                fact.path("type").asString(""),
                                fact.path("version").asInt(0),
                                fact.path("payload").toString().getBytes(StandardCharsets.UTF_8))));
    }

    /** All items, oldest first, as the server shows them. */
    static List<JsonNode> items(Api api, String session) throws ApiFailed, InterruptedException {
        List<JsonNode> items = new ArrayList<>();
        String after = "";
        JsonNode page;
        do {
            page = api.get(path(session) + "/items?limit=100&order=asc" + after);
            page.path("data").forEach(items::add);
            after = "&after=" + ServerFlags.encoded(page.path("last_id").asString(""));
        } while (page.path("has_more").asBoolean(false));
        return items;
    }

    static String path(String session) {
        return "/v1/agents/sessions/" + ServerFlags.encoded(session);
    }
}

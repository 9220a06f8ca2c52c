package entrepot.gateway.history;

import entrepot.conversation.Failure;
import entrepot.conversation.Part;
import entrepot.gateway.agents.AgentRequests;
import entrepot.gateway.agents.AgentsApi;
import entrepot.gateway.agents.InputRequests;
import entrepot.gateway.agents.Lists;
import entrepot.gateway.agents.SessionJson;
import entrepot.gateway.door.Call;
import entrepot.gateway.door.Described;
import entrepot.gateway.door.Fields;
import entrepot.gateway.door.Query;
import entrepot.gateway.door.Refusals;
import entrepot.gateway.door.Route;
import entrepot.market.Market;
import entrepot.protocols.json.Json;
import entrepot.runtime.facts.FactCodec;
import entrepot.runtime.journal.Journal;
import entrepot.runtime.session.Histories;
import entrepot.runtime.session.Sessions;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What can be done with a session's journal as a whole: read it, fork it, trace it. */
public final class HistoryApi {

    private static final int FACTS_DEFAULT = 100;
    private static final int FACTS_MAX = 500;
    private static final int PAGE_BYTES_MAX = 8 << 20;

    private static final Described JOURNAL =
            Described.get(
                    "Lists a session's facts, oldest first, without secrets: enough to run it"
                            + " again. A page ends at its limit or at 8 MiB.",
                    "{after?: integer, limit?: integer}",
                    "{object: list, data: [{id: string, object: string, seq: integer,"
                            + " at_ms: integer, type: string, version: integer, payload: any}],"
                            + " has_more: boolean, first_id: string|null, last_id: string|null}");
    private static final Described FORK =
            Described.body(
                    "Makes a session that begins with another's facts up to 'at' (the last, if left"
                            + " out) and goes its own way. A turn that is open there is closed as"
                            + " cancelled in the copy. An Idempotency-Key makes it once.",
                    "{at?: integer, model?: string, metadata?: {*: string}, input?: any}",
                    201,
                    "{id: string, object: string, status: string, metadata: {*: string},"
                            + " entrepot: {forked_from: {session_id: string, at: integer}}}");

    private final Sessions sessions;
    private final Histories histories;
    private final Market market;
    private final FactCodec codec = new FactCodec();

    public HistoryApi(Sessions sessions, Histories histories, Market market) {
        this.sessions = sessions;
        this.histories = histories;
        this.market = market;
    }

    public List<Route> routes() {
        String session = "/v1/agents/sessions/{session_id}";
        return List.of(
                AgentsApi.route("GET", session + "/journal", this::journal).about(JOURNAL),
                AgentsApi.route("POST", session + "/fork", this::fork).about(FORK),
                AgentsApi.route("GET", session + "/traces", this::traces));
    }

    private void journal(Call call) {
        Query query = call.query();
        long after = number(query, "after", 0, 0, Long.MAX_VALUE);
        int limit = (int) number(query, "limit", FACTS_DEFAULT, 1, FACTS_MAX);
        List<Journal.Recorded> facts =
                histories.facts(call.caller(), call.parameter("session_id"), after, limit + 1);
        ObjectNode json = Json.object().put("object", "list");
        ArrayNode data = json.putArray("data");
        long bytes = 0;
        for (Journal.Recorded each : facts) {
            FactCodec.Written written = codec.write(each.fact());
            bytes += written.payload().length;
            if (data.size() == limit || (!data.isEmpty() && bytes > PAGE_BYTES_MAX)) {
                break;
            }
            data.add(fact(each, written));
        }
        json.put("has_more", data.size() < facts.size());
        json.put("first_id", data.isEmpty() ? null : data.get(0).get("id").stringValue());
        json.put(
                "last_id",
                data.isEmpty() ? null : data.get(data.size() - 1).get("id").stringValue());
        call.respond(200, json);
    }

    /** A fact as the journal and bundles show it. */
    static ObjectNode fact(Journal.Recorded recorded, FactCodec.Written written) {
        ObjectNode json =
                Json.object()
                        .put("id", String.valueOf(recorded.seq()))
                        .put("object", "agent.session.fact")
                        .put("seq", recorded.seq())
                        .put("at_ms", recorded.atMillis())
                        .put("type", written.type())
                        .put("version", written.version());
        json.set("payload", Json.read(written.payload(), Failure.Cause.INVALID_REQUEST));
        return json;
    }

    private static long number(Query query, String name, long otherwise, long min, long max) {
        String text = query.get(name);
        if (text == null || text.isEmpty()) {
            return otherwise;
        }
        try {
            long number = Long.parseLong(text);
            if (number >= min && number <= max) {
                return number;
            }
        } catch (NumberFormatException notANumber) {
            // Said below.
        }
        throw Refusals.value(
                name,
                max == Long.MAX_VALUE
                        ? "it must be the number of a fact, or 0."
                        : "it must be " + min + " to " + max + ".");
    }

    private void fork(Call call) {
        Fields body = call.fields();
        Long at = at(body);
        String model = body.text("model");
        Map<String, String> metadata =
                body.get("metadata") == null ? null : AgentRequests.metadata(body);
        List<List<Part>> input = InputRequests.initial("input", body.get("input"));
        body.end();
        if (model != null) {
            AgentsApi.requireModel(market, call, model, "model");
        }
        String id =
                histories.fork(
                        call.caller(),
                        call.parameter("session_id"),
                        new Histories.Fork(at, model, metadata, input),
                        AgentsApi.key(call));
        call.respond(201, SessionJson.session(session(call, id)));
    }

    private static @Nullable Long at(Fields body) {
        JsonNode at = body.get("at");
        if (at == null) {
            return null;
        }
        if (!at.isIntegralNumber() || !at.canConvertToLong()) {
            throw Refusals.wrongType("at", "an integer", Fields.kind(at));
        }
        return at.longValue();
    }

    private Sessions.Session session(Call call, String id) {
        return sessions.find(call.caller(), id).orElseThrow(Refusals::notFound);
    }

    private void traces(Call call) {
        Sessions.Session session = session(call, call.parameter("session_id"));
        List<Trace> ended = new ArrayList<>();
        var fold = new TraceFold(session.id());
        List<Journal.Recorded> facts;
        long after = 0;
        do {
            facts = histories.facts(call.caller(), session.id(), after, FACTS_MAX);
            for (Journal.Recorded each : facts) {
                Trace trace = fold.add(each);
                if (trace != null) {
                    ended.add(trace);
                }
                after = each.seq();
            }
        } while (!facts.isEmpty());
        call.respond(200, Traces.page(ended, Lists.clamped(call.query())));
    }
}

package entrepot.gateway.bundles;

import entrepot.conversation.Failed;
import entrepot.conversation.Failure;
import entrepot.gateway.agents.AgentsApi;
import entrepot.gateway.agents.SessionJson;
import entrepot.gateway.door.Call;
import entrepot.gateway.door.Described;
import entrepot.gateway.door.Refusals;
import entrepot.gateway.door.Route;
import entrepot.http.Headers;
import entrepot.runtime.journal.Journal;
import entrepot.runtime.session.Histories;
import entrepot.runtime.session.Sessions;

import java.time.InstantSource;
import java.util.List;

/** Sessions leave as bundles and enter as bundles. */
public final class BundleApi {

    private static final String ZIP = "application/zip";
    private static final int READ_MAX = 500;

    private static final Described EXPORT =
            Described.get(
                    "Gives a session as a bundle, a zip file without secrets (docs/sessions.md has"
                            + " the format).",
                    "",
                    "any");
    private static final Described IMPORT =
            new Described(
                    "Takes a bundle in as a session of the caller's team. 'id' says under which id:"
                            + " 'keep' for its own, which must be free here, or 'new'. Hashes are"
                            + " verified and the journal is run again before anything is kept.",
                    "{id?: keep/new}",
                    "any",
                    201,
                    "{id: string, object: string, status: string,"
                            + " entrepot: {imported_from: {session_id: string, at: integer}}}");

    private final Sessions sessions;
    private final Histories histories;
    private final InstantSource clock;

    public BundleApi(Sessions sessions, Histories histories, InstantSource clock) {
        this.sessions = sessions;
        this.histories = histories;
        this.clock = clock;
    }

    public List<Route> routes() {
        return List.of(
                AgentsApi.route(
                                "GET",
                                "/v1/agents/sessions/{session_id}/bundle",
                                this::exportSession)
                        .about(EXPORT),
                AgentsApi.route("POST", "/v1/agents/sessions/import", this::importSession)
                        .about(IMPORT)
                        .taking(ZIP));
    }

    private void exportSession(Call call) {
        String id = call.parameter("session_id");
        var bundle = new Bundle();
        long after = 0;
        List<Journal.Recorded> facts;
        do {
            facts = histories.facts(call.caller(), id, after, READ_MAX);
            for (Journal.Recorded each : facts) {
                after = each.seq();
                if (!bundle.add(each)) {
                    throw new Failed(
                            Failure.of(
                                    Failure.Cause.TOO_LARGE,
                                    "The journal of session "
                                            + id
                                            + " exceeds the "
                                            + Bundle.UNPACKED_BYTES_MAX / 2
                                            + " bytes that fit into a bundle."));
                }
            }
        } while (!facts.isEmpty());
        call.respond(
                200,
                Headers.of(
                        "content-type",
                        ZIP,
                        "content-disposition",
                        "attachment; filename=\"session.zip\""),
                bundle.zip(id, clock.millis()));
    }

    private void importSession(Call call) {
        String wanted = call.query().get("id");
        if (wanted != null && !wanted.equals("keep") && !wanted.equals("new")) {
            throw Refusals.value("id", "it must be 'keep' or 'new'.");
        }
        BundleReader.Read read = BundleReader.read(call.body());
        String id =
                histories.adopt(
                        call.caller(),
                        new Histories.Foreign(
                                read.sessionId(), read.facts(), "keep".equals(wanted)),
                        read.digest(),
                        AgentsApi.key(call));
        Sessions.Session made = sessions.find(call.caller(), id).orElseThrow(Refusals::notFound);
        call.respond(201, SessionJson.session(made));
    }
}

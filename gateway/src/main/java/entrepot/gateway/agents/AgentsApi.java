package entrepot.gateway.agents;

import entrepot.conversation.Failed;
import entrepot.conversation.Failure;
import entrepot.conversation.Part;
import entrepot.gateway.door.Call;
import entrepot.gateway.door.Endpoint;
import entrepot.gateway.door.Fields;
import entrepot.gateway.door.Query;
import entrepot.gateway.door.Refusals;
import entrepot.gateway.door.Route;
import entrepot.gateway.environments.EnvironmentRequests;
import entrepot.gateway.environments.SessionPlaces;
import entrepot.http.Headers;
import entrepot.identity.Caller;
import entrepot.identity.Ids;
import entrepot.market.Market;
import entrepot.protocols.json.Json;
import entrepot.runtime.agents.AgentSnapshot;
import entrepot.runtime.agents.Agents;
import entrepot.runtime.environments.Environment;
import entrepot.runtime.facts.Configuration;
import entrepot.runtime.facts.SessionSettings;
import entrepot.runtime.session.Cursor;
import entrepot.runtime.session.Sessions;
import entrepot.runtime.session.View;
import entrepot.runtime.skills.Bundle;
import entrepot.runtime.skills.Skills;
import entrepot.runtime.vaults.Vaults;
import entrepot.store.Page;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.node.ObjectNode;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The routes of the Agents API and what each does. */
public final class AgentsApi {

    private static final AgentErrors ERRORS = new AgentErrors();
    private static final String LOCAL_AGENT = "agent_local_";
    private static final int KEY_CHARS_MAX = 256;

    private final Agents agents;
    private final Sessions sessions;
    private final Vaults vaults;
    private final SessionPlaces places;
    private final Skills skills;
    private final Market market;
    private final Ids ids;
    private final EventStream stream;

    /**
     * @param keepAlive how long an event stream may be silent before a comment is sent
     */
    public AgentsApi(Parts parts, Duration keepAlive) {
        this.agents = parts.agents();
        this.sessions = parts.sessions();
        this.vaults = parts.vaults();
        this.skills = parts.skills();
        this.places = parts.places();
        this.market = parts.market();
        this.ids = parts.ids();
        this.stream = new EventStream(sessions, keepAlive);
    }

    /** What it speaks for. */
    public record Parts(
            Agents agents,
            Sessions sessions,
            Vaults vaults,
            Skills skills,
            SessionPlaces places,
            Market market,
            Ids ids) {}

    public List<Route> routes() {
        var routes = new ArrayList<>(ownRoutes());
        routes.addAll(new SubagentsApi(sessions).routes());
        return routes;
    }

    private List<Route> ownRoutes() {
        String session = "/v1/agents/sessions/{session_id}";
        return List.of(
                route("POST", "/v1/agents", this::createAgent),
                route("GET", "/v1/agents", this::listAgents),
                route("GET", "/v1/agents/{agent_id}", this::getAgent),
                route("POST", "/v1/agents/{agent_id}", this::updateAgent),
                route("DELETE", "/v1/agents/{agent_id}", this::deleteAgent),
                route("POST", "/v1/agents/sessions", this::createSession),
                route("GET", "/v1/agents/sessions", this::listSessions),
                route("GET", session, this::getSession),
                route("POST", session, this::updateSession),
                route("DELETE", session, this::deleteSession),
                route("POST", session + "/events", this::postEvents),
                route("GET", session + "/events", this::streamEvents),
                route("GET", session + "/items", this::listItems),
                route("GET", session + "/turns", this::listTurns),
                route("GET", session + "/turns/{turn_id}", this::getTurn),
                route("GET", session + "/turns/{turn_id}/items", this::listTurnItems));
    }

    /** A route of this API: it needs the beta header. */
    public static Route route(String method, String path, Endpoint endpoint) {
        return new Route(
                method,
                path,
                Caller.Scope.AGENTS,
                ERRORS,
                call -> {
                    requireBeta(call);
                    endpoint.answer(call);
                });
    }

    private static void requireBeta(Call call) {
        String beta = call.header("openai-beta");
        if (beta != null) {
            for (String flag : beta.split(",")) {
                if (flag.strip().equals("agents=v1")) {
                    return;
                }
            }
        }
        throw Refusals.invalid(
                "invalid_beta",
                beta == null
                        ? "The Agents API needs the header 'OpenAI-Beta: agents=v1'."
                        : "The header 'OpenAI-Beta' must say 'agents=v1'.",
                "OpenAI-Beta");
    }

    private void createAgent(Call call) {
        AgentRequests.NewAgent wanted = AgentRequests.create(call.fields());
        requireModel(call, wanted.agent().model(), "model");
        Agents.Agent made =
                agents.create(call.caller(), wanted.agent(), wanted.metadata(), key(call));
        call.respond(201, AgentJson.saved(made));
    }

    private void listAgents(Call call) {
        Page<Agents.Agent> page = agents.list(call.caller(), Lists.clamped(call.query()));
        call.respond(200, Lists.json(page, AgentJson::saved));
    }

    private void getAgent(Call call) {
        call.respond(200, AgentJson.saved(agent(call, call.parameter("agent_id"))));
    }

    private void updateAgent(Call call) {
        Agents.Agent saved = agent(call, call.parameter("agent_id"));
        AgentRequests.NewAgent next = AgentRequests.update(call.fields(), saved);
        requireModel(call, next.agent().model(), "model");
        call.respond(
                200, AgentJson.saved(agents.update(call.caller(), next.agent(), next.metadata())));
    }

    private void deleteAgent(Call call) {
        String id = agent(call, call.parameter("agent_id")).snapshot().id();
        agents.delete(call.caller(), id);
        call.respond(200, deleted(id, "agent.deleted"));
    }

    private static ObjectNode deleted(String id, String object) {
        return Json.object().put("id", id).put("object", object).put("deleted", true);
    }

    private void createSession(Call call) throws InterruptedException {
        SessionRequests.NewSession wanted = SessionRequests.create(call.fields());
        Sessions.Session made = make(call, wanted, agent(call, wanted));
        if (wanted.stream()) {
            stream.serve(call, 201, made.id(), new Position(Cursor.START, 0));
        } else {
            call.respond(201, SessionJson.session(made));
        }
    }

    private ToolRequests.Seal seal(Call call) {
        return new ToolRequests.Seal() {
            @Override
            public @Nullable String seal(Map<String, String> pairs) {
                return vaults.seal(call.caller(), pairs);
            }

            @Override
            public String keepSkill(byte[] zip) {
                return skills.keepInline(call.caller(), Bundle.read(zip)).id();
            }
        };
    }

    private AgentSnapshot agent(Call call, SessionRequests.NewSession wanted) {
        AgentSnapshot saved =
                wanted.agentId() == null ? null : agent(call, wanted.agentId()).snapshot();
        AgentSnapshot agent =
                AgentRequests.forSession(wanted.agent(), saved, ids.next(LOCAL_AGENT), seal(call));
        requireModel(call, agent.model(), "agent.model");
        vaults.require(call.caller(), wanted.settings().vaultIds());
        return agent;
    }

    /**
     * A session as it is asked for, to be made later.
     *
     * @param agentId the saved agent, to be looked up then; null when it is inline
     */
    public record Planned(
            @Nullable String agentId, Configuration configuration, List<List<Part>> input) {}

    /**
     * Reads what a session is to be, as for its creation, and checks that it could be made now.
     *
     * @param body to be ended; with exactly one of {@code agent} and {@code agent_id}
     */
    public Planned plan(Call call, Fields body) {
        for (String other : List.of("review", "spend_control", "stream")) {
            if (body.has(other)) {
                throw Refusals.unknown(body.at(other), "agent, agent_id, environment, input");
            }
        }
        if (body.has("agent") == body.has("agent_id")) {
            throw Refusals.value(body.at("agent"), "give exactly one of agent and agent_id.");
        }
        SessionRequests.NewSession wanted = SessionRequests.create(body);
        if (!(wanted.environment() instanceof EnvironmentRequests.Wanted.None)) {
            throw Refusals.unsupported(
                    body.at("environment.type"),
                    "An environment of sessions that are made later",
                    "Send 'none', or have an existing session do it.");
        }
        return new Planned(
                wanted.agentId(),
                new Configuration(agent(call, wanted), wanted.metadata(), wanted.settings()),
                wanted.input());
    }

    /**
     * @throws Failed when the caller has no such session
     */
    public void requireSession(Call call, String param, String sessionId) {
        if (sessions.find(call.caller(), sessionId).isEmpty()) {
            throw new Failed(
                    Failure.at(
                            Failure.Cause.NOT_FOUND,
                            "There is no session " + sessionId + ".",
                            param));
        }
    }

    /** Its environment is there before it is, and goes with it when it cannot be made. */
    private Sessions.Session make(
            Call call, SessionRequests.NewSession wanted, AgentSnapshot agent) {
        String key = key(call);
        Environment place = places.open(call.caller(), wanted.environment());
        SessionSettings settings =
                place == null
                        ? wanted.settings()
                        : wanted.settings().withEnvironment(place.shown());
        Sessions.Session made = null;
        try {
            made =
                    sessions.create(
                            call.caller(),
                            new Sessions.NewSession(
                                    new Configuration(agent, wanted.metadata(), settings),
                                    wanted.input(),
                                    null),
                            key);
            return made;
        } finally {
            if (place != null) {
                places.settle(
                        call.caller(),
                        wanted.environment(),
                        place,
                        made == null ? null : made.configuration().settings().environmentId(),
                        made == null ? null : made.id());
            }
        }
    }

    private void listSessions(Call call) {
        Query query = call.query();
        Map<String, String> metadata = query.map("metadata");
        AgentRequests.check("metadata", metadata);
        var filter = new Sessions.Filter(query.get("agent_id"), metadata);
        Page<Sessions.Session> page = sessions.list(call.caller(), filter, Lists.clamped(query));
        call.respond(200, Lists.json(page, SessionJson::session));
    }

    private void getSession(Call call) {
        call.respond(200, json(call, session(call)));
    }

    private void updateSession(Call call) {
        String id = session(call).id();
        Fields body = call.fields();
        ToolRequests.Seal seal = seal(call);
        Sessions.Session changed =
                sessions.change(
                        call.caller(),
                        id,
                        now -> {
                            Configuration next = SessionRequests.update(body, now, seal);
                            requireModel(call, next.agent().model(), "agent.model");
                            return next;
                        });
        call.respond(200, json(call, changed));
    }

    private ObjectNode json(Call call, Sessions.Session session) {
        boolean budgeted = session.configuration().settings().spendCentsMax() != null;
        return SessionJson.session(
                session, budgeted ? sessions.consumedCents(call.caller(), session.id()) : null);
    }

    private void deleteSession(Call call) {
        String id = call.parameter("session_id");
        String environmentId = session(call).configuration().settings().environmentId();
        sessions.delete(call.caller(), id);
        if (environmentId != null) {
            places.close(call.caller(), environmentId, id);
        }
        call.respond(200, deleted(id, "agent.session.deleted"));
    }

    private void postEvents(Call call) {
        Sessions.Session session = session(call);
        String id = session.id();
        List<Sessions.Input> inputs = InputRequests.events(call.fields());
        for (Sessions.Input input : inputs) {
            if (input instanceof Sessions.Input.Approval approval) {
                ApprovalJson.requireInTime(session, approval.approvalId(), call.startedAt());
            }
        }
        String key = key(call);
        if (!inputs.isEmpty()) {
            sessions.post(call.caller(), id, inputs, key);
        }
        call.respond(202, Headers.NONE, new byte[0]);
    }

    private void streamEvents(Call call) throws InterruptedException {
        String after = call.header("last-event-id");
        if (after == null || after.isEmpty()) {
            after = call.query().get("after");
        }
        Position position = after == null || after.isEmpty() ? null : Position.parse(after);
        stream.serve(call, 200, session(call).id(), position);
    }

    private void listItems(Call call) {
        Page.Query query = Lists.clamped(call.query());
        String id = session(call).id();
        try {
            Page<View.Item> page = sessions.items(call.caller(), id, query);
            call.respond(200, Lists.json(page, SessionJson::item));
        } catch (Failed failed) {
            throw query.after() != null && failed.failure().cause() == Failure.Cause.NOT_FOUND
                    ? Refusals.value("after", "there is no item '" + query.after() + "'.")
                    : failed;
        }
    }

    private void listTurns(Call call) {
        Page.Query query = Lists.strict(call.query());
        Sessions.Session session = session(call);
        Page<View.Turn> page = sessions.turns(call.caller(), session.id(), query);
        String agentId = session.agent().id();
        call.respond(
                200, Lists.json(page, turn -> SessionJson.turn(session.id(), agentId, null, turn)));
    }

    private void getTurn(Call call) {
        Sessions.Session session = session(call);
        View.Turn turn = turn(call, view(call));
        call.respond(200, SessionJson.turn(session.id(), session.agent().id(), null, turn));
    }

    private void listTurnItems(Call call) {
        Page.Query query = Lists.clamped(call.query());
        View view = view(call);
        String turnId = turn(call, view).id();
        List<View.Item> items =
                view.items().stream().filter(item -> item.turnId().equals(turnId)).toList();
        call.respond(200, Lists.json(Lists.of(items, query, View.Item::id), SessionJson::item));
    }

    private Agents.Agent agent(Call call, String agentId) {
        if (agentId.startsWith(LOCAL_AGENT)) {
            throw Refusals.invalid(
                    "agent_not_persisted",
                    "Agent '" + agentId + "' belongs to one session; save it to use it again.",
                    "agent_id");
        }
        return agents.find(call.caller(), agentId).orElseThrow(Refusals::notFound);
    }

    private Sessions.Session session(Call call) {
        return sessions.find(call.caller(), call.parameter("session_id"))
                .orElseThrow(Refusals::notFound);
    }

    private View view(Call call) {
        String id = session(call).id();
        return sessions.view(call.caller(), id).orElseThrow(Refusals::notFound);
    }

    static View.Turn turn(Call call, View view) {
        String id = call.parameter("turn_id");
        return view.turns().stream()
                .filter(turn -> turn.id().equals(id))
                .findFirst()
                .orElseThrow(Refusals::notFound);
    }

    private void requireModel(Call call, String model, String param) {
        requireModel(market, call, model, param);
    }

    public static void requireModel(Market market, Call call, String model, String param) {
        boolean known =
                market.models(call.caller()).stream()
                        .anyMatch(listing -> listing.id().equals(model));
        if (!known) {
            throw Refusals.invalid(
                    "model_not_found",
                    "The model '"
                            + model
                            + "' is not supported by Managed Agents here. GET /v1/models lists"
                            + " those that are.",
                    param);
        }
    }

    /** The idempotency key of a request; null for none. */
    public static @Nullable String key(Call call) {
        String key = call.header("idempotency-key");
        if (key != null && (key.isEmpty() || key.length() > KEY_CHARS_MAX)) {
            throw Refusals.value(
                    "Idempotency-Key", "it must be 1 to " + KEY_CHARS_MAX + " characters.");
        }
        return key;
    }
}

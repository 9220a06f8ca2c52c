package entrepot.gateway.agents;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.openai.core.JsonValue;
import com.openai.errors.BadRequestException;
import com.openai.errors.NotFoundException;
import com.openai.errors.UnexpectedStatusCodeException;
import com.openai.models.beta.agents.Agent;
import com.openai.models.beta.agents.AgentCreateParams;
import com.openai.models.beta.agents.AgentListParams;
import com.openai.models.beta.agents.AgentSession;
import com.openai.models.beta.agents.AgentSessionEvent;
import com.openai.models.beta.agents.AgentSessionInputParam;
import com.openai.models.beta.agents.AgentSessionItem;
import com.openai.models.beta.agents.AgentSessionStreamParams;
import com.openai.models.beta.agents.AgentToolHandlers;
import com.openai.models.beta.agents.AgentToolParam;
import com.openai.models.beta.agents.AgentUpdateParams;
import com.openai.models.beta.agents.sessions.SessionCreateParams;
import com.openai.models.beta.agents.sessions.SessionListParams;
import com.openai.models.beta.agents.sessions.SessionUpdateParams;
import com.openai.models.beta.agents.sessions.events.EventCreateParams;
import com.openai.models.beta.agents.sessions.items.ItemListParams;
import com.openai.models.beta.agents.sessions.turns.Turn;
import com.openai.models.beta.agents.sessions.turns.TurnListParams;
import com.openai.models.beta.agents.sessions.turns.TurnRetrieveParams;
import com.openai.services.beta.agents.AgentTurnResultException;
import com.openai.services.beta.agents.AgentTurnResults;
import com.openai.services.blocking.beta.agents.SessionService;

import entrepot.conversation.Failure;
import entrepot.gateway.Served;
import entrepot.runtime.testing.Scripted;
import entrepot.runtime.testing.ScriptedMarket;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;

/** {@code com.openai:openai-java} 4.98.0, unmodified, against the real server and runtime. */
class OfficialClientTest {

    private static final String WEATHER = "{\"city\":\"Oslo\"}";

    @Test
    void createsRetrievesAndListsAgents() {
        try (var served = new Served(ScriptedMarket.of(Scripted.says("Hi")))) {
            var agents = served.client().beta().agents();
            var made = new ArrayList<String>();
            for (int i = 0; i < 5; i++) {
                Agent agent =
                        agents.create(
                                AgentCreateParams.builder()
                                        .model("scripted")
                                        .name("briefing " + i)
                                        .instructions("Be brief.")
                                        .metadata(
                                                AgentCreateParams.Metadata.builder()
                                                        .putAdditionalProperty(
                                                                "n", JsonValue.from("" + i))
                                                        .build())
                                        .build());
                agent.validate();
                made.add(agent.id());
            }
            Agent first = agents.retrieve(made.getFirst());
            first.validate();
            assertThat(first.name()).contains("briefing 0");
            assertThat(first.model()).isEqualTo("scripted");
            var listed = new ArrayList<String>();
            agents.list(AgentListParams.builder().limit(2).build())
                    .autoPager()
                    .forEach(agent -> listed.add(agent.id()));
            assertThat(listed).containsExactlyElementsOf(made.reversed());
            assertThatThrownBy(() -> agents.retrieve("agent_none"))
                    .isInstanceOf(NotFoundException.class);
        }
    }

    @Test
    void createsRetrievesListsAndDeletesSessions() {
        try (var served = new Served(ScriptedMarket.of(Scripted.says("Hi", " there")))) {
            var sessions = served.client().beta().agents().sessions();
            AgentSession made = sessions.create(plain("Hello").build());
            made.validate();
            assertThat(made.environment().isNone()).isTrue();
            served.until(made.id(), "idle");
            AgentSession read = sessions.retrieve(made.id());
            read.validate();
            assertThat(read.usage()).isPresent();
            var listed = new ArrayList<String>();
            sessions.list(SessionListParams.builder().limit(1).build())
                    .autoPager()
                    .forEach(session -> listed.add(session.id()));
            assertThat(listed).containsExactly(made.id());
            assertThat(sessions.delete(made.id()).deleted()).isTrue();
            assertThatThrownBy(() -> sessions.retrieve(made.id()))
                    .isInstanceOf(NotFoundException.class);
        }
    }

    @Test
    void updatesAgentsAndSessions() {
        try (var served = new Served(ScriptedMarket.of(Scripted.says("Hi"), Scripted.says("Hi")))) {
            var agents = served.client().beta().agents();
            Agent agent =
                    agents.create(
                            AgentCreateParams.builder().model("scripted").name("Old").build());
            AgentSession made =
                    agents.sessions()
                            .create(
                                    SessionCreateParams.builder()
                                            .agentId(agent.id())
                                            .environmentNone()
                                            .input("Hello")
                                            .build());
            Agent renamed =
                    agents.update(agent.id(), AgentUpdateParams.builder().name("New").build());
            renamed.validate();
            assertThat(renamed.name()).contains("New");
            assertThat(renamed.model()).isEqualTo("scripted");
            served.until(made.id(), "idle");
            AgentSession changed =
                    agents.sessions()
                            .update(
                                    made.id(),
                                    SessionUpdateParams.builder()
                                            .metadata(
                                                    SessionUpdateParams.Metadata.builder()
                                                            .putAdditionalProperty(
                                                                    "a", JsonValue.from("1"))
                                                            .build())
                                            .build());
            changed.validate();
            assertThat(changed.metadata()._allProperties()).containsOnlyKeys("a");
            assertThat(changed.agent().name()).contains("Old");
            assertThat(agents.delete(agent.id()).deleted()).isTrue();
            assertThatThrownBy(() -> agents.retrieve(agent.id()))
                    .isInstanceOf(NotFoundException.class);
            assertThat(agents.sessions().retrieve(made.id()).agent().name()).contains("Old");
        }
    }

    @Test
    void streamsTheFirstTurnOfASessionItCreates() {
        try (var served = new Served(ScriptedMarket.of(Scripted.says("Hi", " there")))) {
            var sessions = served.client().beta().agents().sessions();
            try (var stream = sessions.createStreaming(plain("Hello").build())) {
                AgentTurnResults.withResultCollection(stream);
                var events = new ArrayList<AgentSessionEvent>();
                var iterator = stream.stream().iterator();
                while (iterator.hasNext()) {
                    AgentSessionEvent event = iterator.next();
                    event.validate();
                    events.add(event);
                    if (event.isIdle()) {
                        break;
                    }
                }
                assertThat(events.getFirst().isCreated()).isTrue();
                var result = AgentTurnResults.getFinalResult(stream);
                assertThat(result.outputText()).isEqualTo("Hi there");
            }
        }
    }

    @Test
    void followsOneTurnAfterAnother() {
        try (var served =
                new Served(
                        ScriptedMarket.of(
                                Scripted.says("One"), Scripted.says("Two"), Scripted.says("3")))) {
            var sessions = served.client().beta().agents().sessions();
            String id = sessions.create(plain("Hello").build()).id();
            served.until(id, "idle");
            assertThat(follow(sessions, id)).isEqualTo("Two");
            assertThat(follow(sessions, id)).isEqualTo("3");
        }
    }

    @Test
    void runsItsFunctionToolsWhileItFollowsATurn() {
        var market =
                ScriptedMarket.of(
                        Scripted.says("Ready"),
                        Scripted.calls(
                                Scripted.call("call_1", "weather", WEATHER),
                                Scripted.call("call_2", "broken", WEATHER)),
                        Scripted.says("It is sunny"));
        try (var served = new Served(market)) {
            var sessions = served.client().beta().agents().sessions();
            String id = sessions.create(withTools("Hello").build()).id();
            served.until(id, "idle");
            var asked = new ArrayList<Map<String, Object>>();
            var params =
                    AgentSessionStreamParams.builder()
                            .sessionId(id)
                            .input("Weather?")
                            .toolHandler(
                                    "weather",
                                    arguments -> {
                                        asked.add(arguments);
                                        return Map.of("sky", "clear");
                                    })
                            .toolHandler(
                                    "broken",
                                    arguments -> {
                                        throw new IllegalStateException("no");
                                    })
                            .build();
            try (var stream = sessions.stream(params)) {
                var result = AgentTurnResults.getFinalResult(stream);
                assertThat(result.outputText()).isEqualTo("It is sunny");
            }
            assertThat(asked).containsExactly(Map.of("city", "Oslo"));
            String seen = market.requests().getLast().messages().toString();
            assertThat(seen).contains("{\"sky\":\"clear\"}").contains("Tool handler failed.");
        }
    }

    @Test
    void runsItsFunctionToolsInTheStreamThatCreates() {
        var market =
                ScriptedMarket.of(
                        Scripted.calls(Scripted.call("call_1", "weather", WEATHER)),
                        Scripted.says("Sunny"));
        try (var served = new Served(market)) {
            var sessions = served.client().beta().agents().sessions();
            var handlers =
                    AgentToolHandlers.builder()
                            .toolHandler("weather", arguments -> "clear")
                            .build();
            try (var stream = sessions.createStreaming(withTools("Hello").build(), handlers)) {
                assertThat(AgentTurnResults.getFinalResult(stream).outputText()).isEqualTo("Sunny");
            }
        }
    }

    /** E28, E29, E30: a poller sees that something is required, and of whom. */
    @Test
    void answersAFunctionCallByPolling() {
        var market =
                ScriptedMarket.of(
                        Scripted.calls(Scripted.call("call_1", "weather", WEATHER)),
                        Scripted.says("Sunny"));
        try (var served = new Served(market)) {
            var sessions = served.client().beta().agents().sessions();
            String id = sessions.create(withTools("Hello").build()).id();
            served.until(id, "requires_action");
            AgentSession waiting = sessions.retrieve(id);
            waiting.validate();
            var call = waiting.requiredActions().getFirst().asFunctionCall();
            assertThat(call.name()).isEqualTo("weather");
            assertThat(sessions.turns().list(id).items().getFirst().status())
                    .isEqualTo(Turn.Status.WAITING);
            sessions.events()
                    .create(
                            EventCreateParams.builder()
                                    .sessionId(id)
                                    .idempotencyKey("answer-1")
                                    .addEvent(result(call.turnId(), call.callId()))
                                    .build());
            served.until(id, "idle");
            assertThat(sessions.retrieve(id).requiredActions()).isEmpty();
            assertThat(types(sessions, id))
                    .containsExactly("message", "function_call", "function_call_output", "message");
        }
    }

    @Test
    void aResultForAnUnknownCallIsRefusedInTheWordsThatItRetriesOn() {
        try (var served = new Served(ScriptedMarket.of(Scripted.says("Hi")))) {
            var sessions = served.client().beta().agents().sessions();
            String id = sessions.create(plain("Hello").build()).id();
            served.until(id, "idle");
            var params =
                    EventCreateParams.builder()
                            .sessionId(id)
                            .addEvent(result("turn_1", "call_9"))
                            .build();
            assertThatThrownBy(() -> sessions.events().create(params))
                    .isInstanceOfSatisfying(
                            BadRequestException.class,
                            refused -> {
                                assertThat(refused.body().toString())
                                        .contains("Unknown pending tool call: call_9");
                                assertThat(refused.code()).contains("invalid_request_error");
                            });
        }
    }

    @Test
    void cancelsATurnAndGoesOn() {
        var market =
                ScriptedMarket.of(Scripted.hangsAfter("I will never"), Scripted.says("Better"));
        try (var served = new Served(market)) {
            var sessions = served.client().beta().agents().sessions();
            String id = sessions.create(plain("Hello").build()).id();
            served.until(id, "in_progress");
            sessions.events()
                    .create(
                            EventCreateParams.builder()
                                    .sessionId(id)
                                    .addEventAgentSessionInputCancel()
                                    .build());
            served.until(id, "idle");
            assertThat(sessions.turns().list(id).items().getFirst().status())
                    .isEqualTo(Turn.Status.CANCELLED);
            assertThat(follow(sessions, id)).isEqualTo("Better");
        }
    }

    @Test
    void deletingASessionThatWorksIsAConflictThatIsNotRetried() {
        try (var served = new Served(ScriptedMarket.of(Scripted.hangsAfter("Hm")))) {
            var sessions = served.client().beta().agents().sessions();
            String id = sessions.create(plain("Hello").build()).id();
            assertThatThrownBy(() -> sessions.delete(id))
                    .isInstanceOfSatisfying(
                            UnexpectedStatusCodeException.class,
                            refused -> {
                                assertThat(refused.statusCode()).isEqualTo(409);
                                assertThat(refused.headers().values("x-should-retry"))
                                        .containsExactly("false");
                                assertThat(refused.headers().values("x-stainless-retry-count"))
                                        .isEmpty();
                            });
        }
    }

    /** E33: failed is not idle, and its code is kept. */
    @Test
    void tellsAFailedTurnFromAGoodOne() {
        var broken = Failure.of(Failure.Cause.INVALID_REQUEST, "The model said no.");
        var market =
                ScriptedMarket.of(
                        Scripted.says("Ready"), new Scripted.Refuses(broken), Scripted.says("Ok"));
        try (var served = new Served(market)) {
            var sessions = served.client().beta().agents().sessions();
            String id = sessions.create(plain("Hello").build()).id();
            served.until(id, "idle");
            assertThatThrownBy(() -> follow(sessions, id))
                    .isInstanceOfSatisfying(
                            AgentTurnResultException.class,
                            failed ->
                                    assertThat(failed.reason())
                                            .isEqualTo(
                                                    AgentTurnResultException.Reason.TURN_FAILED));
            Turn turn = sessions.turns().list(id).items().getFirst();
            assertThat(turn.status()).isEqualTo(Turn.Status.FAILED);
            assertThat(turn.error()).isPresent();
            turn.validate();
            assertThat(follow(sessions, id)).isEqualTo("Ok");
        }
    }

    @Test
    void pagesThroughTurnsAndItems() {
        try (var served = new Served(ScriptedMarket.of(Scripted.says("Hi")))) {
            var sessions = served.client().beta().agents().sessions();
            String id = sessions.create(plain("Hello").build()).id();
            served.until(id, "idle");
            for (int i = 0; i < 4; i++) {
                follow(sessions, id);
            }
            var turns = new ArrayList<Turn>();
            sessions.turns()
                    .list(id, TurnListParams.builder().limit(2).build())
                    .autoPager()
                    .forEach(turns::add);
            assertThat(turns).hasSize(5);
            turns.forEach(Turn::validate);
            var items = new HashSet<String>();
            sessions.items()
                    .list(id, ItemListParams.builder().limit(3).build())
                    .autoPager()
                    .forEach(item -> items.add(item.toString()));
            assertThat(items).hasSize(10);
            var ofOne = new ArrayList<AgentSessionItem>();
            sessions.turns()
                    .items()
                    .list(
                            turns.getFirst().id(),
                            com.openai.models.beta.agents.sessions.turns.items.ItemListParams
                                    .builder()
                                    .sessionId(id)
                                    .limit(1)
                                    .build())
                    .autoPager()
                    .forEach(ofOne::add);
            assertThat(ofOne).hasSize(2);
            ofOne.forEach(AgentSessionItem::validate);
            Turn one =
                    sessions.turns()
                            .retrieve(
                                    turns.get(2).id(),
                                    TurnRetrieveParams.builder().sessionId(id).build());
            assertThat(one).isEqualTo(turns.get(2));
        }
    }

    private static String follow(SessionService sessions, String id) {
        var params = AgentSessionStreamParams.builder().sessionId(id).input("Go on").build();
        try (var stream = sessions.stream(params)) {
            return AgentTurnResults.getFinalResult(stream).outputText();
        }
    }

    private static List<String> types(SessionService sessions, String id) {
        var types = new ArrayList<String>();
        sessions.items()
                .list(id, ItemListParams.builder().order(ItemListParams.Order.ASC).build())
                .autoPager()
                .forEach(item -> {
                    item.validate();
                    types.add(Served.json(json(item)).get("type").asString());
                });
        return types;
    }

    private static String json(AgentSessionItem item) {
        try {
            return com.openai.core.ObjectMappers.jsonMapper().writeValueAsString(item);
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static AgentSessionInputParam result(String turnId, String callId) {
        return AgentSessionInputParam.ofAgentSessionInputToolResult(
                AgentSessionInputParam.AgentSessionInputToolResult.builder()
                        .turnId(turnId)
                        .callId(callId)
                        .success(true)
                        .output("clear")
                        .build());
    }

    private static SessionCreateParams.Builder plain(String input) {
        return SessionCreateParams.builder()
                .environmentNone()
                .agent(SessionCreateParams.Agent.builder().model("scripted").build())
                .input(input);
    }

    private static SessionCreateParams.Builder withTools(String input) {
        return plain(input)
                .agent(
                        SessionCreateParams.Agent.builder()
                                .model("scripted")
                                .addTool(function("weather"))
                                .addTool(function("broken"))
                                .build());
    }

    private static AgentToolParam function(String name) {
        return AgentToolParam.ofFunction(
                AgentToolParam.Function.builder()
                        .name(name)
                        .description("Tells the weather.")
                        .parameters(
                                AgentToolParam.Function.Parameters.builder()
                                        .putAdditionalProperty("type", JsonValue.from("object"))
                                        .build())
                        .build());
    }
}

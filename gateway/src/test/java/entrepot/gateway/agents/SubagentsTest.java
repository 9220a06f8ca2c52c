package entrepot.gateway.agents;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.openai.core.JsonValue;
import com.openai.errors.NotFoundException;
import com.openai.models.beta.agents.AgentSessionItem;
import com.openai.models.beta.agents.Subagent;
import com.openai.models.beta.agents.sessions.SessionCreateParams;
import com.openai.models.beta.agents.sessions.subagents.SubagentRetrieveParams;
import com.openai.models.beta.agents.sessions.subagents.items.ItemListParams;
import com.openai.models.beta.agents.sessions.subagents.turns.TurnListParams;
import com.openai.models.beta.agents.sessions.turns.Turn;

import entrepot.conversation.Message;
import entrepot.conversation.Request;
import entrepot.gateway.EventReader;
import entrepot.gateway.Served;
import entrepot.runtime.testing.Scripted;
import entrepot.runtime.testing.ScriptedMarket;

import org.junit.jupiter.api.Test;

import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Subagents as the Agents API shows them: the official client, unmodified, and raw events. */
class SubagentsTest {

    private static final Pattern ID = Pattern.compile("sub_[A-Za-z0-9_-]+");

    /** A coordinator that makes a reader, waits for it, closes it and tells what it said. */
    static ScriptedMarket market() {
        return ScriptedMarket.answering(request -> {
            if (request.messages().getFirst().text().contains("You are a subagent")) {
                return Scripted.says("Three things happened.");
            }
            String id = "\"" + subagent(request) + "\"";
            return switch (answers(request)) {
                case 0 ->
                        Scripted.calls(
                                Scripted.call(
                                        "c1",
                                        "create_subagent",
                                        "{\"input\":\"Read the news\",\"name\":\"reader\"}"));
                case 1 ->
                        Scripted.calls(
                                Scripted.call(
                                        "c2",
                                        "wait_for_subagents",
                                        "{\"subagent_ids\":[" + id + "]}"));
                case 2 ->
                        Scripted.calls(
                                Scripted.call(
                                        "c3", "close_subagent", "{\"subagent_id\":" + id + "}"));
                default -> Scripted.says("It says: three things.");
            };
        });
    }

    private static int answers(Request request) {
        return (int)
                request.messages().stream()
                        .filter(each -> each.role() == Message.Role.ASSISTANT)
                        .count();
    }

    private static String subagent(Request request) {
        Matcher matcher = ID.matcher(request.messages().toString());
        return matcher.find() ? matcher.group() : "none";
    }

    private static SessionCreateParams coordinator() {
        return SessionCreateParams.builder()
                .environmentNone()
                .input("What is new?")
                .putAdditionalBodyProperty(
                        "agent",
                        JsonValue.from(
                                Map.of(
                                        "model",
                                        "scripted",
                                        "multi_agent",
                                        Map.of("enabled", true))))
                .build();
    }

    @Test
    void theOfficialClientReadsSubagents() {
        try (Served served = new Served(market(), Duration.ofSeconds(15))) {
            var sessions = served.client().beta().agents().sessions();
            var made = sessions.create(coordinator());
            assertThat(made.agent().multiAgent().maxConcurrentSubagents()).contains(6L);
            String id = made.id();
            served.until(id, "idle");
            List<Subagent> all = sessions.subagents().list(id).items();
            assertThat(all).hasSize(1);
            Subagent subagent = all.getFirst().validate();
            assertThat(subagent.name()).contains("reader");
            assertThat(subagent.sessionId()).isEqualTo(id);
            assertThat(subagent.parentAgentId()).isEqualTo(made.agent().id());
            assertThat(subagent.status()).isEqualTo(Subagent.Status.CLOSED);
            assertThat(subagent.closedAt()).isPresent();
            assertThat(subagent.instructions().orElseThrow().toString()).contains("Read the news");
            assertThat(
                            sessions.subagents()
                                    .retrieve(
                                            SubagentRetrieveParams.builder()
                                                    .sessionId(id)
                                                    .subagentId(subagent.id())
                                                    .build()))
                    .isEqualTo(subagent);
            Turn turn =
                    sessions.subagents()
                            .turns()
                            .list(
                                    TurnListParams.builder()
                                            .sessionId(id)
                                            .subagentId(subagent.id())
                                            .build())
                            .items()
                            .getFirst()
                            .validate();
            assertThat(turn.subagentId()).contains(subagent.id());
            assertThat(turn.status()).isEqualTo(Turn.Status.COMPLETED);
            List<AgentSessionItem> below =
                    sessions.subagents()
                            .items()
                            .list(
                                    ItemListParams.builder()
                                            .sessionId(id)
                                            .subagentId(subagent.id())
                                            .build())
                            .items();
            assertThat(below).hasSize(2).allSatisfy(AgentSessionItem::validate);
            List<AgentSessionItem> items = sessions.items().list(id).items();
            assertThat(items).allSatisfy(AgentSessionItem::validate);
            assertThat(items).anyMatch(AgentSessionItem::isCreateSubagentCall);
            assertThat(items).anyMatch(AgentSessionItem::isWaitForSubagentsCall);
            assertThat(items).anyMatch(AgentSessionItem::isCloseSubagentCall);
            assertThat(items).anyMatch(AgentSessionItem::isAgentMessage);
            assertThat(sessions.list().items()).hasSize(1);
            assertThatThrownBy(() -> sessions.retrieve(subagent.id()))
                    .isInstanceOf(NotFoundException.class);
        }
    }

    /** E21: one ordered log, which a reader that comes back reads on. */
    @Test
    void theRootsStreamTellsOfSubagentsInOrder() throws Exception {
        try (Served served = new Served(market(), Duration.ofSeconds(15))) {
            String id = served.client().beta().agents().sessions().create(coordinator()).id();
            served.until(id, "idle");
            HttpRequest request =
                    served.request("GET", "/v1/agents/sessions/" + id + "/events?after=0-0-0", "")
                            .build();
            List<String> order;
            try (EventReader reader = served.stream(request)) {
                order =
                        reader.untilType("agent.session.idle").stream()
                                .map(EventReader.Frame::type)
                                .toList();
            }
            assertThat(order)
                    .containsSubsequence(
                            "agent.session.turn.created",
                            "agent.session.turn.item.added",
                            "agent.session.subagent.created",
                            "agent.session.turn.item.done",
                            "agent.session.subagent.closed",
                            "agent.session.turn.completed",
                            "agent.session.idle");
            assertThat(order).filteredOn(each -> each.contains("subagent")).hasSize(2);
        }
    }
}

package entrepot.runtime.automations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import entrepot.conversation.Failed;
import entrepot.conversation.Part;
import entrepot.runtime.agents.AgentSnapshot.ToolSpec;
import entrepot.runtime.tools.ToolServer;
import entrepot.runtime.tools.ToolServers;
import entrepot.runtime.tools.automations.AutomationTools;
import entrepot.store.Database;
import entrepot.store.testing.TestDatabases;

import org.junit.jupiter.api.Test;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Automations that agents make. */
class AutomationToolsTest extends WithAutomations {

    @Override
    Database open(Path folder) {
        return TestDatabases.sqlite(folder);
    }

    private ToolServer.Result use(String session, String tool, String arguments, String key)
            throws Exception {
        var spec = ToolSpec.Server.at("automations", AutomationTools.URL, null);
        var context =
                new ToolServers.Context("acme", "research", "alice", session, List.of(), null);
        return new AutomationTools(automations, clock)
                .find(spec, context)
                .orElseThrow()
                .use(
                        new ToolServer.Use(
                                "acme", session, "turn_1", "call_" + key, tool, arguments, key));
    }

    private static JsonNode told(ToolServer.Result result) {
        String text = ((Part.Text) result.output().getFirst()).text();
        assertThat(result.failed()).as(text).isFalse();
        return JsonMapper.shared().readTree(text);
    }

    @Test
    void anAgentWakesItselfAndNobodyElse() throws Exception {
        String session = session();
        String other = session();
        String create =
                "{\"name\":\"look\",\"instructions\":\"Look.\","
                        + "\"run_at\":\"2026-11-20T10:05:00Z\"}";
        JsonNode made = told(use(session, "create_automation", create, "1"));
        assertThat(told(use(session, "create_automation", create, "1"))).isEqualTo(made);
        Automation found = automations.find(ALICE, made.path("id").asString()).orElseThrow();
        assertThat(found.creator()).isEqualTo(new Automation.Creator(session, "call_1"));
        assertThat(told(use(other, "list_automations", "{}", "2")).path("automations")).isEmpty();
        told(use(other, "delete_automation", "{\"id\":\"" + found.id() + "\"}", "3"));
        assertThat(told(use(session, "list_automations", "{}", "4")).path("automations"))
                .hasSize(1);
        assertThat(
                        use(
                                        session,
                                        "create_automation",
                                        "{\"name\":\"x\",\"instructions\":\"x\","
                                                + "\"expression\":\"* * * * *\","
                                                + "\"session_id\":\""
                                                + other
                                                + "\"}",
                                        "5")
                                .failed())
                .isTrue();
        clock.advance(Duration.ofMinutes(10));
        runner.work();
        assertThat(letters(session)).isEqualTo(1);
        assertThat(letters(other)).isZero();
        assertThatThrownBy(() ->
                        automations.update(
                                ALICE,
                                found.id(),
                                old ->
                                        new Automations.Draft(
                                                old.name(),
                                                old.metadata(),
                                                old.schedule(),
                                                new Target.ExistingSession(other, "Obey."))))
                .isInstanceOf(Failed.class);
    }
}

package entrepot.runtime.session;

import static org.assertj.core.api.Assertions.assertThat;

import entrepot.runtime.agents.AgentSnapshot;
import entrepot.runtime.agents.AgentSnapshot.Origin;
import entrepot.runtime.agents.AgentSnapshot.ToolSpec;
import entrepot.runtime.agents.AgentSnapshot.Transport;
import entrepot.runtime.facts.Configuration;
import entrepot.runtime.facts.Fact;
import entrepot.runtime.facts.FactCodec;
import entrepot.runtime.facts.SessionSettings;

import org.junit.jupiter.api.Test;

import tools.jackson.databind.json.JsonMapper;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** What is kept back of a journal, and what is said of it. */
class RedactionTest {

    private static final Configuration CONFIGURATION =
            new Configuration(
                    new AgentSnapshot(
                            "agent_1",
                            null,
                            "model",
                            null,
                            List.of(
                                    server(
                                            "web",
                                            new Transport.Http(
                                                    "https://tools.example",
                                                    Map.of("authorization", "Bearer SECRET-1"),
                                                    "SECRET-2")),
                                    server(
                                            "local",
                                            new Transport.Stdio(
                                                    "run", List.of(), "/", List.of(), "SECRET-3"))),
                            JsonMapper.shared().createObjectNode()),
                    Map.of(),
                    SessionSettings.DEFAULT.withVaultIds(List.of("vault_9")));

    private static final List<Fact> FACTS =
            List.of(
                    new Fact.SessionCreated(
                            CONFIGURATION.agent(),
                            Map.of(),
                            "desk",
                            "alice",
                            "key_7",
                            CONFIGURATION.settings(),
                            null),
                    new Fact.SessionChanged(CONFIGURATION, 1),
                    new Fact.SessionForked(
                            new Fact.Ancestor("sess_1", 2, false),
                            CONFIGURATION,
                            "alice",
                            "key_7"));

    private static ToolSpec.Server server(String label, Transport transport) {
        return new ToolSpec.Server(
                label, transport, null, Origin.SERVICE, "cred_5", Map.of(), false);
    }

    private static String written(Fact fact) {
        return new String(new FactCodec().write(fact).payload(), StandardCharsets.UTF_8);
    }

    @Test
    void whoSeesASessionSeesNothingThatIsSealed() {
        for (Fact fact : FACTS) {
            assertThat(written(fact)).contains("SECRET-2", "SECRET-3");
            assertThat(written(Redaction.masked(fact)))
                    .doesNotContain("SECRET-2", "SECRET-3")
                    .contains("\"sealed\":\"\"")
                    .contains("vault_9", "cred_5");
        }
    }

    @Test
    void whatLeavesHoldsNoSecretAndIsToldOf() {
        for (Fact fact : FACTS) {
            Redaction redaction = new Redaction();
            assertThat(written(redaction.exported(Redaction.masked(fact))))
                    .doesNotContain("SECRET", "vault_9", "cred_5", "alice", "key_7", "desk")
                    .contains("https://tools.example");
            assertThat(redaction.dropped())
                    .containsExactly(
                            "credential cred_5",
                            "headers of tool server web",
                            "secrets of tool server local",
                            "secrets of tool server web",
                            "vault vault_9");
        }
    }
}

package entrepot.runtime.facts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import entrepot.conversation.Extras;
import entrepot.conversation.Failure;
import entrepot.conversation.Part;
import entrepot.conversation.StopReason;
import entrepot.conversation.Usage;
import entrepot.runtime.agents.AgentJson;
import entrepot.runtime.agents.AgentSnapshot;
import entrepot.testkit.Golden;
import entrepot.testkit.Seeds;

import org.junit.jupiter.api.Test;

import tools.jackson.databind.json.JsonMapper;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

class FactCodecTest {

    private final FactCodec codec = new FactCodec();

    @Test
    void readsWhatItWrote() {
        Seeds.each(
                500,
                seeds -> {
                    for (Fact fact : new SeededFacts(seeds).each()) {
                        assertThat(codec.read(codec.write(fact))).isEqualTo(fact);
                    }
                });
    }

    @Test
    void everyTypeOfFactHasItsNameInTheJournal() {
        long known =
                Stream.concat(
                                Arrays.stream(Fact.class.getPermittedSubclasses()),
                                Arrays.stream(Fact.OfSubagent.class.getPermittedSubclasses()))
                        .filter(type -> type.isRecord() && type != Fact.Unknown.class)
                        .distinct()
                        .count();
        assertThat(FactCodec.types()).hasSize((int) known).doesNotHaveDuplicates();
    }

    @Test
    void writesTheSameBytesForEver() {
        for (Fact fact : Stream.concat(goldenFacts().stream(), ofSubagents().stream()).toList()) {
            FactCodec.Written written = codec.write(fact);
            String text = new String(written.payload(), StandardCharsets.UTF_8);
            Golden.files()
                    .expect("facts/" + written.type() + ".v" + written.version() + ".json", text);
        }
    }

    @Test
    void aFactOfAnotherVersionSurvivesByteForByte() {
        byte[] payload = {'{', ' ', '}', 0, (byte) 0xff, '\n'};
        for (FactCodec.Written strange :
                List.of(
                        new FactCodec.Written("turn.paused", 1, payload),
                        new FactCodec.Written("turn.started", 99, payload))) {
            Fact fact = codec.read(strange);
            assertThat(fact).isInstanceOf(Fact.Unknown.class);
            FactCodec.Written again = codec.write(fact);
            assertThat(again.type()).isEqualTo(strange.type());
            assertThat(again.version()).isEqualTo(strange.version());
            assertThat(again.payload()).isEqualTo(payload);
        }
    }

    @Test
    void anOldShapeIsReadThroughItsUpcaster() {
        FactCodec upcasting =
                new FactCodec(
                        List.of(
                                new FactCodec.Upcaster(
                                        "cancel.asked",
                                        0,
                                        old -> old.put("inputSeen", old.path("seen").asLong()))));
        Fact fact = upcasting.read(written("cancel.asked", 0, "{\"turnId\":\"t\",\"seen\":7}"));
        assertThat(fact).isEqualTo(new Fact.CancelAsked("t", 7));
    }

    @Test
    void aSessionOfBeforeThereWereTransportsIsRead() throws Exception {
        byte[] old =
                Files.readAllBytes(
                        Path.of("src/test/resources/golden/facts/session.created.v1.json"));
        Fact fact = codec.read(new FactCodec.Written("session.created", 1, old));
        AgentSnapshot.ToolSpec.Server folder =
                AgentSnapshot.ToolSpec.Server.at(
                        "folder", "entrepot:folder/news", List.of("search"));
        assertThat(fact)
                .isInstanceOfSatisfying(
                        Fact.SessionCreated.class,
                        created -> {
                            assertThat(created.settings()).isEqualTo(SessionSettings.DEFAULT);
                            assertThat(created.agent().tools()).last().isEqualTo(folder);
                        });
    }

    @Test
    void aResultOfBeforeThereWereCommandsIsRead() throws Exception {
        byte[] old =
                Files.readAllBytes(
                        Path.of("src/test/resources/golden/facts/tool.returned.v1.json"));
        assertThat(codec.read(new FactCodec.Written("tool.returned", 1, old)))
                .isInstanceOfSatisfying(
                        Fact.ToolReturned.class,
                        returned -> {
                            assertThat(returned.exitCode()).isNull();
                            assertThat(returned.millis()).isEqualTo(12);
                        });
    }

    @Test
    void aSavedAgentOfBeforeThereWereTransportsIsRead() {
        AgentSnapshot agent =
                AgentJson.read(
                        """
                        {"id":"agent_1","model":"m","tools":[{"type":"server","label":"folder",
                        "serverUrl":"entrepot:folder/news"}],"settings":{}}
                        """);
        assertThat(agent.tools())
                .containsExactly(
                        AgentSnapshot.ToolSpec.Server.at("folder", "entrepot:folder/news", null));
        assertThat(AgentJson.read(AgentJson.write(agent))).isEqualTo(agent);
    }

    @Test
    void saysWhichFactIsDamaged() {
        assertThatThrownBy(() -> codec.read(written("turn.started", 1, "{\"turnId\":")))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("turn.started")
                .hasMessageContaining("version 1");
    }

    private static FactCodec.Written written(String type, int version, String json) {
        return new FactCodec.Written(type, version, json.getBytes(StandardCharsets.UTF_8));
    }

    private static List<Fact> goldenFacts() {
        Usage usage =
                new Usage(Map.of(Usage.Meter.FRESH_INPUT, 120L, Usage.Meter.OUTPUT, 30L), false);
        List<Part> text = List.of(new Part.Text("What is new?", Extras.NONE));
        List<Fact.UserItem> input = List.of(new Fact.UserItem("msg_1", text));
        Extras extras =
                new Extras(
                        "openai.chat",
                        new TreeMap<>(Map.of("index", JsonMapper.shared().readTree("0"))));
        return List.of(
                created(),
                changed(),
                forked(),
                new Fact.TurnStarted("turn_1", input, 1),
                new Fact.InputSteered("turn_1", input, 2),
                new Fact.InputIgnored("tool_result", "Call c1 of turn_1 was over.", 3),
                new Fact.ModelCallStarted("turn_1", 1, 1, "ord_1"),
                new Fact.ModelAnswered(
                        "turn_1",
                        1,
                        1,
                        List.of(
                                new Fact.AnswerItem(
                                        "rs_1", new Part.Reasoning("Hm.", "c2ln", Extras.NONE)),
                                new Fact.AnswerItem(
                                        "fc_1", new Part.ToolCall("c1", "ask", "{}", extras))),
                        StopReason.TOOL_CALLS,
                        usage,
                        "rcpt_1"),
                new Fact.ModelCallFailed(
                        "turn_1",
                        1,
                        1,
                        new Failure(
                                Failure.Cause.SUPPLIER_LIMITED,
                                "Too many requests.",
                                null,
                                null,
                                "429",
                                "req_1",
                                Duration.ofSeconds(2)),
                        true),
                new Fact.ToolStarted("turn_1", "c2", "fc_2", "folder", "search", "{}", "k"),
                new Fact.ToolReturned("turn_1", "c2", text, false, 12, 0),
                new Fact.EnvironmentChanged(
                        "env_1", EnvironmentStatus.FAILED, "setup_failed", "Setup failed."),
                new Fact.EnvironmentReset("env_1", 2),
                new Fact.ToolOutcomeUnknown("turn_1", "c3", "The process ended."),
                new Fact.ResultsAwaited("turn_1", List.of("c1")),
                new Fact.ResultAccepted("turn_1", "c1", "fco_1", text, true, "No.", 4),
                new Fact.ApprovalAsked(
                        "turn_1", "c4", "appr_1", "shop", "buy", "{}", "ab12", "It buys.", 7_000),
                new Fact.ApprovalAnswered(
                        "turn_1", "c4", "appr_1", Fact.Answer.DENIED, "bob", "Too dear.", false, 5),
                new Fact.CancelAsked("turn_1", 5),
                new Fact.TurnCompleted("turn_1", usage),
                new Fact.TurnFailed("turn_1", "server_error", "It failed.", usage),
                new Fact.TurnCancelled("turn_1", Usage.NONE));
    }

    private static List<Fact> ofSubagents() {
        List<Part> text = List.of(new Part.Text("Read the news.", Extras.NONE));
        Fact.UserItem input = new Fact.UserItem("msg_2", text);
        return List.of(
                new Fact.SubagentCreated("turn_1", "c5", "sub_1", "reader", "m", "low", input),
                new Fact.SubagentInputSent("turn_1", "c6", "sub_1", input),
                new Fact.SubagentInterrupted("turn_1", "c7", "sub_1"),
                new Fact.SubagentClosed("turn_1", "c8", "sub_1"),
                new Fact.SubagentResumed("turn_1", "c9", "sub_1"),
                new Fact.SubagentsAwaited("turn_1", "c10", List.of("sub_1"), true, 9_000L),
                new Fact.SubagentReported(
                        "turn_1",
                        false,
                        "sub_1",
                        new Fact.Report(
                                "turn_9", "agm_turn_9", Fact.Ending.FAILED, text, "It failed.", 2),
                        7),
                new Fact.SubagentAsked(
                        List.of("sub_1"),
                        new Fact.ApprovalAsked(
                                "turn_9", "c1", "appr_2", "shop", "buy", "{}", "ab", "Why.", 8),
                        8),
                new Fact.SubagentAnswered("sub_1", "appr_2", Fact.Answer.APPROVED, "bob", 9));
    }

    private static Fact created() {
        return new Fact.SessionCreated(
                agent(),
                Map.of("b", "2", "a", "1"),
                "research",
                "alice",
                "key_1",
                SessionSettings.DEFAULT,
                new Fact.Parent("sess_0", "sess_0", "turn_0", "c0", 1, "reader"));
    }

    private static Fact changed() {
        SessionSettings settings = SessionSettings.DEFAULT.withSpendCentsMax(500L);
        return new Fact.SessionChanged(new Configuration(agent(), Map.of("a", "2"), settings), 6);
    }

    private static Fact forked() {
        return new Fact.SessionForked(
                new Fact.Ancestor("sess_1", 12, false),
                new Configuration(agent(), Map.of("a", "2"), SessionSettings.DEFAULT),
                "bob",
                "key_2");
    }

    private static AgentSnapshot agent() {
        JsonMapper json = JsonMapper.shared();
        return new AgentSnapshot(
                "agent_1",
                "Reader",
                "entrepot/extract-1",
                "Be brief.",
                List.of(
                        new AgentSnapshot.ToolSpec.Function(
                                "ask", null, json.readTree("{\"type\":\"object\"}")),
                        AgentSnapshot.ToolSpec.Server.at(
                                "folder", "entrepot:folder/news", List.of("search"))),
                json.readTree("{\"reasoning\":{\"effort\":\"low\"}}"));
    }
}

package entrepot.market.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.tuple;

import entrepot.market.policy.ToolRuling.Outcome;
import entrepot.market.yaml.Problem;
import entrepot.testkit.SettableClock;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Policies of tools, of a real folder, decided by Cedar itself. */
class ToolGateTest {

    private static final String MAIN =
            """
            @id("never-drop") @remedy("ask the owner of the data")
            forbid(principal, action == Entrepot::Action::"use_tool", resource)
            when { resource.name == "drop" || context.arguments like "*\\"prod\\"*" };

            @id("ask-before-paying") @mode("ask") @remedy("a person of the desk approves it")
            forbid(principal, action == Entrepot::Action::"use_tool", resource)
            when { resource.server == "shop" && resource.effect == "once" }
            unless { principal in Entrepot::Team::"acme/buyers" };

            @id("watch-reads") @mode("log")
            forbid(principal, action == Entrepot::Action::"use_tool", resource)
            when { resource.effect == "read" };
            """;

    @TempDir private Path folder;

    private final SettableClock clock = SettableClock.at("2026-04-12T09:30:00Z");

    @Test
    void withoutPoliciesOfToolsEveryToolMayBeUsed() throws Exception {
        var none =
                PolicyFolder.open(
                        folder.resolve("absent"),
                        clock,
                        () -> {
                            throw new AssertionError("the native library was loaded");
                        });
        assertThat(new ToolGate(none, clock).judge(use("shop", "buy", "once", "{}")))
                .isSameAs(ToolRuling.ALLOWED);
        write("@id(\"calls\") permit(principal, action, resource) when { context.first_party };");
        assertThat(judge("shop", "buy", "once", "{}")).isSameAs(ToolRuling.ALLOWED);
    }

    @Test
    void policiesOfToolsAloneLeaveCallsOpen() throws Exception {
        write(MAIN);
        PolicyFolder policies = PolicyFolder.open(folder, clock);
        assertThat(new PolicyGate(policies).idle()).isTrue();
        assertThat(policies.status().policies()).hasSize(3);
    }

    @Test
    void aForbidThatAsksWantsSomebodysWordAndAPlainOneRefuses() throws Exception {
        write(MAIN);
        ToolRuling asked = judge("shop", "buy", "once", "{}");
        assertThat(asked.outcome()).isEqualTo(Outcome.ASK);
        assertThat(asked.reasons()).containsExactly("ask-before-paying");
        assertThat(asked.text())
                .isEqualTo(
                        "Needs approval by policy ask-before-paying (main.cedar:5): a person of"
                                + " the desk approves it.");
        ToolRuling refused = judge("shop", "drop", "once", "{}");
        assertThat(refused.outcome()).isEqualTo(Outcome.DENY);
        assertThat(refused.text())
                .isEqualTo(
                        "Forbidden by policy never-drop (main.cedar:1): ask the owner of the"
                                + " data.");
        assertThat(judge("mail", "send", "once", "{}")).isEqualTo(ToolRuling.ALLOWED);
        ToolUse buyer = new ToolUse("acme", "buyers", "bob", "shop", "buy", "once", "a", "s", "{}");
        assertThat(gate().judge(buyer).outcome()).isEqualTo(Outcome.ALLOW);
        ToolUse stranger =
                new ToolUse("umbrella", "buyers", "eve", "shop", "buy", "once", "a", "s", "{}");
        assertThat(gate().judge(stranger).outcome()).isEqualTo(Outcome.ASK);
    }

    @Test
    void anEscapeHidesNothingFromAPolicyThatReadsArguments() throws Exception {
        write(MAIN);
        assertThat(judge("db", "query", "keyed", "{ \"on\" : \"\\u0070rod\" }").outcome())
                .isEqualTo(Outcome.DENY);
        assertThat(judge("db", "query", "keyed", "{\"on\":\"test\"}").outcome())
                .isEqualTo(Outcome.ALLOW);
        String padded =
                "{\"x\":\"" + "x".repeat(ToolRules.ARGUMENTS_CHARS_MAX) + "\",\"on\":\"prod\"}";
        ToolRuling padding = judge("db", "query", "keyed", padded);
        assertThat(padding.outcome()).isEqualTo(Outcome.DENY);
        assertThat(padding.text()).contains("262144 characters");
    }

    @Test
    void onceAPolicyPermitsWhatNonePermitsIsRefused() throws Exception {
        write(
                MAIN
                        + """
                        @id("desk-shops")
                        permit(principal in Entrepot::Team::"acme/desk",
                               action in [Entrepot::Action::"use_tool"],
                               resource == Entrepot::Tool::"shop/buy")
                        when { context.time.hour < 18 };
                        """);
        assertThat(judge("shop", "buy", "once", "{}").outcome()).isEqualTo(Outcome.ASK);
        ToolRuling none = judge("shop", "look", "read", "{}");
        assertThat(none.outcome()).isEqualTo(Outcome.DENY);
        assertThat(none.text()).contains("No policy permits it").contains("entrepot policies show");
        assertThat(none.reasons()).isEmpty();
    }

    @Test
    void aLogOnlyPolicyRefusesNothingAndIsCounted() throws Exception {
        write(MAIN);
        PolicyFolder policies = PolicyFolder.open(folder, clock);
        ToolRuling passed = new ToolGate(policies, clock).judge(use("files", "read", "read", "{}"));
        assertThat(passed.outcome()).isEqualTo(Outcome.ALLOW);
        assertThat(passed.wouldRefuse()).containsExactly("watch-reads");
        new ToolGate(policies, clock).judge(use("shop", "drop", "once", "{}"));
        assertThat(policies.status().policies())
                .extracting(
                        each -> each.policy().id(),
                        each -> each.counts().refused(),
                        each -> each.counts().wouldRefuse())
                .contains(tuple("watch-reads", 0L, 1L), tuple("never-drop", 1L, 0L));
    }

    @Test
    void aChangeOfTheFolderIsTakenUp() throws Exception {
        write(MAIN);
        PolicyFolder policies = PolicyFolder.open(folder, clock);
        var gate = new ToolGate(policies, clock);
        assertThat(gate.judge(use("shop", "buy", "once", "{}")).outcome()).isEqualTo(Outcome.ASK);
        write(MAIN.replace("@mode(\"ask\") ", ""));
        policies.refresh();
        assertThat(gate.judge(use("shop", "buy", "once", "{}")).outcome()).isEqualTo(Outcome.DENY);
    }

    @Test
    void whatIsWrongIsSaidWithItsPlace() throws Exception {
        write(
                """
                @id("a") @mode("ask") permit(principal, action, resource);
                @id("b") @mode("ask")
                forbid(principal, action == Entrepot::Action::"call", resource);
                """);
        assertThat(problems())
                .extracting(problem -> problem.line() + ":" + problem.column())
                .containsExactly("1:1", "2:1");
        assertThat(problems().getFirst().message()).contains("use_tool");
        write("@id(\"c\") forbid(principal, action, resource == Entrepot::Tool::\"shop/buy\");");
        assertThat(problems())
                .anySatisfy(problem ->
                        assertThat(problem.message()).contains("a policy of tools has action =="));
        write(
                """
                @id("d") forbid(principal, action == Entrepot::Action::"use_tool", resource)
                when { context.argument == "" };
                """);
        assertThat(problems().getFirst().toString())
                .startsWith("main.cedar:2:")
                .contains("arguments");
    }

    @Test
    void casesAskAboutTools() throws Exception {
        write(MAIN);
        List<PolicyCases.Outcome> outcomes =
                PolicyCases.run(
                        PolicyFolder.open(folder, clock),
                        "tests.yaml",
                        """
                        tests:
                          - name: the desk is asked
                            principal: {tenant: acme, team: desk, name: ada}
                            tool: shop/buy
                            expect: ask
                            reasons: [ask-before-paying]
                          - name: nobody touches production
                            principal: {tenant: acme, team: buyers, name: bob}
                            tool: db/query
                            effect: keyed
                            arguments: '{"on": "prod"}'
                            context: {agent: agent_7, session: sess_7}
                            expect: deny
                          - name: wrong
                            principal: {tenant: acme}
                            tool: shop/drop
                            expect: allow
                        """);
        assertThat(outcomes.get(0).difference()).isNull();
        assertThat(outcomes.get(1).difference()).isNull();
        assertThat(outcomes.get(2).difference())
                .startsWith("expected allow, but: Forbidden by policy never-drop");
    }

    private ToolGate gate() {
        return new ToolGate(PolicyFolder.open(folder, clock), clock);
    }

    private ToolRuling judge(String server, String tool, String effect, String arguments) {
        return gate().judge(use(server, tool, effect, arguments));
    }

    private static ToolUse use(String server, String tool, String effect, String arguments) {
        return new ToolUse(
                "acme", "desk", "ada", server, tool, effect, "agent_1", "sess_1", arguments);
    }

    private List<Problem> problems() {
        return catchThrowableOfType(PoliciesInvalid.class, () -> PolicyFolder.open(folder, clock))
                .problems();
    }

    private void write(String text) throws IOException {
        Files.writeString(folder.resolve("main.cedar"), text);
    }
}

package entrepot.market.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import entrepot.http.Clocks;
import entrepot.http.Headers;
import entrepot.identity.Caller;
import entrepot.identity.Caller.Scope;
import entrepot.market.Order;
import entrepot.market.Receipt.Verdict;
import entrepot.market.catalog.Model;
import entrepot.market.catalog.Supplier;
import entrepot.market.gates.OfferGates;
import entrepot.market.gates.Question;
import entrepot.market.policy.PolicyCases.Outcome;
import entrepot.market.prices.Prices;
import entrepot.market.yaml.Problem;
import entrepot.testkit.SettableClock;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Policies of a real folder, decided by Cedar itself. */
class PolicyGateTest {

    private static final String MAIN =
            """
            // who may call what
            @id("core-calls")
            permit(principal in Entrepot::Team::"acme/core", action, resource);

            @id("no-personal-data-abroad")
            @remedy("use a supplier in the EU")
            forbid(principal, action == Entrepot::Action::"call", resource)
            when { context has data_class && context.data_class == "personal" }
            unless { context has territory && context.territory == "EU" };
            """;

    private static final Instant NOON = Instant.parse("2026-04-12T12:30:00Z");

    @TempDir private Path folder;

    private final SettableClock clock = SettableClock.at("2026-04-12T09:00:00Z");

    @Test
    void withoutPoliciesEverythingPassesAndNothingNativeIsLoaded() {
        var policies =
                PolicyFolder.open(
                        folder.resolve("absent"),
                        clock,
                        () -> {
                            throw new AssertionError("the native library was loaded");
                        });
        assertThat(new PolicyGate(policies).judge(ask("acme", "core", "eu", null)).passed())
                .isTrue();
        assertThat(policies.refresh()).isFalse();
    }

    @Test
    void whatNoPolicyPermitsIsRefusedAndForbidWins() {
        write("main.cedar", MAIN);
        var gate = new PolicyGate(open());

        Verdict yes = gate.judge(ask("acme", "core", "us", null));
        assertThat(yes.passed()).isTrue();
        assertThat(yes.reason()).isEqualTo("permitted by core-calls");
        assertThat(yes.source()).isEqualTo("policy core-calls (main.cedar:2)");

        Verdict none = gate.judge(ask("acme", "desk", "us", null));
        assertThat(none.passed()).isFalse();
        assertThat(none.reason()).isEqualTo("no policy permits it");
        assertThat(none.remedy()).contains("entrepot policies show");

        Verdict forbidden = gate.judge(ask("acme", "core", "us", "personal"));
        assertThat(forbidden.text())
                .isEqualTo(
                        "forbidden by no-personal-data-abroad (policy no-personal-data-abroad"
                                + " (main.cedar:5)): use a supplier in the EU");
        assertThat(gate.judge(ask("acme", "core", "eu", "personal")).passed()).isTrue();
    }

    @Test
    void teamsOfAnotherTenantAreOtherTeams() {
        write("main.cedar", MAIN);
        var gate = new PolicyGate(open());
        assertThat(gate.judge(ask("umbrella", "core", "us", null)).passed()).isFalse();
    }

    @Test
    void decisionsAreRememberedByWhatPoliciesReadAndNoMore() {
        write("main.cedar", MAIN);
        PolicyFolder policies = open();
        var gate = new PolicyGate(policies);
        Verdict first = gate.judge(ask("acme", "core", "us", null));
        assertThat(gate.judge(ask("acme", "core", "us", null, NOON.plusSeconds(86_400))))
                .isSameAs(first);
        assertThat(policies.get().remembered()).isEqualTo(1);
        gate.judge(ask("acme", "core", "us", "public"));
        assertThat(policies.get().remembered()).isEqualTo(2);
    }

    @Test
    void aPolicyThatReadsTheTimeIsAskedAgainEachHour() {
        write(
                "main.cedar",
                """
                @id("by-day") permit(principal, action, resource)
                when { context.time.hour >= 8 && context.time.hour < 18
                       && context.time.at < datetime("2027-01-01") };
                """);
        PolicyFolder policies = open();
        var gate = new PolicyGate(policies);
        assertThat(gate.judge(ask("acme", "core", "us", null, NOON)).passed()).isTrue();
        assertThat(gate.judge(ask("acme", "core", "us", null, NOON.plusSeconds(60))).passed())
                .isTrue();
        assertThat(policies.get().remembered()).isEqualTo(1);
        assertThat(gate.judge(ask("acme", "core", "us", null, NOON.plusSeconds(7 * 3600))).passed())
                .isFalse();
        Instant nextYear = Instant.parse("2027-01-01T12:00:00Z");
        assertThat(gate.judge(ask("acme", "core", "us", null, nextYear)).passed()).isFalse();
    }

    @Test
    void logOnlyPoliciesRefuseNothingAndAreCountedForOrdersOnly() {
        write("main.cedar", MAIN.replace("@remedy", "@mode(\"log\") @remedy"));
        PolicyFolder policies = open();
        var gates = new OfferGates(List.of(new PolicyGate(policies)));
        Question question = ask("acme", "core", "us", "personal");

        Verdict verdict = gates.judgeAll(question).getFirst();
        assertThat(verdict.passed()).isTrue();
        assertThat(verdict.reason())
                .isEqualTo(
                        "permitted by core-calls; log-only: forbidden by no-personal-data-abroad,"
                                + " so it would have been refused");
        assertThat(counts(policies, "no-personal-data-abroad").wouldRefuse()).isZero();

        gates.judge(question);
        gates.judge(question);
        assertThat(counts(policies, "no-personal-data-abroad").wouldRefuse()).isEqualTo(2);
        assertThat(counts(policies, "no-personal-data-abroad").refused()).isZero();

        gates.judge(ask("acme", "desk", "us", null));
        assertThat(policies.status().defaultDeny().refused()).isEqualTo(1);
    }

    @Test
    void aFolderInLogModeRefusesNothing() {
        write("main.cedar", MAIN);
        write("policies.yaml", "mode: log\n");
        PolicyFolder policies = open();
        var gates = new OfferGates(List.of(new PolicyGate(policies)));
        Verdict verdict = gates.judge(ask("umbrella", "core", "us", null)).getFirst();
        assertThat(verdict.passed()).isTrue();
        assertThat(verdict.reason())
                .contains("no policy permits it, so it would have been refused");
        assertThat(policies.status().defaultDeny().wouldRefuse()).isEqualTo(1);
    }

    @Test
    void aBadFileKeepsTheOldPoliciesAndIsNamedWithLineAndColumn() {
        write("main.cedar", MAIN);
        PolicyFolder policies = open();
        write(
                "more.cedar",
                "// ok\npermit(principal, action, resource)\n  when { context.api + };\n");

        assertThat(policies.refresh()).isFalse();

        assertThat(policies.status().problems())
                .singleElement()
                .satisfies(problem -> {
                    assertThat(problem.toString()).startsWith("more.cedar:3:24: ");
                    assertThat(problem.message()).contains("unexpected token");
                });
        var gate = new PolicyGate(policies);
        assertThat(gate.judge(ask("acme", "desk", "us", null)).passed()).isFalse();

        write("more.cedar", "permit(principal, action, resource);");
        assertThat(policies.refresh()).isTrue();
        assertThat(policies.status().problems()).isEmpty();
        assertThat(gate.judge(ask("acme", "desk", "us", null)).passed()).isTrue();
    }

    @Test
    void policiesThatAreGoneStayInForce() throws IOException {
        write("main.cedar", MAIN);
        PolicyFolder policies = open();
        Files.delete(folder.resolve("main.cedar"));
        assertThat(policies.refresh()).isFalse();
        assertThat(policies.status().problems().getFirst().message()).contains("gone");
        assertThat(new PolicyGate(policies).judge(ask("acme", "desk", "us", null)).passed())
                .isFalse();
    }

    @Test
    void allThatIsWrongIsSaidAtOnceWithItsPlace() {
        write(
                "bad.cedar",
                """
                @id("ü-twice") permit(principal, action, resource);
                @id("twice") permit(principal, action, resource);
                @id("twice")
                  permit(principal, action, resource) whe { true };
                @mode("maybe") permit(principal, action, resource);
                permit(principal, action, resource\
                """);
        assertThat(problems())
                .extracting(problem -> problem.line() + ":" + problem.column())
                .containsExactly("1:1", "4:39", "5:1", "6:35");
        write(
                "bad.cedar",
                """
                permit(principal, action, resource)
                when { "ü" == context.chanel };
                @id("team") permit(principal in Entrepot::Tea::"acme/core", action, resource);
                permit(principal, action, resource) when { context.region == "eu" };
                """);
        assertThat(problems())
                .extracting(Problem::toString)
                .anySatisfy(told ->
                        assertThat(told)
                                .startsWith("bad.cedar:2:15: ")
                                .contains("did you mean `channel`?"))
                .anySatisfy(told ->
                        assertThat(told)
                                .startsWith("bad.cedar:3:33: team: ")
                                .contains("Entrepot::Team"))
                .anySatisfy(told ->
                        assertThat(told).startsWith("bad.cedar:4:44: ").contains("context has"));
        write("bad.cedar", "@id(\"a\") permit(principal, action, resource);\n".repeat(2));
        assertThat(problems())
                .singleElement()
                .satisfies(problem ->
                        assertThat(problem.toString())
                                .startsWith("bad.cedar:2:1: a: this @id stands already in"));
    }

    @Test
    void aPolicyThatCannotBeEvaluatedRefuses() {
        write(
                "main.cedar",
                """
                permit(principal, action, resource);
                @id("overflow") forbid(principal, action, resource)
                when { context.time.hour + 9223372036854775807 < 0 };
                """);
        Verdict no = new PolicyGate(open()).judge(ask("acme", "core", "us", null));
        assertThat(no.passed()).isFalse();
        assertThat(no.reason()).contains("cannot be evaluated").contains("overflow");
    }

    @Test
    void withoutTheNativeLibraryPoliciesKeepTheServerFromStarting() {
        write("main.cedar", MAIN);
        assertThatThrownBy(() -> PolicyFolder.open(folder, clock, PolicyGateTest::missing))
                .isInstanceOf(PoliciesInvalid.class)
                .hasMessageContaining(folder.toString())
                .hasMessageContaining("native library");
    }

    @Test
    void withoutTheNativeLibraryPoliciesThatAppearRefuseEverything() {
        PolicyFolder policies = PolicyFolder.open(folder, clock, PolicyGateTest::missing);
        write("main.cedar", "permit(principal, action, resource);");
        policies.refresh();
        var gate = new PolicyGate(policies);
        assertThat(gate.judge(ask("acme", "core", "us", null)).passed()).isFalse();
        policies.refresh();
        assertThat(gate.judge(ask("acme", "core", "us", null)).reason()).contains("start again");
        assertThat(policies.status().problems()).isNotEmpty();
    }

    @Test
    void casesSayWhatIsExpected() {
        write("main.cedar", MAIN);
        List<Outcome> outcomes =
                PolicyCases.run(
                        open(),
                        "tests.yaml",
                        """
                        tests:
                          - name: core may
                            principal: {tenant: acme, team: core, name: ada}
                            model: vendor/m
                            expect: allow
                            reasons: [core-calls]
                          - name: wrong
                            principal: {tenant: acme, team: core}
                            model: vendor/m
                            context: {data_class: personal, territory: US}
                            expect: allow
                        """);
        assertThat(outcomes.getFirst().difference()).isNull();
        assertThat(outcomes.get(1).difference())
                .startsWith("expected allow, but: forbidden by no-personal-data-abroad");
    }

    @Test
    void whatIsRememberedIsBoundedAndWhatIsUsedStays() {
        write("main.cedar", MAIN);
        PolicyFolder policies = open();
        var asked = Asked.of(ask("acme", "core", "us", null), Asked.Reads.NOTHING);
        var decisions = new Decisions();
        var made = policies.get().decide(asked);
        decisions.keep(asked, made);
        for (int i = 0; i < 70_000; i++) {
            decisions.keep(Asked.of(ask("t" + i, "core", "us", null), Asked.Reads.NOTHING), made);
            if (i % 10_000 == 0) {
                assertThat(decisions.find(asked)).isSameAs(made);
            }
        }
        assertThat(decisions.find(asked)).isSameAs(made);
        assertThat(decisions.size()).isLessThan(41_000);
    }

    private static void missing() {
        throw new EngineMissing(
                "Cedar's native library cannot be loaded", new LinkageError("musl"));
    }

    private PolicyFolder open() {
        return PolicyFolder.open(folder, clock);
    }

    private List<Problem> problems() {
        return catchThrowableOfType(PoliciesInvalid.class, this::open).problems();
    }

    private static PolicyFolder.Counts counts(PolicyFolder policies, String id) {
        return policies.status().policies().stream()
                .filter(standing -> standing.policy().id().equals(id))
                .findFirst()
                .orElseThrow()
                .counts();
    }

    private void write(String name, String text) {
        try {
            Files.writeString(folder.resolve(name), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Question ask(
            String tenant, String team, String territory, @Nullable String dataClass) {
        return ask(tenant, team, territory, dataClass, NOON);
    }

    private static Question ask(
            String tenant, String team, String territory, @Nullable String dataClass, Instant at) {
        var offer = new Model.Offer("a", "m-1", new Prices.Unknown());
        var model = new Model("vendor/m", "", 0, null, null, List.of(offer), null);
        var channel =
                new Supplier.Channel(
                        "azure", null, null, territory.toUpperCase(Locale.ROOT), null, true, false);
        var supplier =
                new Supplier.Remote(
                        "a",
                        URI.create("https://a.invalid/v1"),
                        List.of(),
                        Headers.NONE,
                        Clocks.DEFAULT,
                        1,
                        new Supplier.Api.OpenAiCompatible(List.of()),
                        channel);
        return new Question(
                new Caller(tenant, team, "ada", "key_1", Set.of(Scope.MODELS)),
                model,
                offer,
                supplier,
                Order.ApiKind.STATELESS,
                "openai.chat",
                new Order.Purpose(null, dataClass),
                at,
                at);
    }
}

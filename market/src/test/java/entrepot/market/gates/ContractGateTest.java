package entrepot.market.gates;

import static org.assertj.core.api.Assertions.assertThat;

import entrepot.identity.Caller;
import entrepot.identity.Caller.Scope;
import entrepot.market.Order;
import entrepot.market.Order.ApiKind;
import entrepot.market.Receipt.Verdict;
import entrepot.market.catalog.Catalogue;
import entrepot.market.catalog.CatalogueReader;
import entrepot.market.catalog.Model;
import entrepot.market.catalog.SecretSources;
import entrepot.market.contracts.ContractBook;
import entrepot.market.contracts.reading.ContractsReader;

import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

/** Equal verdicts are one object, and none is given after the instant at which it changes. */
class ContractGateTest {

    private static final Caller ADA =
            new Caller("tn_a", "core", "ada", "key_1", Set.of(Scope.MODELS));

    private static final Catalogue CATALOGUE =
            new CatalogueReader(Map.of(), SecretSources.pretended())
                    .read(
                            "test.yaml",
                            """
                            suppliers:
                              azure: {kind: openai-compatible, base_url: "https://a.invalid",
                                      channel: azure}
                              aws: {kind: openai-compatible, base_url: "https://b.invalid",
                                    channel: bedrock}
                              vendor: {kind: openai-compatible, base_url: "https://c.invalid",
                                       channel: v}
                            models:
                              v/one:
                                offers:
                                  - {supplier: azure, name: one}
                                  - {supplier: aws, name: one}
                                  - {supplier: vendor, name: one}
                              v/two: {offers: [{supplier: aws, name: two}]}
                            """);

    private static final String CLAUSES =
            """
            only: {kind: exclusivity, of: calls, says: Azure alone sells it, source: d,
                   models: [v/one], distribution: third-party, channels: [azure],
                   from: 2026-02-01, to: 2026-08-01}
            wider: {kind: exclusivity, of: calls, says: Both clouds sell it, source: d,
                    models: [v/one], distribution: third-party, channels: [azure, bedrock],
                    from: 2026-06-01, learned: 2026-04-15, supersedes: [only]}
            first: {kind: first-ship, says: New models come out at home, source: d,
                    models: [v/two], channels: [v], window: 30d, from: 2026-01-01}
            lifted: {kind: waiver, says: Given up for a month, source: d, waives: first,
                     from: 2026-03-01, to: 2026-04-01}
            """;

    private static final List<Instant> BORDERS =
            List.of(
                    Instant.parse("2026-01-01T00:00:00Z"),
                    Instant.parse("2026-02-01T00:00:00Z"),
                    Instant.parse("2026-03-01T00:00:00Z"),
                    Instant.parse("2026-04-01T00:00:00Z"),
                    Instant.parse("2026-04-15T00:00:00Z"),
                    Instant.parse("2026-06-01T00:00:00Z"),
                    Instant.parse("2026-08-01T00:00:00Z"));

    private ContractBook book = read(CLAUSES);
    private final ContractGate gate = new ContractGate(() -> book);

    @Test
    void equalVerdictsAreOneObjectWhateverTheTime() {
        Verdict no = gate.judge(ask("v/one", "aws", "2026-02-01T00:00:00Z"));
        assertThat(no.passed()).isFalse();
        assertThat(no.source()).isEqualTo("c/only");
        assertThat(no.remedy()).contains("must go through azure until 2026-08-01");
        assertThat(gate.judge(ask("v/one", "aws", "2026-03-07T12:00:00Z"))).isSameAs(no);
        Verdict yes = gate.judge(ask("v/one", "azure", "2026-03-07T12:00:00Z"));
        assertThat(gate.judge(ask("v/one", "azure", "2026-03-08T12:00:00Z"))).isSameAs(yes);
        assertThat(gate.kept()).isEqualTo(2);
    }

    @Test
    void aVerdictEndsWithItsClauseToTheMillisecond() {
        assertThat(passes("2026-01-31T23:59:59.999Z")).isTrue();
        assertThat(passes("2026-02-01T00:00:00Z")).isFalse();
        assertThat(passes("2026-05-31T23:59:59.999Z")).isFalse();
        assertThat(passes("2026-06-01T00:00:00Z")).isTrue();
        assertThat(passes("2026-05-31T23:59:59.999Z")).isFalse();
    }

    @Test
    void aLearnedEndChangesTheRemedyAndNotTheClause() {
        Verdict before = gate.judge(ask("v/one", "aws", "2026-04-14T23:59:59.999Z"));
        Verdict after = gate.judge(ask("v/one", "aws", "2026-04-15T00:00:00Z"));
        assertThat(before.source()).isEqualTo(after.source()).isEqualTo("c/only");
        assertThat(before.remedy()).contains("until 2026-08-01");
        assertThat(after.remedy()).contains("until 2026-06-01");
    }

    @Test
    void aGateThatHasJudgedAnswersAsANewOneAroundEveryBorder() {
        var questions = new ArrayList<Question>();
        for (Instant border : BORDERS) {
            for (int millis = -1; millis <= 1; millis++) {
                Instant at = border.plusMillis(millis);
                for (Instant known : List.of(at, border, Instant.MAX)) {
                    for (String supplier : List.of("azure", "aws", "vendor")) {
                        questions.add(ask("v/one", supplier, ApiKind.STATELESS, at, known));
                    }
                    questions.add(ask("v/two", "aws", ApiKind.STATEFUL, at, known));
                }
            }
        }
        for (int round = 0; round < 3; round++) {
            Collections.shuffle(questions, new Random(round));
            for (Question question : questions) {
                assertThat(gate.judge(question))
                        .as("%s %s", question.at(), question.known())
                        .isEqualTo(new ContractGate(() -> book).judge(question));
            }
        }
        assertThat(gate.kept()).isBetween(8, 40);
    }

    @Test
    void aNewSnapshotForgetsAllThatTheOldOneSaid() {
        String at = "2026-03-01T00:00:00Z";
        Verdict before = gate.judge(ask("v/one", "aws", at));
        gate.judge(ask("v/one", "azure", at));

        book = read(CLAUSES.replace("Azure alone sells it", "Nobody else sells it"));

        Verdict after = gate.judge(ask("v/one", "aws", at));
        assertThat(before.reason()).contains("Azure alone sells it");
        assertThat(after.reason()).contains("Nobody else sells it");
        assertThat(gate.kept()).isEqualTo(1);

        book = ContractBook.EMPTY;

        assertThat(gate.judge(ask("v/one", "aws", at)).passed()).isTrue();
        assertThat(gate.kept()).isZero();
    }

    @Test
    void noMoreVerdictsAreKeptThanTheirLimit() {
        for (int i = 0; i <= ContractGate.VERDICTS_MAX; i++) {
            Question asked = ask("v/one", "aws", "2026-03-01T00:00:00Z");
            Model model = asked.model();
            Question other =
                    new Question(
                            asked.caller(),
                            new Model("v/m" + i, "", 0, null, null, model.offers(), null),
                            asked.offer(),
                            asked.supplier(),
                            asked.api(),
                            asked.storefront(),
                            asked.purpose(),
                            asked.at(),
                            asked.known());
            assertThat(gate.judge(other).reason()).contains("v/m" + i + " ");
        }
        assertThat(gate.kept()).isEqualTo(1);
    }

    private boolean passes(String at) {
        return gate.judge(ask("v/one", "aws", at)).passed();
    }

    @Test
    void aTerritorialClauseIsJudgedWithTheBuyersTerritory() {
        book =
                read(
                        """
                        japan: {kind: exclusivity, of: calls, says: Azure alone sells it in Japan,
                                source: d, models: [v/one], channels: [azure], territories: [JP]}
                        """);
        Verdict unknown = gate.judge(from(""));
        assertThat(unknown.passed()).isFalse();
        assertThat(unknown.reason())
                .endsWith(
                        "; it speaks of buyers in JP and binds this one, whose territory is not"
                                + " known");
        Verdict inside = gate.judge(from("JP"));
        assertThat(inside.passed()).isFalse();
        assertThat(inside.reason()).endsWith("; it speaks of buyers in JP, and this one is in JP");
        Verdict outside = gate.judge(from("DE"));
        assertThat(outside.passed()).isTrue();
        assertThat(outside.reason()).startsWith("no clause in force speaks of");
        assertThat(gate.judge(from(""))).isSameAs(unknown);
    }

    private static Question from(String territory) {
        Question asked = ask("v/one", "aws", "2026-04-01T00:00:00Z");
        return new Question(
                asked.caller(),
                asked.model(),
                asked.offer(),
                asked.supplier(),
                asked.api(),
                asked.storefront(),
                asked.purpose(),
                territory,
                asked.at(),
                asked.known());
    }

    private static Question ask(String id, String supplier, String at) {
        return ask(id, supplier, ApiKind.STATELESS, Instant.parse(at), Instant.parse(at));
    }

    private static Question ask(
            String id, String supplier, ApiKind api, Instant at, Instant known) {
        Model model = Objects.requireNonNull(CATALOGUE.models().get(id));
        return new Question(
                ADA,
                model,
                model.offers().getFirst(),
                Objects.requireNonNull(CATALOGUE.supplier(supplier)),
                api,
                "openai.chat",
                Order.Purpose.NONE,
                at,
                known);
    }

    private static ContractBook read(String clauses) {
        String text =
                """
                contracts:
                  c:
                    title: A contract
                    learned: 2026-01-01
                    parties:
                      v: {name: Vendor, vendor: v, channels: [v]}
                      m: {name: Marine, channels: [azure]}
                      a: {name: Andes, channels: [bedrock]}
                    documents:
                      d: {title: Agreement}
                    clauses:
                """;
        return new ContractsReader()
                .read(new TreeMap<>(Map.of("c.yaml", text + clauses.indent(6))));
    }
}

package entrepot.market.contracts.reading;

import static org.assertj.core.api.Assertions.assertThat;

import static java.util.Objects.requireNonNull;

import entrepot.market.Order.ApiKind;
import entrepot.market.catalog.CatalogueReader;
import entrepot.market.catalog.SecretSources;
import entrepot.market.contracts.AsOf;
import entrepot.market.contracts.CapacityAnswer;
import entrepot.market.contracts.CapacityAnswer.Purchase;
import entrepot.market.contracts.CapacityAnswer.Status;
import entrepot.market.contracts.Carriage;
import entrepot.market.contracts.Clause;
import entrepot.market.contracts.ContractBook;
import entrepot.market.contracts.Dispute;
import entrepot.market.contracts.Judgement;
import entrepot.market.contracts.Judgement.Finding;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.file.Files;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;

/**
 * The regimes of 2025 and 2026, asked on each date. Each question is asked twice: with what was
 * known that day, and with what is known since; both have the same answer, for nothing here was
 * changed afterwards.
 */
class Openai2026Test {

    private static final ContractBook BOOK = Texts.example();

    private static Instant time(String text) {
        return Instant.parse(text.length() == 10 ? text + "T00:00:00Z" : text);
    }

    private static AsOf on(String day) {
        return AsOf.now(time(day));
    }

    private static Judgement judge(
            ContractBook book, String model, ApiKind api, String channel, String at) {
        Instant time = time(at);
        var carriage =
                new Carriage(
                        model, "openai", api, channel, channel.equals("openai"), "", time, time);
        Judgement then = book.judge(carriage);
        Judgement now = book.judge(carriage.asOf(AsOf.inHindsight(time)));
        assertThat(now.allowed()).as("in hindsight: %s", carriage).isEqualTo(then.allowed());
        return then;
    }

    @ParameterizedTest
    @CsvSource({
        // before 2025-01-21: the API is exclusive to Azure
        "stateless, azure,       2024-06-01,               yes, microsoft-early/api",
        "stateless, openai,      2024-06-01,               yes, microsoft-early/api",
        "stateless, bedrock,     2024-06-01,               no,  microsoft-early/api",
        "stateful,  bedrock,     2024-06-01,               no,  microsoft-early/api",
        "stateless, bedrock,     2025-01-20T23:59:59.999Z, no,  microsoft-early/api",
        // 2025-01-21: still, under the new clause
        "stateless, bedrock,     2025-01-21,               no,  microsoft-2025-01/api",
        "stateless, bedrock,     2025-06-01,               no,  microsoft-2025-01/api",
        "stateless, third-cloud, 2025-06-01,               no,  microsoft-2025-01/api",
        "stateless, azure,       2025-06-01,               yes, microsoft-2025-01/api",
        "stateless, openai,      2025-06-01,               yes, microsoft-2025-01/api",
        "stateful,  bedrock,     2025-06-01,               no,  microsoft-2025-01/api",
        // 2025-10-28: the API's exclusivity stays
        "stateless, bedrock,     2025-10-28,               no,  microsoft-2025-01/api",
        "stateful,  bedrock,     2026-01-15,               no,  microsoft-2025-01/api",
        "stateful,  azure,       2026-01-15,               yes, microsoft-2025-01/api",
        "stateful,  bedrock,     2026-02-26T23:59:59Z,     no,  microsoft-2025-01/api",
        // 2026-02-27: stateful in Bedrock, stateless only on Azure, the platform resold by AWS
        "stateful,  bedrock,     2026-02-27,               yes, amazon-2026-02/stateful-runtime",
        "stateful,  bedrock,     2026-03-01,               yes, amazon-2026-02/stateful-runtime",
        "stateless, bedrock,     2026-02-27,               no,  microsoft-2026-02/stateless-api",
        "stateless, bedrock,     2026-03-01,               no,  microsoft-2026-02/stateless-api",
        "stateless, third-cloud, 2026-03-01,               no,  microsoft-2026-02/stateless-api",
        "stateless, azure,       2026-03-01,               yes, microsoft-2026-02/stateless-api",
        "stateless, openai,      2026-03-01,               yes, microsoft-2026-02/stateless-api",
        "stateless, bedrock,     2026-04-26T23:59:59.999Z, no,  microsoft-2026-02/stateless-api",
        "platform,  bedrock,     2026-03-01,               yes, amazon-2026-02/frontier",
        "platform,  third-cloud, 2026-03-01,               no,  amazon-2026-02/frontier",
        "platform,  azure,       2026-03-01,               no,  amazon-2026-02/frontier",
        "platform,  openai,      2026-03-01,               yes, microsoft-2026-02/own-frontier",
        // 2026-04-27: any cloud
        "stateless, bedrock,     2026-04-27,               yes, microsoft-2026-04/any-cloud",
        "stateless, bedrock,     2026-05-01,               yes, microsoft-2026-04/any-cloud",
        "stateless, third-cloud, 2026-05-01,               yes, microsoft-2026-04/any-cloud",
        "stateful,  third-cloud, 2026-05-01,               yes, microsoft-2026-04/any-cloud",
        "stateful,  bedrock,     2026-05-01,               yes, amazon-2026-02/stateful-runtime",
        // what Amazon has of the platform was not Microsoft's to give up
        "platform,  third-cloud, 2026-05-01,               no,  amazon-2026-02/frontier",
        "platform,  bedrock,     2026-05-01,               yes, amazon-2026-02/frontier",
    })
    void whoMayCarryWhatAndByWhichClause(
            String api, String channel, String at, String answer, String clause) {
        ApiKind kind = ApiKind.valueOf(api.toUpperCase(java.util.Locale.ROOT));
        String model = kind == ApiKind.PLATFORM ? "openai/frontier" : "openai/gpt-5-mini";
        Judgement judged = judge(BOOK, model, kind, channel, at);
        assertThat(judged.allowed()).as(judged.reason()).isEqualTo(answer.equals("yes"));
        assertThat(requireNonNull(judged.deciding()).ref()).isEqualTo(clause);
    }

    @Test
    void aRefusalSaysWhyWhereItStandsAndWhatToDo() {
        Judgement refused =
                judge(BOOK, "openai/gpt-5-mini", ApiKind.STATELESS, "bedrock", "2026-03-01");
        assertThat(refused.reason())
                .isEqualTo(
                        "the contracts do not allow a stateless call for openai/gpt-5-mini by way"
                                + " of bedrock: Azure stays the only cloud for the stateless API"
                                + " to OpenAI's models (clause microsoft-2026-02/stateless-api,"
                                + " contracts/4-second-cloud.yaml:128, from Joint statement on the"
                                + " partnership, openai.com and blogs.microsoft.com, 2026-02-27,"
                                + " stateless APIs)");
        assertThat(refused.remedy())
                .as("as was known that day")
                .isEqualTo(
                        "a stateless call for openai/gpt-5-mini must go through azure or openai"
                                + " until 2031-01-01; use a supplier with channel azure or openai");
        Judgement since = BOOK.judge(refused.carriage().asOf(AsOf.inHindsight(time("2026-03-01"))));
        assertThat(since.remedy()).contains("must go through azure or openai until 2026-04-27;");
    }

    @Test
    void whatWasNotKnownDoesNotCount() {
        var late = new AsOf(time("2026-05-01"), time("2026-04-26"));
        Carriage carriage =
                judge(BOOK, "openai/gpt-5-mini", ApiKind.STATELESS, "bedrock", "2026-05-01")
                        .carriage();
        assertThat(BOOK.judge(carriage).allowed()).isTrue();
        assertThat(BOOK.judge(carriage.asOf(late)).allowed()).isFalse();
    }

    @Test
    void theTerritoryOfTheBuyerChangesNothingSinceNoClauseNamesOne() {
        for (String territory : new String[] {"", "US", "JP", "DE"}) {
            Instant at = time("2026-03-01");
            var carriage =
                    new Carriage(
                            "openai/gpt-5-mini",
                            "openai",
                            ApiKind.STATELESS,
                            "bedrock",
                            false,
                            territory,
                            at,
                            at);
            assertThat(BOOK.judge(carriage).allowed()).isFalse();
        }
    }

    @Test
    void firstPartyFrontierStaysOnAzureUntilAnyCloudMayHaveIt() {
        Instant march = time("2026-03-01");
        var own =
                new Carriage(
                        "openai/frontier",
                        "openai",
                        ApiKind.PLATFORM,
                        "azure",
                        true,
                        "",
                        march,
                        march);
        assertThat(BOOK.judge(own).allowed()).isTrue();
        assertThat(BOOK.judge(own.by("bedrock", true)).allowed()).isFalse();
        assertThat(BOOK.judge(own.by("third-cloud", true)).remedy()).contains("azure or openai");
        Carriage later = own.asOf(on("2026-05-01"));
        assertThat(BOOK.judge(later.by("bedrock", true)).allowed()).isTrue();
    }

    @Test
    void otherVendorsAreNotBound() {
        Instant at = time("2026-03-01");
        for (String channel : new String[] {"bedrock", "azure", "third-cloud"}) {
            var carriage =
                    new Carriage(
                            "anthropic/claude-opus-5-5",
                            "anthropic",
                            ApiKind.STATELESS,
                            channel,
                            false,
                            "",
                            at,
                            at);
            Judgement judged = BOOK.judge(carriage);
            assertThat(judged.allowed()).isTrue();
            assertThat(judged.consulted()).isEmpty();
            assertThat(judged.reason()).startsWith("no clause in force speaks of");
        }
    }

    /** The example with a model that is made up, coming out on Azure on 1 June 2026. */
    private static ContractBook withNewModel(String more) throws Exception {
        var files = new TreeMap<String, String>();
        try (var all = Files.list(Texts.root().resolve("examples/openai-2026/contracts"))) {
            for (var file : all.toList()) {
                files.put(String.valueOf(file.getFileName()), Files.readString(file));
            }
        }
        files.put(
                "6-new.yaml",
                """
                contracts:
                  new-model:
                    title: A model that is made up
                    learned: 2026-05-15
                    parties:
                      openai: {name: OpenAI, vendor: openai, channels: [openai]}
                      microsoft: {name: Microsoft, channels: [azure]}
                    documents:
                      d: {title: A made-up announcement}
                    occurrences:
                      - {kind: shipped, model: openai/made-up, channel: azure, at: 2026-06-01,
                         source: d}
                """
                        + more);
        return new ContractsReader().read(files);
    }

    @ParameterizedTest
    @CsvSource({
        "bedrock, 2026-05-14,           no,  FORBIDS",
        "bedrock, 2026-05-31T23:59:59Z, no,  FORBIDS",
        "azure,   2026-06-01,           yes, NAMES_CHANNEL",
        "bedrock, 2026-06-01,           no,  FORBIDS",
        "bedrock, 2026-06-01T23:59:59Z, no,  FORBIDS",
        "bedrock, 2026-06-02,           yes, WINDOW_OVER",
    })
    void aNewModelComesOutOnAzureFirst(String channel, String at, String answer, Finding finding)
            throws Exception {
        Judgement judged =
                judge(withNewModel(""), "openai/made-up", ApiKind.STATELESS, channel, at);
        assertThat(judged.allowed()).isEqualTo(answer.equals("yes"));
        assertThat(judged.consulted())
                .filteredOn(each -> each.clause() instanceof Clause.FirstShip)
                .extracting(Judgement.Consulted::finding)
                .containsExactly(finding);
    }

    @Test
    void aRefusalOfANewModelSaysUntilWhenAndAWaiverLiftsIt() throws Exception {
        Judgement refused =
                judge(
                        withNewModel(""),
                        "openai/made-up",
                        ApiKind.STATELESS,
                        "bedrock",
                        "2026-06-01");
        assertThat(refused.remedy())
                .contains("must go through azure or openai until 2026-06-02")
                .contains("have the right waived");
        ContractBook waived =
                withNewModel(
                        """
                            clauses:
                              no-support:
                                kind: waiver
                                says: Microsoft chooses not to support it
                                waives: microsoft-2026-04/first-ship
                                models: [openai/made-up]
                                from: 2026-05-20
                                source: d
                        """);
        assertThat(
                        judge(waived, "openai/made-up", ApiKind.STATELESS, "bedrock", "2026-05-19")
                                .allowed())
                .isFalse();
        assertThat(
                        judge(waived, "openai/made-up", ApiKind.STATELESS, "bedrock", "2026-05-20")
                                .allowed())
                .isTrue();
        assertThat(
                        judge(waived, "openai/other", ApiKind.STATELESS, "bedrock", "2026-05-20")
                                .allowed())
                .as("another new model")
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "2024-06-01,               amazon,    FORBIDDEN",
        "2025-01-20T23:59:59Z,     amazon,    FORBIDDEN",
        "2024-06-01,               microsoft, FREE",
        "2025-01-21,               amazon,    OFFER_FIRST",
        "2025-03-01,               amazon,    OFFER_FIRST",
        "2025-03-01,               microsoft, FREE",
        "2025-10-27T23:59:59.999Z, amazon,    OFFER_FIRST",
        "2025-10-28,               amazon,    FREE",
        "2025-11-01,               amazon,    FREE",
        "2026-05-01,               amazon,    FREE",
    })
    void capacityIsBoughtElsewhereOnceMicrosoftHasBeenAsked(
            String at, String seller, Status status) {
        CapacityAnswer answer = BOOK.firstRefusal(new Purchase("openai", seller, on(at)));
        assertThat(answer.status()).as(answer.reason()).isEqualTo(status);
    }

    @Test
    void theRightOfFirstRefusalNamesItsHolderItsClauseAndTheEvidence() {
        CapacityAnswer answer =
                BOOK.firstRefusal(new Purchase("openai", "amazon", on("2025-03-01")));
        assertThat(answer.allowed()).isFalse();
        assertThat(answer.reason())
                .startsWith("microsoft must be offered it first")
                .contains("microsoft-2025-01/first-refusal", "contracts/2-first-refusal.yaml");
        assertThat(answer.evidence()).contains("offered", "amazon");
    }

    @Test
    void statementsThatDoNotAgreeAreKeptAndOneIsUsed() {
        var used = new TreeMap<String, String>();
        BOOK.contracts()
                .forEach(contract ->
                        contract.disputes()
                                .forEach(each ->
                                        used.put(
                                                each.subject() + " " + each.member(),
                                                each.inUse().says())));
        assertThat(used)
                .containsEntry("memo date", "2026-04-12")
                .containsEntry("amazon-2026-02/investment total", "up to 50 billion USD")
                .containsEntry("microsoft-2025-10/stake total", "13 billion USD")
                .hasSize(6);
        Dispute memo =
                BOOK.contracts().getFirst().disputes().stream()
                        .filter(each -> each.subject().equals("memo"))
                        .findFirst()
                        .orElseThrow();
        assertThat(memo.statements()).extracting(Dispute.Statement::says).contains("2026-04-13");
        assertThat(memo.because()).contains("Sunday");
        assertThat(java.time.LocalDate.parse("2026-04-12").getDayOfWeek())
                .isEqualTo(java.time.DayOfWeek.SUNDAY);
    }

    @Test
    void everyClauseNamesItsSource() {
        assertThat(BOOK.clauses().values())
                .allSatisfy(clause -> {
                    assertThat(clause.heading().source().document().title()).isNotBlank();
                    assertThat(clause.heading().source().section()).isNotBlank();
                    assertThat(clause.heading().says()).isNotBlank();
                });
    }

    @Test
    void theCatalogueBesideItHasASupplierOnEveryChannel() throws Exception {
        var folder = Texts.root().resolve("examples/openai-2026");
        var keys =
                Map.of(
                        "OPENAI_API_KEY", "k",
                        "AZURE_OPENAI_API_KEY", "k",
                        "AWS_ACCESS_KEY_ID", "k",
                        "AWS_SECRET_ACCESS_KEY", "k",
                        "THIRD_CLOUD_API_KEY", "k");
        var catalogue =
                new CatalogueReader(Map.of(), new SecretSources(keys, folder))
                        .read("catalogue.yaml", Files.readString(folder.resolve("catalogue.yaml")));
        var allowed = new TreeMap<String, Boolean>();
        var model = requireNonNull(catalogue.find("openai/gpt-5-mini"));
        for (var offer : model.offers()) {
            var channel = requireNonNull(catalogue.supplier(offer.supplier())).channel();
            Instant march = time("2026-03-01");
            Judgement judged =
                    BOOK.judge(
                            new Carriage(
                                    model.id(),
                                    model.vendor(),
                                    ApiKind.STATELESS,
                                    channel.name(),
                                    channel.firstParty(model.vendor()),
                                    "",
                                    march,
                                    march));
            allowed.put(channel.name(), judged.allowed());
        }
        assertThat(allowed)
                .isEqualTo(
                        Map.of(
                                "azure",
                                true,
                                "bedrock",
                                false,
                                "openai",
                                true,
                                "third-cloud",
                                false));
    }
}

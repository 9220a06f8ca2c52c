package entrepot.app.server;

import entrepot.app.settings.Settings;
import entrepot.console.Console;
import entrepot.console.MarketPages;
import entrepot.conversation.Usage.Meter;
import entrepot.gateway.Gateway;
import entrepot.gateway.admin.AdminApi;
import entrepot.gateway.admin.ChargesApi;
import entrepot.gateway.admin.ContractsApi;
import entrepot.gateway.admin.ExplainApi;
import entrepot.gateway.admin.LedgerApi;
import entrepot.gateway.admin.LimitsApi;
import entrepot.gateway.admin.Node;
import entrepot.gateway.admin.OpenApi;
import entrepot.gateway.admin.PricesApi;
import entrepot.gateway.admin.StatementsApi;
import entrepot.gateway.door.Health;
import entrepot.gateway.door.OpenAiShape;
import entrepot.gateway.door.Route;
import entrepot.gateway.idempotency.Idempotency;
import entrepot.gateway.idempotency.IdempotencySettings;
import entrepot.gateway.knowledge.GroupsApi;
import entrepot.gateway.knowledge.SourcesApi;
import entrepot.gateway.responses.ResponsesApi;
import entrepot.gateway.responses.ResponsesSettings;
import entrepot.gateway.storefronts.Sales;
import entrepot.gateway.storefronts.Storefronts;
import entrepot.http.ClientSettings;
import entrepot.http.Handler;
import entrepot.http.HttpClient;
import entrepot.http.PublicAddresses;
import entrepot.http.engine.HttpClients;
import entrepot.identity.BlockRandom;
import entrepot.identity.Exposure;
import entrepot.identity.FirstStart;
import entrepot.identity.Groups;
import entrepot.identity.Ids;
import entrepot.identity.Keys;
import entrepot.identity.RandomIds;
import entrepot.identity.StoredAudit;
import entrepot.identity.StoredKeys;
import entrepot.identity.Tenants;
import entrepot.knowledge.Knowledge;
import entrepot.knowledge.embedding.E5;
import entrepot.knowledge.embedding.E5Small;
import entrepot.knowledge.embedding.Embedder;
import entrepot.knowledge.extract.Extract1;
import entrepot.knowledge.index.SourceKey;
import entrepot.knowledge.index.SourceTable;
import entrepot.knowledge.search.PassageSearch;
import entrepot.knowledge.sources.Connectors;
import entrepot.market.Market;
import entrepot.market.budgets.Alert;
import entrepot.market.budgets.AlertLog;
import entrepot.market.budgets.BudgetSettings;
import entrepot.market.budgets.Budgets;
import entrepot.market.budgets.limits.Limits;
import entrepot.market.capacity.notices.Notices;
import entrepot.market.catalog.Catalogue;
import entrepot.market.catalog.CatalogueFile;
import entrepot.market.catalog.CatalogueReader;
import entrepot.market.catalog.Demands;
import entrepot.market.catalog.Model;
import entrepot.market.catalog.SecretSources;
import entrepot.market.contracts.evidence.EvidenceKey;
import entrepot.market.contracts.reading.ContractFolder;
import entrepot.market.hindsight.Hindsight;
import entrepot.market.idempotency.KeepLimits;
import entrepot.market.idempotency.KeyedCalls;
import entrepot.market.ledger.DatabaseLedger;
import entrepot.market.ledger.LedgerReader;
import entrepot.market.ledger.Rerating;
import entrepot.market.ledger.rollups.Rollups;
import entrepot.market.prices.RatingQuestion;
import entrepot.market.routing.Broker;
import entrepot.market.routing.Markets;
import entrepot.market.settlement.Settlement;
import entrepot.market.supply.BuiltInModel;
import entrepot.market.terms.Acceptances;
import entrepot.runtime.AgentRuntime;
import entrepot.runtime.driver.Driver;
import entrepot.runtime.driver.DriverSettings;
import entrepot.runtime.responses.ConversationStore;
import entrepot.runtime.responses.KeepSettings;
import entrepot.runtime.responses.ResponseStore;
import entrepot.runtime.schedule.ScheduleSettings;
import entrepot.runtime.session.Sessions;
import entrepot.runtime.spend.SpendControl;
import entrepot.runtime.tools.ToolServers;
import entrepot.runtime.tools.knowledge.KnowledgeTools;
import entrepot.store.Database;
import entrepot.store.DatabaseSettings;
import entrepot.store.Databases;

import org.jspecify.annotations.Nullable;

import java.math.BigDecimal;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The whole object graph, bottom-up, with plain constructors. Whatever is opened here is closed in
 * reverse. The only place that takes the machine's clock and its randomness.
 */
final class Wiring implements AutoCloseable {

    static final InstantSource CLOCK = InstantSource.system();

    private static final ClientSettings OUTSIDE =
            new ClientSettings(16, false, List.of(), PublicAddresses::isPublic);
    private static final Duration CATALOGUE_LOOK = Duration.ofSeconds(2);
    private static final long KEYS_REFRESH_MILLIS = 1_000;
    private static final Duration PATIENCE = Duration.ofMinutes(30);

    final Optional<Keys.Issued> firstKey;
    final DatabaseLedger ledger;
    final AgentRuntime runtime;
    final Errands errands;
    final ResponsesApi responses;

    /** Null when no source is set up: then nothing of it is loaded. */
    final @Nullable Knowledge knowledge;

    final List<Route> routes;
    final Handler handler;

    private final Deque<AutoCloseable> opened = new ArrayDeque<>();

    Wiring(Settings settings, Map<String, String> environment) {
        try {
            var random = new SecureRandom();
            var ids = new RandomIds(CLOCK, new BlockRandom(random));
            var database = keep(Databases.open(DatabaseSettings.of(settings.database())));
            database.migrate(migrations());
            var signing = settings.signingSecret();
            var master =
                    signing == null ? SigningFile.read(settings.signingFile(), random) : signing;
            var keys = keep(new StoredKeys(database, CLOCK, ids, random, master));
            firstKey = new FirstStart(database, keys, CLOCK).run(settings.adminKey());
            Exposure.check(settings.host(), keys.guessable());
            keys.refreshEvery(KEYS_REFRESH_MILLIS);

            var embedder = new E5();
            List<BuiltInModel> builtIns = List.of(new Extract1(embedder), new E5Small(embedder));
            var http = keep(HttpClients.open(ClientSettings.DEFAULT));
            var catalogue = keep(catalogue(settings, environment, builtIns));
            var contracts = keep(contracts(settings));
            var settlement = new Settlement(catalogue, contracts);
            ledger = keep(DatabaseLedger.open(database, settings.node(), settlement));
            var limits = new Limits(database, CLOCK, ids);
            var alerts = keep(alerts(database, ids));
            var budgets = keep(budgets(settings, database, limits, ids, alerts));
            var rules = keep(rules(settings, database, catalogue, contracts, ids));
            var paid = keep(new MarketCapacity(database, catalogue, contracts, CLOCK, ids));
            var goods = new Markets.Parts(catalogue, ledger, http, builtIns, CLOCK, ids);
            var market = Markets.open(goods, rules.with(budgets, paid.capacity()));
            knowledge = knowledge(settings, database, embedder, http, ids);
            var tools = keep(tools(settings, environment, database, ids, random, embedder));
            runtime = keep(runtime(settings, database, market, tools, rules, ids));
            errands = keep(new Errands(database, runtime, tools, ids, CLOCK));
            var sales = new Sales(market, ids, PATIENCE);
            responses = keep(responses(settings, database, market, sales, ids));
            var evidence = EvidenceFile.read(settings.evidenceFile(), random);
            var node = node(settings.node(), catalogue, market, runtime, budgets);
            var all =
                    served(
                            new AdminApi(keys, tools.folders, ledger, node).routes(),
                            marketRoutes(limits, budgets, alerts, market, database),
                            rules.routes(),
                            knowledgeRoutes(database),
                            new PricesApi(catalogue).routes(),
                            books(database, ledger, catalogue, settlement),
                            contractRoutes(ledger, catalogue, contracts, evidence, paid, market),
                            Storefronts.routes(market, sales),
                            AgentDoors.routes(runtime, tools, errands, market, ids, CLOCK),
                            new Health(this::problems, new OpenAiShape()).routes(),
                            responses.routes());
            routes = keep(idempotency(settings, database, ids)).start().over(all);
            var sources = sources(limits, market, contracts, catalogue);
            var console = console(runtime.sessions(), market, keys, sources, random);
            handler =
                    Gateway.handler(
                            routes, Map.of("/", console, "/console", console), keys, ids, CLOCK);
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    /** All of them, and the document that tells of them. */
    @SafeVarargs
    private static List<Route> served(List<Route>... parts) {
        var all = new ArrayList<Route>();
        for (List<Route> part : parts) {
            all.addAll(part);
        }
        all.add(OpenApi.route(all));
        return List.copyOf(all);
    }

    private @Nullable Knowledge knowledge(
            Settings settings, Database database, Embedder embedder, HttpClient http, Ids ids) {
        if (settings.sources().isEmpty()) {
            return null;
        }
        // Where pages lead is not the operator's word: from there no inner network is called.
        var outside = keep(HttpClients.open(OUTSIDE));
        var connectors = new Connectors(settings.knowledge(), outside, http, CLOCK);
        return keep(
                Knowledge.open(
                        new Knowledge.Parts(
                                database,
                                settings.sources(),
                                connectors::open,
                                embedder,
                                settings.knowledge().resolve("index"),
                                settings.node(),
                                CLOCK,
                                ids)));
    }

    private ToolServers servers(ToolServers own, Database database) {
        var groups = new Groups(database, CLOCK);
        return knowledge == null
                ? own
                : ToolServers.of(List.of(own, new KnowledgeTools(knowledge, groups::of)));
    }

    private List<Route> knowledgeRoutes(Database database) {
        var groups = new Groups(database, CLOCK);
        var sources =
                new SourcesApi(
                        knowledge,
                        groups,
                        (tenant, id) ->
                                new SourceTable(database).forget(new SourceKey(tenant, id)));
        return Stream.of(sources.routes(), new GroupsApi(groups).routes())
                .flatMap(List::stream)
                .toList();
    }

    private static List<Route> marketRoutes(
            Limits limits, Budgets budgets, AlertLog alerts, Broker market, Database database) {
        var audit = new StoredAudit(database);
        return Stream.of(
                        new LimitsApi(limits, budgets::refresh, alerts, audit).routes(),
                        new ExplainApi(market::explain).routes())
                .flatMap(List::stream)
                .toList();
    }

    private static List<Route> contractRoutes(
            DatabaseLedger ledger,
            CatalogueFile catalogue,
            ContractFolder contracts,
            EvidenceKey key,
            MarketCapacity paid,
            Broker market) {
        return Stream.of(
                        new ContractsApi(new Hindsight(ledger, catalogue), contracts, key).routes(),
                        paid.routes(market::capacity, key))
                .flatMap(List::stream)
                .toList();
    }

    private Console console(
            Sessions sessions,
            Broker market,
            Keys keys,
            MarketPages.Sources sources,
            RandomGenerator random) {
        var parts = new Console.Parts(sessions, ledger, market, keys, sources);
        return new Console(parts, CLOCK, random);
    }

    /** What the console's pages on the market show. */
    private static MarketPages.Sources sources(
            Limits limits, Broker market, ContractFolder contracts, CatalogueFile catalogue) {
        return new MarketPages.Sources(
                limits, market::capacity, contracts, tenant -> party(catalogue, tenant));
    }

    /** Which party of the contracts a tenant is. */
    private static @Nullable String party(Supplier<Catalogue> catalogue, String tenant) {
        Demands demands = catalogue.get().demands();
        String own = demands.buyer(tenant).party();
        return own == null ? demands.charges().party() : own;
    }

    private static AlertLog alerts(Database database, Ids ids) {
        return AlertLog.open(database, CLOCK, ids, Alert.Listener.LOG);
    }

    private static Budgets budgets(
            Settings settings, Database database, Limits limits, Ids ids, AlertLog alerts) {
        return Budgets.open(
                new Budgets.Parts(database, limits, settings.node(), CLOCK, ids, alerts),
                BudgetSettings.DEFAULT);
    }

    private Node node(
            String name,
            CatalogueFile catalogue,
            Broker market,
            AgentRuntime runtime,
            Budgets budgets) {
        return new Node(
                name,
                this::problems,
                catalogue::status,
                market::suppliers,
                market::spoken,
                runtime::driving,
                budgets::status);
    }

    /** The ledger's own routes and the statements made of it. */
    private static List<Route> books(
            Database database,
            DatabaseLedger ledger,
            CatalogueFile catalogue,
            Settlement settlement) {
        var rollups = new Rollups(database);
        var ledgerApi =
                new LedgerApi(new LedgerReader(database), rollups, new Rerating(ledger, CLOCK));
        var statements =
                new StatementsApi(
                        rollups,
                        settlement,
                        (model, supplier, meter) ->
                                perMillion(catalogue.get(), model, supplier, meter));
        var charges = new ChargesApi(catalogue, settlement);
        return Stream.of(ledgerApi.routes(), charges.routes(), statements.routes())
                .flatMap(List::stream)
                .toList();
    }

    /** What an offer of the catalogue costs; null when that is not known. */
    private static @Nullable BigDecimal perMillion(
            Catalogue catalogue, String model, String supplier, Meter meter) {
        Model found = catalogue.models().get(model);
        if (found == null) {
            return null;
        }
        for (Model.Offer offer : found.offers()) {
            var question = new RatingQuestion(model, supplier, offer.name(), CLOCK.instant());
            BigDecimal price =
                    offer.supplier().equals(supplier)
                            ? catalogue.prices().perMillion(question, meter)
                            : null;
            if (price != null) {
                return price;
            }
        }
        return null;
    }

    private AgentRuntime runtime(
            Settings settings,
            Database database,
            Market market,
            ToolRooms tools,
            MarketRules rules,
            Ids ids) {
        return AgentRuntime.of(
                new AgentRuntime.Parts(
                        database,
                        market,
                        new Driver.Tools(
                                servers(tools.servers, database),
                                rules.tools(),
                                tools.environments.environments),
                        ids,
                        CLOCK,
                        DriverSettings.DEFAULT,
                        schedule(settings),
                        SpendControl.of(new Limits(database, CLOCK, ids))));
    }

    private static ToolRooms tools(
            Settings settings,
            Map<String, String> environment,
            Database database,
            Ids ids,
            SecureRandom random,
            E5 embedder) {
        return new ToolRooms(
                new ToolRooms.Parts(settings, environment, database, ids, CLOCK, random),
                new PassagesOfFolders(new PassageSearch(embedder)));
    }

    private static ResponsesApi responses(
            Settings settings, Database database, Market market, Sales sales, Ids ids) {
        var keeping = KeepSettings.DEFAULT.withRetention(settings.responsesKept());
        return new ResponsesApi(
                new ResponsesApi.Parts(
                        market,
                        sales,
                        new ResponseStore(database, CLOCK, keeping),
                        new ConversationStore(database, CLOCK, keeping),
                        ids,
                        CLOCK,
                        ResponsesSettings.DEFAULT));
    }

    private static Idempotency idempotency(Settings settings, Database database, Ids ids) {
        var limits = KeepLimits.DEFAULT.withRetention(settings.answersKept());
        return new Idempotency(
                new KeyedCalls(database, ids, limits), IdempotencySettings.DEFAULT, CLOCK);
    }

    /** Every feature's tables, each after those it refers to. */
    static List<Database.Migrations> migrations() {
        var all = new ArrayList<Database.Migrations>();
        all.add(Tenants.MIGRATIONS);
        all.add(DatabaseLedger.MIGRATIONS);
        all.add(Limits.MIGRATIONS);
        all.add(Acceptances.MIGRATIONS);
        all.add(Notices.MIGRATIONS);
        all.add(KeyedCalls.MIGRATIONS);
        all.addAll(AgentRuntime.MIGRATIONS);
        all.addAll(ToolRooms.MIGRATIONS);
        all.add(ResponseStore.MIGRATIONS);
        all.add(SourceTable.MIGRATIONS);
        return all;
    }

    private static MarketRules rules(
            Settings settings,
            Database database,
            CatalogueFile catalogue,
            ContractFolder contracts,
            Ids ids) {
        return new MarketRules(
                new MarketRules.Parts(
                        settings.policies(), database, catalogue, contracts, CLOCK, ids));
    }

    private static CatalogueFile catalogue(
            Settings settings, Map<String, String> environment, List<BuiltInModel> builtIns) {
        var file = settings.catalogue();
        var notes =
                builtIns.stream()
                        .collect(Collectors.toMap(BuiltInModel::model, BuiltInModel::note));
        var secrets = new SecretSources(environment, file.resolveSibling(""));
        return CatalogueFile.open(file, new CatalogueReader(notes, secrets), CLOCK)
                .watch(CATALOGUE_LOOK);
    }

    /** The contracts beside the catalogue. */
    private static ContractFolder contracts(Settings settings) {
        return ContractFolder.open(settings.catalogue().resolveSibling("contracts"), CLOCK)
                .watch(CATALOGUE_LOOK);
    }

    private static ScheduleSettings schedule(Settings settings) {
        var usual = ScheduleSettings.DEFAULT;
        return new ScheduleSettings(
                settings.turnsMax(),
                usual.beatMillis(),
                usual.ttlMillis(),
                usual.pollMillis(),
                usual.sweepMillis(),
                usual.beatsBeforeReaping());
    }

    /** What keeps this node from serving. */
    private List<String> problems() {
        return ledger.keepsUp() ? List.of() : List.of("the ledger does not keep up");
    }

    private <T extends AutoCloseable> T keep(T thing) {
        opened.push(thing);
        return thing;
    }

    @Override
    public void close() {
        while (!opened.isEmpty()) {
            Closing.quietly(opened.pop());
        }
    }
}

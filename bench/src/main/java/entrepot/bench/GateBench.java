package entrepot.bench;

import entrepot.conversation.Event;
import entrepot.conversation.EventSink;
import entrepot.conversation.Message;
import entrepot.conversation.Message.Role;
import entrepot.conversation.Request;
import entrepot.http.ClientSettings;
import entrepot.http.Exchange;
import entrepot.http.HttpClient;
import entrepot.http.Incoming;
import entrepot.http.engine.HttpClients;
import entrepot.identity.Caller;
import entrepot.identity.Caller.Scope;
import entrepot.identity.StoredAudit;
import entrepot.identity.Tenants;
import entrepot.market.Counter;
import entrepot.market.Deal;
import entrepot.market.Order;
import entrepot.market.catalog.Catalogue;
import entrepot.market.catalog.CatalogueReader;
import entrepot.market.catalog.SecretSources;
import entrepot.market.contracts.reading.ContractFolder;
import entrepot.market.gates.ContractGate;
import entrepot.market.gates.OfferGate;
import entrepot.market.policy.PolicyFolder;
import entrepot.market.policy.PolicyGate;
import entrepot.market.routing.Broker;
import entrepot.market.routing.Markets;
import entrepot.market.terms.Acceptances;
import entrepot.market.terms.AgreementGate;
import entrepot.market.terms.CatalogueResidency;
import entrepot.market.terms.CatalogueTerms;
import entrepot.market.terms.EntitlementGate;
import entrepot.market.terms.Entitlements;
import entrepot.market.terms.RegionGate;
import entrepot.market.testing.MemoryLedger;
import entrepot.market.testing.ScriptedModel;
import entrepot.store.Database;
import entrepot.store.DatabaseSettings;
import entrepot.store.Databases;

import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/**
 * What judging costs: the same order, filled by a model in this process, with no gates and with all
 * of them over 200 contracts of 10 clauses, 500 offers and 50 policies.
 */
final class GateBench {

    private static final double MICROS_MAX = 30;
    private static final int CONTRACTS = 200;
    private static final int CLAUSES = 10;
    private static final int MODELS = 100;
    private static final int POLICIES = 50;
    private static final int ORDERS = 10_000;
    private static final int WARM_UPS = 4;
    private static final String ECHO = "bench/echo";
    private static final Caller CALLER =
            new Caller("tn_bench", "team", "anna", "key_1", Set.of(Scope.MODELS, Scope.ADMIN));

    private final Path folder;
    private final PrintStream progress;
    private final Events counter = new Events();
    private long ids;

    GateBench(Path folder, PrintStream progress) {
        this.folder = folder;
        this.progress = progress;
    }

    void run(int rounds, Report report) throws IOException, InterruptedException {
        Files.createDirectories(folder.resolve("contracts"));
        Files.createDirectories(folder.resolve("policies"));
        Files.writeString(folder.resolve("contracts/all.yaml"), contracts());
        Files.writeString(folder.resolve("policies/all.cedar"), policies());
        Catalogue catalogue =
                new CatalogueReader(Map.of(ECHO, "answers at once"), SecretSources.pretended())
                        .read("bench", catalogue());
        Clock clock = Clock.systemUTC();
        try (Database database = Databases.open(DatabaseSettings.file(folder.resolve("gates.db")));
                var contracts = ContractFolder.open(folder.resolve("contracts"), clock);
                var policies = PolicyFolder.open(folder.resolve("policies"), clock);
                var http = Closed.of(HttpClients.open(ClientSettings.DEFAULT))) {
            database.migrate(List.of(Tenants.MIGRATIONS, Acceptances.MIGRATIONS));
            // Receipts are kept in memory, so that each round has a ledger of its own.
            Supplier<Markets.Parts> parts =
                    () ->
                            new Markets.Parts(
                                    () -> catalogue,
                                    new MemoryLedger(),
                                    http.client(),
                                    List.of(new Echo()),
                                    clock,
                                    this::id);
            try (var acceptances = new Acceptances(database, clock);
                    var entitlements =
                            new Entitlements(
                                    new Entitlements.Parts(
                                            database,
                                            () -> catalogue,
                                            new StoredAudit(database),
                                            clock,
                                            this::id))) {
                acceptances.accept(CALLER, "use", "1");
                List<OfferGate> gates =
                        List.of(
                                new AgreementGate(
                                        List.of(new CatalogueTerms(() -> catalogue)), acceptances),
                                new EntitlementGate(entitlements),
                                new PolicyGate(policies),
                                new RegionGate(List.of(new CatalogueResidency(() -> catalogue))),
                                new ContractGate(contracts));
                compare(
                        () -> Markets.open(parts.get(), Markets.Rules.NONE),
                        () -> Markets.open(parts.get(), new Markets.Rules(gates, null)),
                        rounds,
                        report);
            }
        }
    }

    private String id(String prefix) {
        ids++;
        return prefix + ids;
    }

    private void compare(Supplier<Broker> bare, Supplier<Broker> judged, int rounds, Report report)
            throws InterruptedException {
        var added = new ArrayList<Double>();
        for (int round = 1 - WARM_UPS; round <= rounds; round++) {
            double without = micros(bare.get());
            double with = micros(judged.get());
            progress.printf(
                    "  round %d/%d  bare %6.1f  with all gates %6.1f µs CPU/order%n",
                    round, rounds, without, with);
            if (round > 0) {
                added.add(with - without);
            }
        }
        report.add(
                new Report.Row(
                        "gates, 200 contracts",
                        "µs CPU/order",
                        "what we ask for",
                        MICROS_MAX,
                        "added to the bare path",
                        Report.median(added),
                        1.0,
                        true));
    }

    private double micros(Broker broker) throws InterruptedException {
        var threads = ManagementFactory.getThreadMXBean();
        Clock clock = Clock.systemUTC();
        long before = threads.getCurrentThreadCpuTime();
        for (int i = 0; i < ORDERS; i++) {
            String model = "acme/m" + i % MODELS;
            broker.buy(
                    new Order(
                            "ord_" + i,
                            CALLER,
                            model,
                            Order.ApiKind.STATELESS,
                            "openai.chat",
                            clock.instant().plusSeconds(60),
                            () -> Request.of(model, List.of(Message.text(Role.USER, "hello"))),
                            null,
                            null,
                            Order.Losses.REFUSE),
                    counter);
        }
        return (threads.getCurrentThreadCpuTime() - before) / 1_000.0 / ORDERS;
    }

    private static String catalogue() {
        var yaml = new StringBuilder("suppliers:\n");
        for (int i = 0; i < 10; i++) {
            yaml.append(
                    "  s%d: {kind: openai-compatible, base_url: \"https://s%d.invalid/v1\","
                            .formatted(i, i));
            yaml.append(" channel: ch%d, territory: DE, processor: P%d}\n".formatted(i, i));
        }
        yaml.append("models:\n");
        for (int i = 0; i < MODELS; i++) {
            yaml.append("  acme/m%d:\n    offers:\n".formatted(i));
            yaml.append("      - {supplier: built-in, name: %s, prices: free}\n".formatted(ECHO));
            for (int offer = 0; offer < 4; offer++) {
                yaml.append(
                        "      - {supplier: s%d, name: m%d, prices: {input: 1, output: 2}}\n"
                                .formatted((i + offer) % 10, i));
            }
        }
        yaml.append("terms:\n  \"acme/*\": {id: use, version: \"1\", title: Terms of use}\n");
        yaml.append("residency:\n  - {tenant: %s, territories: [EU]}\n".formatted(CALLER.tenant()));
        return yaml.toString();
    }

    private static String contracts() {
        var yaml = new StringBuilder("contracts:\n");
        for (int contract = 0; contract < CONTRACTS; contract++) {
            String vendor = contract % 20 == 0 ? "acme" : "vendor" + contract % 20;
            yaml.append("  contract-%d:\n".formatted(contract));
            yaml.append("    title: Contract %d\n    learned: 2025-01-01\n".formatted(contract));
            yaml.append(
                    "    parties:\n      %s: {name: Maker, vendor: %s, channels: [%s]}\n"
                            .formatted(vendor, vendor, vendor));
            yaml.append("      clouds: {name: Clouds, channels: [entrepot, ch0, ch1, ch2, ch3,");
            yaml.append(" ch4, ch5, ch6, ch7, ch8, ch9]}\n    documents:\n");
            yaml.append("      paper: {title: Paper, publisher: bench, date: 2025-01-01}\n");
            yaml.append("    clauses:\n");
            for (int clause = 0; clause < CLAUSES; clause++) {
                int model = contract / 20 * CLAUSES + clause;
                yaml.append("      c%d:\n        kind: exclusivity\n".formatted(clause));
                yaml.append("        says: only the clouds carry it\n");
                yaml.append(
                        "        models: [%s/m%d]\n        apis: [stateless]\n"
                                .formatted(
                                        vendor,
                                        contract % 20 == 0
                                                ? model
                                                : 1_000 + contract * 10 + clause));
                yaml.append("        channels: [entrepot, ch0, ch1, ch2, ch3, ch4, ch5, ch6, ch7,");
                yaml.append(" ch8, ch9]\n        from: 2025-01-01\n");
                yaml.append("        source: {document: paper, section: %d}\n".formatted(clause));
            }
        }
        return yaml.toString();
    }

    private static String policies() {
        var cedar =
                new StringBuilder(
                        "@id(\"all\")\npermit(principal, action == Entrepot::Action::\"call\","
                                + " resource);\n");
        for (int i = 1; i < POLICIES; i++) {
            cedar.append("@id(\"p%d\")\nforbid(principal, action, resource)".formatted(i));
            cedar.append(
                    " when { context has project && context.project == \"p%d\" };\n".formatted(i));
        }
        return cedar.toString();
    }

    /** A model that answers at once. */
    private static final class Echo implements entrepot.market.supply.BuiltInModel {

        private static final Event[] ANSWER = ScriptedModel.says("Hello", 3);

        @Override
        public String model() {
            return ECHO;
        }

        @Override
        public String note() {
            return "answers at once";
        }

        @Override
        public void answer(Request request, EventSink sink) throws InterruptedException {
            for (Event event : ANSWER) {
                sink.accept(event);
            }
        }
    }

    /** A client that is closed without a checked exception. */
    private record Closed(HttpClient client) implements AutoCloseable {

        static Closed of(HttpClient client) {
            return new Closed(client);
        }

        @Override
        public void close() {
            client.close();
        }
    }

    /** Takes everything and keeps nothing. */
    private static final class Events implements Counter {

        @Override
        public void whole(Deal deal, int status, String contentType, byte[] body) {}

        @Override
        public Exchange.End relay(Deal deal, Incoming stream, Exchange.Filter filter) {
            throw new IllegalStateException("a model of this process is not relayed");
        }

        @Override
        public EventSink open(Deal deal) {
            return _ -> {};
        }
    }
}

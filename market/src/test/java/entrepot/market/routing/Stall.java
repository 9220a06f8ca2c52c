package entrepot.market.routing;

import entrepot.conversation.Message;
import entrepot.conversation.Message.Role;
import entrepot.conversation.Request;
import entrepot.http.HttpClient;
import entrepot.identity.Caller;
import entrepot.identity.Caller.Scope;
import entrepot.market.Order;
import entrepot.market.budgets.Budgets;
import entrepot.market.capacity.Capacity;
import entrepot.market.catalog.Catalogue;
import entrepot.market.catalog.CatalogueReader;
import entrepot.market.catalog.SecretSources;
import entrepot.market.gates.CapacityGate;
import entrepot.market.gates.Gates;
import entrepot.market.gates.KeyGate;
import entrepot.market.gates.LedgerGate;
import entrepot.market.gates.OfferGate;
import entrepot.market.gates.OfferGates;
import entrepot.market.supply.Supplies;
import entrepot.market.testing.MemoryLedger;
import entrepot.market.testing.ScriptedModel;
import entrepot.testkit.SettableClock;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/** A small market whose clock a test moves, and who waits by moving it. */
final class Stall {

    static final Caller ANNA =
            new Caller("tn_a", "press", "anna", "key_1", Set.of(Scope.MODELS, Scope.AGENTS));

    final SettableClock clock = SettableClock.at("2026-04-12T09:00:00Z");
    final MemoryLedger ledger = new MemoryLedger();
    final ScriptedModel model = new ScriptedModel("entrepot/echo-1");
    final Map<String, String> environment = Map.of("KEY_A", "sk-aaaaaaaaaa", "KEY_B", "sk-bbbbbbb");
    final CapacityGate capacity = new CapacityGate(100, 3);
    final Broker broker;
    volatile Catalogue catalogue;
    private final AtomicInteger ids = new AtomicInteger();

    Stall(String yaml, HttpClient http) {
        this(yaml, http, List.of());
    }

    Stall(String yaml, HttpClient http, List<OfferGate> offerGates) {
        this(yaml, http, offerGates, null);
    }

    Stall(String yaml, HttpClient http, List<OfferGate> offerGates, @Nullable Budgets budgets) {
        this(yaml, http, offerGates, budgets, null);
    }

    Stall(
            String yaml,
            HttpClient http,
            List<OfferGate> offerGates,
            @Nullable Budgets budgets,
            @Nullable Capacity capacityKnown) {
        catalogue = read(yaml);
        broker =
                new Broker(
                        () -> catalogue,
                        new Gates(List.of(new KeyGate(), new LedgerGate(ledger), capacity)),
                        new OfferGates(offerGates),
                        budgets,
                        capacityKnown,
                        ledger,
                        new Supplies(http, List.of(model), clock),
                        clock,
                        prefix -> "%s%06d".formatted(prefix, ids.incrementAndGet()),
                        clock::advance);
    }

    Catalogue read(String yaml) {
        return new CatalogueReader(
                        Map.of(model.model(), model.note()),
                        new SecretSources(environment, Path.of(".")))
                .read("test.yaml", yaml);
    }

    /** An order in canonical words only. */
    Order order(String asked) {
        return order(ANNA, asked, null, null);
    }

    Order order(
            Caller caller,
            String asked,
            Order.@Nullable Verbatim verbatim,
            Order.@Nullable Work work) {
        return new Order(
                "ord_" + ids.incrementAndGet(),
                caller,
                asked,
                work == null ? Order.ApiKind.STATELESS : Order.ApiKind.STATEFUL,
                work == null ? "openai.chat" : "agents",
                clock.instant().plus(Duration.ofMinutes(5)),
                () -> Request.of(asked, List.of(Message.text(Role.USER, "hello there"))),
                verbatim,
                work,
                Order.Losses.REFUSE);
    }
}

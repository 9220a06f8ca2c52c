package entrepot.runtime;

import static entrepot.runtime.Node.ALICE;
import static entrepot.runtime.Node.agent;
import static entrepot.runtime.Node.count;
import static entrepot.runtime.Node.says;
import static entrepot.runtime.Node.text;

import static org.assertj.core.api.Assertions.assertThat;

import entrepot.conversation.Extras;
import entrepot.conversation.Tool;
import entrepot.runtime.agents.AgentSnapshot;
import entrepot.runtime.agents.AgentSnapshot.ToolSpec;
import entrepot.runtime.agents.AgentSnapshot.Transport;
import entrepot.runtime.facts.Configuration;
import entrepot.runtime.facts.Fact;
import entrepot.runtime.facts.SessionSettings;
import entrepot.runtime.session.Sessions;
import entrepot.runtime.session.View;
import entrepot.runtime.testing.Scripted;
import entrepot.runtime.testing.ScriptedMarket;
import entrepot.runtime.tools.ToolServer;
import entrepot.runtime.tools.ToolServerUnavailable;
import entrepot.runtime.tools.ToolServers;
import entrepot.runtime.turn.TurnError;
import entrepot.store.Database;
import entrepot.store.testing.TestDatabases;

import org.junit.jupiter.api.Test;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;

/** Tool servers that are elsewhere: slow, away, or with names of their own kind. */
class ToolServersTest extends NodeContract {

    private static final String WHY = "It answered 503.";

    @Override
    protected Database open(Path folder) {
        return TestDatabases.sqlite(folder);
    }

    @FunctionalInterface
    private interface Offers {
        List<ToolServer.Offer> get() throws ToolServerUnavailable, InterruptedException;
    }

    private record Elsewhere(Offers asked) implements ToolServer {

        @Override
        public List<Offer> offers() throws ToolServerUnavailable, InterruptedException {
            return asked.get();
        }

        @Override
        public Result use(Use use) {
            return Result.text(use.name() + " was used");
        }
    }

    private static ToolSpec.Server spec(String label, boolean required) {
        return new ToolSpec.Server(
                label,
                new Transport.Http("https://tools.test/" + label, Map.of(), null),
                null,
                AgentSnapshot.Origin.SERVICE,
                null,
                Map.of(),
                required);
    }

    private static ToolServer.Offer offer(String name) {
        return new ToolServer.Offer(
                new Tool.Function(name, null, null, null, Extras.NONE), ToolServer.Effect.ONCE);
    }

    private Node node(ScriptedMarket market, ToolServers servers) {
        return Node.on(database, market, servers, "a").started();
    }

    private static ToolServers all(Offers offers) {
        return (spec, context) -> Optional.of(new Elsewhere(offers));
    }

    private static Offers away() {
        return () -> {
            throw new ToolServerUnavailable(WHY);
        };
    }

    @Test
    void aTurnFailsWithoutARequiredServerAndTheNextOneAsksAgain() throws Exception {
        AtomicReference<Offers> offers = new AtomicReference<>(away());
        ScriptedMarket market = ScriptedMarket.of(Scripted.says("Now."));
        try (Node node = node(market, all(() -> offers.get().get()))) {
            String id = node.session(agent(spec("shop", true)), "Hello");
            node.until(id, Fact.TurnFailed.class::isInstance);
            assertThat(node.facts(id).getLast())
                    .isInstanceOfSatisfying(
                            Fact.TurnFailed.class,
                            failed -> {
                                assertThat(failed.code()).isEqualTo(TurnError.TOOL_SERVER);
                                assertThat(failed.message()).contains("shop", WHY);
                            });
            assertThat(market.requests()).isEmpty();

            offers.set(() -> List.of(offer("sell")));
            node.post(id, says("Again"));
            node.until(id, Fact.TurnCompleted.class::isInstance);
            assertThat(market.requests().getLast().tools()).hasSize(1);
        }
    }

    @Test
    void anotherServerThatIsAwayIsLeftOutAndItsToolsAreSaidToBeAway() throws Exception {
        ScriptedMarket market =
                ScriptedMarket.of(
                        Scripted.calls(Scripted.call("c1", "sell", "{}")), Scripted.says("Well."));
        try (Node node = node(market, all(away()))) {
            String id = node.session(agent(spec("shop", false)), "Hello");
            node.until(id, Fact.TurnCompleted.class::isInstance);
            assertThat(market.requests().getFirst().tools()).isEmpty();
            assertThat(market.requests().getLast().messages().getLast().toString())
                    .contains("There is no tool sell", "The tools of shop are not there", WHY);
        }
    }

    @Test
    void aCancelIsHeardWhileAServerIsAsked() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        Offers never =
                () -> {
                    asked.countDown();
                    new CountDownLatch(1).await();
                    return List.of();
                };
        try (Node node = node(ScriptedMarket.of(Scripted.says("x")), all(never))) {
            String id = node.session(agent(spec("shop", true)), "Hello");
            asked.await();
            node.post(id, new Sessions.Input.Cancel());
            node.until(id, Fact.TurnCancelled.class::isInstance);
        }
    }

    @Test
    void aNameThatModelsDoNotTakeIsChangedForThemAndNotForTheReader() throws Exception {
        ScriptedMarket market =
                ScriptedMarket.of(
                        Scripted.calls(Scripted.call("c1", "shop_sell_now", "{}")),
                        Scripted.says("Sold."));
        try (Node node = node(market, all(() -> List.of(offer("shop.sell/now"))))) {
            String id = node.session(agent(spec("shop", false)), "Hello");
            node.until(id, Fact.TurnCompleted.class::isInstance);
            View view = node.sessions().view(ALICE, id).orElseThrow();
            assertThat(view.items())
                    .filteredOn(View.Item.ToolUse.class::isInstance)
                    .singleElement()
                    .isInstanceOfSatisfying(
                            View.Item.ToolUse.class,
                            use -> {
                                assertThat(use.server()).isEqualTo("shop");
                                assertThat(use.name()).isEqualTo("shop.sell/now");
                                assertThat(use.output()).isEqualTo("shop.sell/now was used");
                            });
        }
    }

    @Test
    void aServerIsFoundForItsSession() throws Exception {
        AtomicReference<ToolServers.Context> found = new AtomicReference<>();
        ToolServers servers =
                (spec, context) -> {
                    found.set(context);
                    return Optional.of(new Elsewhere(List::of));
                };
        try (Node node = node(ScriptedMarket.of(Scripted.says("x")), servers)) {
            var wanted =
                    new Sessions.NewSession(
                            new Configuration(
                                    agent(spec("shop", false)),
                                    Map.of(),
                                    SessionSettings.DEFAULT.withVaultIds(List.of("vault_1"))),
                            List.of(text("Hello")),
                            null);
            Sessions.Session made = node.sessions().create(ALICE, wanted, null);
            assertThat(made.configuration().settings().vaultIds()).containsExactly("vault_1");
            node.until(made.id(), count(Fact.TurnCompleted.class, 1));
            assertThat(found.get())
                    .isEqualTo(
                            new ToolServers.Context(
                                    "acme",
                                    "research",
                                    "alice",
                                    made.id(),
                                    List.of("vault_1"),
                                    null));
        }
    }
}

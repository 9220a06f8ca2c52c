package entrepot.runtime.webhooks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import entrepot.conversation.Extras;
import entrepot.conversation.Failed;
import entrepot.conversation.Part;
import entrepot.http.Headers;
import entrepot.http.ServerSettings;
import entrepot.http.engine.HttpServer;
import entrepot.identity.Caller;
import entrepot.identity.testing.CountingIds;
import entrepot.runtime.AgentRuntime;
import entrepot.runtime.agents.AgentSnapshot;
import entrepot.runtime.facts.Fact;
import entrepot.runtime.facts.FactCodec;
import entrepot.runtime.journal.Journal;
import entrepot.runtime.outside.Outside;
import entrepot.runtime.outside.Reach;
import entrepot.runtime.session.Cursor;
import entrepot.runtime.session.Entry;
import entrepot.runtime.session.Feed;
import entrepot.runtime.session.Sessions;
import entrepot.runtime.testing.Scripted;
import entrepot.runtime.testing.ScriptedMarket;
import entrepot.runtime.tools.ToolServers;
import entrepot.runtime.vaults.Sealer;
import entrepot.store.Database;
import entrepot.store.Page;
import entrepot.testkit.SettableClock;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.json.JsonMapper;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/** Webhooks, whichever database keeps them. */
abstract class WebhooksContract {

    private static final Caller ALICE = caller("acme", "research");
    private static final Page.Query ALL = new Page.Query(null, 100, true);
    private static final Set<EventType> EVERYTHING = EnumSet.allOf(EventType.class);

    @TempDir Path folder;
    private final SettableClock clock = SettableClock.at("2026-11-20T10:00:00Z");
    private final CountingIds ids = new CountingIds("w");
    private final AtomicInteger answer = new AtomicInteger(200);
    private final List<String> came = new CopyOnWriteArrayList<>();
    private Database database;
    private AgentRuntime runtime;
    private Webhooks webhooks;
    private Outside outside;
    private HttpServer receiver;
    private WebhookRunner runner;

    abstract Database open(Path folder);

    @BeforeEach
    void openWebhooks() {
        database = open(folder);
        database.migrate(AgentRuntime.MIGRATIONS);
        database.migrate(List.of(Webhooks.MIGRATIONS));
        receiver =
                HttpServer.start(
                        ServerSettings.loopback(0),
                        exchange -> {
                            came.add(
                                    exchange.headers().get("webhook-id")
                                            + "\n"
                                            + exchange.headers().get("webhook-timestamp")
                                            + "\n"
                                            + exchange.headers().get("webhook-signature")
                                            + "\n"
                                            + new String(exchange.body(), StandardCharsets.UTF_8));
                            exchange.respond(answer.get(), Headers.NONE, new byte[0]);
                        });
        var reach = new Reach(List.of("127.0.0.1:" + receiver.port()));
        outside = new Outside(reach);
        webhooks =
                new Webhooks(
                        database,
                        ids,
                        new Sealer(Sealer.newKey(new Random(7))),
                        reach,
                        new Random(8));
        runtime =
                AgentRuntime.of(
                        AgentRuntime.Parts.of(
                                database,
                                ScriptedMarket.of(
                                        Scripted.calls(Scripted.call("c1", "ask", "{}")),
                                        Scripted.says("Done.")),
                                ToolServers.NONE,
                                ids,
                                Clock.systemUTC()));
        runtime.start();
        runner = runner();
    }

    private WebhookRunner runner() {
        return new WebhookRunner(
                database, new Journal(database, new FactCodec()), webhooks, outside, ids, clock);
    }

    @AfterEach
    void close() {
        runtime.close();
        outside.close();
        receiver.close();
        database.close();
    }

    private static Caller caller(String tenant, String team) {
        return new Caller(tenant, team, "alice", "key_1", Set.of(Caller.Scope.AGENTS));
    }

    private String url() {
        return "http://127.0.0.1:" + receiver.port() + "/hooks";
    }

    private Webhooks.Issued endpoint(Caller caller, Set<EventType> types) {
        return webhooks.create(caller, new Webhooks.Draft("hook", url(), types));
    }

    /** A session with one call of a function, answered. */
    private String finished(Caller caller) throws Exception {
        var agent =
                new AgentSnapshot(
                        "agent_x",
                        null,
                        "scripted",
                        null,
                        List.of(new AgentSnapshot.ToolSpec.Function("ask", "asks", null)),
                        JsonMapper.shared().createObjectNode());
        List<Part> hello = List.of(new Part.Text("Hello", Extras.NONE));
        String id =
                runtime.sessions()
                        .create(
                                caller,
                                new Sessions.NewSession(agent, Map.of(), List.of(hello)),
                                null)
                        .id();
        try (Feed feed = runtime.sessions().follow(caller, id, Cursor.START)) {
            while (true) {
                for (Entry entry : feed.next(Duration.ofSeconds(20))) {
                    if (entry instanceof Entry.Recorded recorded
                            && recorded.fact() instanceof Fact.ResultsAwaited awaited) {
                        runtime.sessions()
                                .post(
                                        caller,
                                        id,
                                        List.of(
                                                new Sessions.Input.ToolResult(
                                                        awaited.turnId(), "c1", true, hello, null)),
                                        null);
                    }
                    if (entry instanceof Entry.Recorded recorded
                            && recorded.fact() instanceof Fact.TurnCompleted) {
                        return id;
                    }
                }
            }
        }
    }

    private List<String> types() {
        return came.stream()
                .map(each -> JsonMapper.shared().readTree(each.split("\n", 4)[3]))
                .map(json -> json.path("type").asString())
                .sorted()
                .toList();
    }

    @Test
    void tellsOfEachChangeOnceSigned() throws Exception {
        String secret = endpoint(ALICE, EVERYTHING).secret().reveal();
        String session = finished(ALICE);
        runner.sweep();
        while (runner.deliver() > 0) {
            // Some at a time.
        }
        runner.sweep();
        assertThat(runner.deliver()).isZero();
        assertThat(types())
                .containsExactly(
                        "agent.session.action_required",
                        "agent.session.created",
                        "agent.session.idle",
                        "agent.session.in_progress",
                        "agent.session.in_progress");
        for (String each : came) {
            String[] parts = each.split("\n", 4);
            assertThat(parts[2])
                    .isEqualTo(Signature.of(secret, parts[0], Long.parseLong(parts[1]), parts[3]));
            assertThat(parts[3]).contains("\"id\":\"" + session + "\"").contains(parts[0]);
        }
    }

    /** A vector that the libraries of Standard Webhooks share. */
    @Test
    void signsAsStandardWebhooksDoes() {
        assertThat(
                        Signature.of(
                                "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
                                "msg_p5jXN8AQM9LWM0D4loKWxJek",
                                1614265330,
                                "{\"test\": 2432232314}"))
                .isEqualTo("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    /** E78: what does not arrive is tried again, more and more seldom, and not for ever. */
    @Test
    void triesAgainAcrossRestartsAndThenGivesUp() throws Exception {
        WebhookEndpoint endpoint = endpoint(ALICE, Set.of(EventType.IDLE)).endpoint();
        finished(ALICE);
        answer.set(503);
        runner.sweep();
        assertThat(runner.deliver()).isEqualTo(1);
        assertThat(runner.deliver()).isZero();
        Delivery first = webhooks.deliveries(ALICE, endpoint.id(), ALL).data().getFirst();
        assertThat(first.status()).isEqualTo(Delivery.Status.PENDING);
        assertThat(first.lastStatus()).isEqualTo(503);
        clock.advance(Duration.ofSeconds(6));
        // Another process, which knows nothing but the rows.
        assertThat(runner().deliver()).isEqualTo(1);
        for (int i = 0; i < 20; i++) {
            clock.advance(Duration.ofHours(7));
            runner().deliver();
        }
        assertThat(came).hasSize(WebhookRunner.ATTEMPTS_MAX);
        assertThat(came.stream().map(each -> each.split("\n")[0]).distinct()).hasSize(1);
        Delivery last = webhooks.deliveries(ALICE, endpoint.id(), ALL).data().getFirst();
        assertThat(last.status()).isEqualTo(Delivery.Status.FAILED);
        assertThat(last.lastError()).contains("503");
        clock.advanceMillis(WebhookRunner.KEPT_MILLIS + 1);
        runner.sweep();
        assertThat(webhooks.deliveries(ALICE, endpoint.id(), ALL).data()).isEmpty();
    }

    @Test
    void arrivesAfterAFailure() throws Exception {
        WebhookEndpoint endpoint = endpoint(ALICE, Set.of(EventType.IDLE)).endpoint();
        finished(ALICE);
        answer.set(302);
        runner.sweep();
        runner.deliver();
        answer.set(204);
        clock.advance(Duration.ofMinutes(1));
        runner.deliver();
        Delivery delivery = webhooks.deliveries(ALICE, endpoint.id(), ALL).data().getFirst();
        assertThat(delivery.status()).isEqualTo(Delivery.Status.DELIVERED);
        assertThat(delivery.attempts()).isEqualTo(2);
        assertThat(delivery.lastError()).isNull();
    }

    @Test
    void manyNodesTellOfAnEventOnce() throws Exception {
        endpoint(ALICE, EVERYTHING);
        for (int i = 0; i < 3; i++) {
            finished(ALICE);
        }
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var nodes = new ArrayList<Future<?>>();
            for (int node = 0; node < 5; node++) {
                nodes.add(
                        threads.submit(() -> {
                            WebhookRunner one = runner();
                            one.sweep();
                            return one.deliver();
                        }));
            }
            for (Future<?> node : nodes) {
                node.get();
            }
        }
        while (runner.deliver() > 0) {
            // What one node made after another had looked.
        }
        long distinct = came.stream().map(each -> each.split("\n")[0]).distinct().count();
        assertThat(came).hasSize((int) distinct);
        assertThat(types().stream().filter("agent.session.idle"::equals)).hasSize(3);
    }

    /** E71, E72: an endpoint hears of its team, and nobody else sees it. */
    @Test
    void anEndpointHearsOfItsTeamAlone() throws Exception {
        WebhookEndpoint own = endpoint(ALICE, Set.of(EventType.IDLE)).endpoint();
        Caller admin = new Caller("acme", "ops", "root", "key_2", Set.of(Caller.Scope.ADMIN));
        WebhookEndpoint whole = endpoint(admin, Set.of(EventType.IDLE)).endpoint();
        finished(caller("acme", "sales"));
        finished(caller("globex", "research"));
        runner.sweep();
        assertThat(webhooks.deliveries(ALICE, own.id(), ALL).data()).isEmpty();
        assertThat(webhooks.deliveries(admin, whole.id(), ALL).data()).hasSize(1);
        for (Caller other : List.of(caller("acme", "sales"), caller("globex", "research"))) {
            assertThat(webhooks.find(other, own.id())).isEmpty();
            assertThat(webhooks.list(other, ALL).data()).isEmpty();
            List<Runnable> attempts =
                    List.of(
                            () -> webhooks.delete(other, own.id()),
                            () -> webhooks.rotate(other, own.id(), false),
                            () -> webhooks.update(other, own.id(), old -> old),
                            () -> webhooks.deliveries(other, own.id(), ALL));
            for (Runnable attempt : attempts) {
                assertThatThrownBy(attempt::run).isInstanceOf(Failed.class);
            }
        }
    }

    @Test
    void whatHappenedBeforeIsNotTold() throws Exception {
        finished(ALICE);
        runner.sweep();
        WebhookEndpoint endpoint = endpoint(ALICE, EVERYTHING).endpoint();
        runner.sweep();
        assertThat(webhooks.deliveries(ALICE, endpoint.id(), ALL).data()).isEmpty();
    }

    @Test
    void callsNoAddressInside() throws Exception {
        for (String url :
                List.of(
                        "http://127.0.0.1:1/hooks",
                        "http://example.com/hooks",
                        "ftp://example.com",
                        "https://user:pass@example.com/",
                        "/hooks")) {
            assertThatThrownBy(
                            () -> webhooks.create(ALICE, new Webhooks.Draft("x", url, EVERYTHING)))
                    .isInstanceOf(Failed.class)
                    .hasMessageContaining("url");
        }
        // A name may point anywhere by the time it is called: the address itself is judged then.
        WebhookEndpoint inside =
                webhooks.create(
                                ALICE,
                                new Webhooks.Draft(
                                        "x",
                                        "https://localhost:" + receiver.port() + "/hooks",
                                        Set.of(EventType.IDLE)))
                        .endpoint();
        finished(ALICE);
        runner.sweep();
        runner.deliver();
        Delivery delivery = webhooks.deliveries(ALICE, inside.id(), ALL).data().getFirst();
        assertThat(delivery.status()).isEqualTo(Delivery.Status.PENDING);
        assertThat(delivery.lastStatus()).isNull();
        assertThat(delivery.lastError()).isNotBlank();
        assertThat(came).isEmpty();
    }

    @Test
    void anOldSecretSignsBesideTheNewForADay() throws Exception {
        Webhooks.Issued first = endpoint(ALICE, Set.of(EventType.IDLE));
        String id = first.endpoint().id();
        Webhooks.Issued second = webhooks.rotate(ALICE, id, true);
        assertThat(webhooks.address("acme", id).orElseThrow().secrets())
                .containsExactly(second.secret().reveal(), first.secret().reveal());
        Webhooks.Issued third = webhooks.rotate(ALICE, id, false);
        assertThat(webhooks.address("acme", id).orElseThrow().secrets())
                .containsExactly(third.secret().reveal());
        String stored =
                database.read(sql ->
                                sql.one(
                                        "select sealed || event_types || url s from"
                                                + " webhook_endpoint",
                                        row -> row.text("s")))
                        .orElseThrow();
        assertThat(stored).doesNotContain(third.secret().reveal().substring(6));
    }
}

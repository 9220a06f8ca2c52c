package entrepot.gateway;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;

import entrepot.gateway.agents.AgentsApi;
import entrepot.gateway.agents.ApprovalsApi;
import entrepot.gateway.agents.VaultsApi;
import entrepot.gateway.bundles.BundleApi;
import entrepot.gateway.door.Health;
import entrepot.gateway.door.OpenAiShape;
import entrepot.gateway.door.Route;
import entrepot.gateway.environments.EnvironmentsApi;
import entrepot.gateway.environments.SessionPlaces;
import entrepot.gateway.history.HistoryApi;
import entrepot.gateway.mcp.AgentTools;
import entrepot.gateway.mcp.McpApi;
import entrepot.gateway.responses.ResponsesApi;
import entrepot.gateway.responses.ResponsesSettings;
import entrepot.gateway.storefronts.Sales;
import entrepot.gateway.storefronts.Storefronts;
import entrepot.http.Handler;
import entrepot.http.ServerSettings;
import entrepot.http.engine.HttpServer;
import entrepot.identity.Ids;
import entrepot.identity.testing.CountingIds;
import entrepot.market.Market;
import entrepot.runtime.AgentRuntime;
import entrepot.runtime.approvals.ToolPolicy;
import entrepot.runtime.driver.Driver;
import entrepot.runtime.driver.DriverSettings;
import entrepot.runtime.environments.EnvironmentSettings;
import entrepot.runtime.environments.EnvironmentTools;
import entrepot.runtime.environments.Environments;
import entrepot.runtime.environments.Templates;
import entrepot.runtime.outside.Outside;
import entrepot.runtime.outside.Reach;
import entrepot.runtime.responses.ConversationStore;
import entrepot.runtime.responses.KeepSettings;
import entrepot.runtime.responses.ResponseStore;
import entrepot.runtime.sandbox.Sandbox;
import entrepot.runtime.sandbox.SandboxSettings;
import entrepot.runtime.schedule.ScheduleSettings;
import entrepot.runtime.testing.WordSearch;
import entrepot.runtime.tools.Folders;
import entrepot.runtime.tools.ToolServers;
import entrepot.runtime.tools.mcp.McpServers;
import entrepot.runtime.tools.mcp.McpSettings;
import entrepot.runtime.vaults.McpTokens;
import entrepot.runtime.vaults.Sealer;
import entrepot.runtime.vaults.Vaults;
import entrepot.store.Database;
import entrepot.store.DatabaseSettings;
import entrepot.store.Databases;
import entrepot.testkit.PlainClient;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Flow;
import java.util.function.Function;

/** Everything that is served, on a real port with a real runtime, over a market of the test's. */
public final class Served implements AutoCloseable {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final KnownKeys keys = new KnownKeys();
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Path folder;
    private final Database database;
    private final AgentRuntime runtime;
    private final AgentShelf shelf;
    private final Folders folders = new Folders(new WordSearch());
    private final Reach reach = new Reach(List.of("127.0.0.1"));
    private final Sealer sealer = new Sealer(Sealer.newKey(new Random(1)));
    private final Outside outside = new Outside(reach);
    private final McpServers mcp;
    private final Environments environments;
    private final ResponsesApi responses;
    private final HttpServer server;
    private final OpenAIClient client;

    public Served(Market market) {
        this(market, Duration.ofSeconds(15));
    }

    /**
     * @param keepAlive as of {@link AgentsApi}
     */
    public Served(Market market, Duration keepAlive) {
        this(market, keepAlive, ToolPolicy.ALLOW);
    }

    /**
     * @param policy which uses of tools need approval
     */
    public Served(Market market, Duration keepAlive, ToolPolicy policy) {
        this(
                market,
                keepAlive,
                policy,
                folder -> Databases.open(DatabaseSettings.file(folder.resolve("entrepot.db"))));
    }

    /** On a database of the test's choice; it is closed with the rest. */
    public Served(Market market, Database database) {
        this(market, Duration.ofSeconds(15), ToolPolicy.ALLOW, _ -> database);
    }

    private Served(
            Market market, Duration keepAlive, ToolPolicy policy, Function<Path, Database> open) {
        folder = news(folders);
        database = open.apply(folder);
        migrate();
        Ids ids = new CountingIds("a");
        Clock clock = Clock.systemUTC();
        var vaults = new Vaults(database, ids, sealer);
        mcp = new McpServers(elsewhere(clock));
        shelf = new AgentShelf(database, outside, sealer, ids, clock);
        var rooms = rooms(ids, clock);
        environments = new Environments(rooms);
        var servers =
                ToolServers.of(
                        List.of(folders, shelf.tools(null), mcp, new EnvironmentTools(rooms)));
        runtime =
                AgentRuntime.of(
                        new AgentRuntime.Parts(
                                database,
                                market,
                                new Driver.Tools(servers, policy, environments),
                                ids,
                                clock,
                                DriverSettings.DEFAULT,
                                ScheduleSettings.DEFAULT));
        runtime.start();
        shelf.start(runtime);
        var sales = new Sales(market, ids, PATIENCE);
        responses =
                new ResponsesApi(
                        new ResponsesApi.Parts(
                                market,
                                sales,
                                new ResponseStore(database, clock, KeepSettings.DEFAULT),
                                new ConversationStore(database, clock, KeepSettings.DEFAULT),
                                ids,
                                clock,
                                ResponsesSettings.DEFAULT));
        responses.start();
        var routes = new ArrayList<Route>(Storefronts.routes(market, sales));
        routes.addAll(responses.routes());
        routes.addAll(agents(vaults, market, ids, keepAlive));
        routes.addAll(new VaultsApi(vaults, reach).routes());
        routes.addAll(histories(market, clock));
        routes.addAll(new Health(List::of, new OpenAiShape()).routes());
        Handler handler = Gateway.handler(routes, Map.of(), keys, ids, clock);
        server = HttpServer.start(ServerSettings.loopback(0), handler);
        client =
                OpenAIOkHttpClient.builder()
                        .baseUrl(url() + "/v1")
                        .apiKey(KnownKeys.ALL)
                        .timeout(PATIENCE)
                        .build();
    }

    private void migrate() {
        database.migrate(AgentRuntime.MIGRATIONS);
        database.migrate(List.of(ResponseStore.MIGRATIONS, Vaults.MIGRATIONS));
        database.migrate(List.of(Environments.MIGRATIONS));
    }

    private static Path news(Folders folders) {
        try {
            Path folder = Files.createTempDirectory("entrepot-gateway");
            Path news = Files.createDirectory(folder.resolve("news"));
            Files.writeString(news.resolve("one.txt"), "The trading post stands.\n");
            folders.allow("news", news);
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<Route> agents(Vaults vaults, Market market, Ids ids, Duration keepAlive) {
        var templates = new Templates(database, ids, sealer);
        var places = new SessionPlaces(environments, templates);
        var parts =
                new AgentsApi.Parts(
                        runtime.agents(),
                        runtime.sessions(),
                        vaults,
                        shelf.skills(),
                        places,
                        market,
                        ids);
        var api = new AgentsApi(parts, keepAlive);
        var routes = new ArrayList<>(api.routes());
        routes.addAll(shelf.routes(api));
        routes.addAll(new EnvironmentsApi(environments, templates).routes(AgentsApi::route));
        return routes;
    }

    private Environments.Parts rooms(Ids ids, Clock clock) {
        return new Environments.Parts(
                database,
                ids,
                sealer,
                new Sandbox(SandboxSettings.DEFAULT),
                Environments.StoredCopies.NONE,
                EnvironmentSettings.in(folder.resolve("environments")),
                clock);
    }

    private McpServers.Parts elsewhere(Clock clock) {
        return new McpServers.Parts(
                outside,
                new McpTokens(database, sealer, outside, clock),
                sealer,
                Map.of(),
                McpSettings.DEFAULT,
                clock);
    }

    private List<Route> histories(Market market, Clock clock) {
        var routes = new ArrayList<Route>();
        var histories = runtime.histories();
        var sessions = runtime.sessions();
        routes.addAll(new ApprovalsApi(sessions).routes());
        routes.addAll(new McpApi(new AgentTools(runtime.agents(), sessions, folders)).routes());
        routes.addAll(new HistoryApi(runtime.sessions(), histories, market).routes());
        routes.addAll(new BundleApi(runtime.sessions(), histories, clock).routes());
        return routes;
    }

    public String url() {
        return "http://127.0.0.1:" + server.port();
    }

    public KnownKeys keys() {
        return keys;
    }

    /** The official client, unmodified. */
    public OpenAIClient client() {
        return client;
    }

    public AgentRuntime runtime() {
        return runtime;
    }

    /** A request with the key and the beta header that the Agents API wants. */
    public HttpRequest.Builder request(String method, String path, String body) {
        return HttpRequest.newBuilder(URI.create(url() + path))
                .timeout(PATIENCE)
                .header("authorization", "Bearer " + KnownKeys.ALL)
                .header("openai-beta", "agents=v1")
                .header("content-type", "application/json")
                .method(
                        method,
                        body.isEmpty()
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(body));
    }

    public HttpResponse<String> send(HttpRequest request) {
        try {
            return http.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    public HttpResponse<String> get(String path) {
        return send(request("GET", path, "").build());
    }

    public HttpResponse<String> post(String path, String body) {
        return send(request("POST", path, body).build());
    }

    public static JsonNode json(HttpResponse<String> response) {
        return JSON.readTree(response.body());
    }

    public static JsonNode json(String text) {
        return JSON.readTree(text);
    }

    /** Opens an event stream; returns when its head has come. */
    public EventReader stream(HttpRequest request) {
        var headers = new LinkedHashMap<String, String>();
        request.headers().map().forEach((name, values) -> headers.put(name, values.getFirst()));
        byte[] body = request.bodyPublisher().map(Served::bytes).orElse(new byte[0]);
        try {
            return new EventReader(
                    PlainClient.send(request.method(), request.uri(), headers, body));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] bytes(HttpRequest.BodyPublisher publisher) {
        var whole = HttpResponse.BodySubscribers.ofByteArray();
        publisher.subscribe(
                new Flow.Subscriber<ByteBuffer>() {
                    @Override
                    public void onSubscribe(Flow.Subscription subscription) {
                        whole.onSubscribe(subscription);
                    }

                    @Override
                    public void onNext(ByteBuffer piece) {
                        whole.onNext(List.of(piece));
                    }

                    @Override
                    public void onError(Throwable failure) {
                        whole.onError(failure);
                    }

                    @Override
                    public void onComplete() {
                        whole.onComplete();
                    }
                });
        return whole.getBody().toCompletableFuture().join();
    }

    /** Polls a session until it has a status. */
    public JsonNode until(String sessionId, String status) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        JsonNode session;
        do {
            session = json(get("/v1/agents/sessions/" + sessionId));
            if (session.path("status").asString("").equals(status)) {
                return session;
            }
        } while (System.nanoTime() < end);
        throw new AssertionError("never " + status + ": " + session);
    }

    @Override
    public void close() {
        client.close();
        server.close();
        responses.close();
        shelf.close();
        runtime.close();
        environments.close();
        mcp.close();
        outside.close();
        database.close();
        http.shutdownNow();
        try (var files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

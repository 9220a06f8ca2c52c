package entrepot.gateway.admin;

import static org.assertj.core.api.Assertions.assertThat;

import entrepot.gateway.Gateway;
import entrepot.gateway.KnownKeys;
import entrepot.gateway.Served;
import entrepot.http.ServerSettings;
import entrepot.http.engine.HttpServer;
import entrepot.identity.Audit;
import entrepot.identity.Caller;
import entrepot.identity.StoredAudit;
import entrepot.identity.Tenants;
import entrepot.identity.testing.CountingIds;
import entrepot.market.Money;
import entrepot.market.budgets.AlertLog;
import entrepot.market.budgets.BudgetSettings;
import entrepot.market.budgets.Budgets;
import entrepot.market.budgets.Claim;
import entrepot.market.budgets.limits.Limits;
import entrepot.store.Database;
import entrepot.store.testing.TestDatabases;
import entrepot.testkit.SettableClock;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;

class LimitsApiTest {

    private static final String BUDGET =
            "{\"name\":\"July\",\"scope\":{\"kind\":\"team\",\"id\":\"core\"},"
                    + "\"measure\":\"money\",\"currency\":\"USD\",\"amount\":\"12.50\","
                    + "\"period\":\"month\",\"zone\":\"Europe/Berlin\","
                    + "\"alert_percents\":[80,50]}";

    private final SettableClock clock = SettableClock.at("2026-04-12T09:00:00Z");

    @TempDir private Path folder;
    private Database database;
    private Budgets budgets;
    private AlertLog alerts;
    private StoredAudit audit;
    private HttpServer server;

    @BeforeEach
    void open() {
        var ids = new CountingIds("a");
        database = TestDatabases.sqlite(folder);
        database.migrate(List.of(Tenants.MIGRATIONS, Limits.MIGRATIONS));
        var limits = new Limits(database, clock, ids);
        alerts = AlertLog.open(database, clock, ids, _ -> {});
        audit = new StoredAudit(database);
        budgets =
                Budgets.open(
                        new Budgets.Parts(database, limits, "node-1", clock, ids, alerts),
                        BudgetSettings.DEFAULT);
        server =
                HttpServer.start(
                        ServerSettings.loopback(0),
                        Gateway.handler(
                                new LimitsApi(limits, budgets::refresh, alerts, audit).routes(),
                                Map.of(),
                                new KnownKeys(),
                                ids,
                                clock));
    }

    @AfterEach
    void close() {
        server.close();
        budgets.close();
        alerts.close();
        database.close();
    }

    @Test
    void aLimitIsMadeShownAndListed() throws Exception {
        JsonNode made = made(BUDGET);
        assertThat(made.toString())
                .contains("\"scope\":{\"kind\":\"team\",\"id\":\"core\"}")
                .contains("\"measure\":\"money\",\"currency\":\"USD\",\"amount\":\"12.5\"")
                .contains("\"period\":\"month\",\"zone\":\"Europe/Berlin\",\"hard\":true")
                .contains("\"alert_percents\":[50,80],\"hold_if_unknown\":null");
        var hold = budgets.hold(claim("10"));
        budgets.settle(hold, Money.of("2.25", "USD"), 7L);
        budgets.flush();
        String path = "/" + made.get("id").stringValue();
        JsonNode usage = Served.json(call("GET", path, "")).get("usage");
        assertThat(usage.get("settled").stringValue()).isEqualTo("2.25");
        assertThat(usage.get("period_start").longValue()).isEqualTo(1774994400L);
        assertThat(call("GET", path + "/history", "").body()).contains("\"settled\":\"2.25\"");
        assertThat(call("GET", path + "/history?before=1774994400", "").body())
                .contains("\"data\":[]");
        assertThat(call("GET", "?limit=1", "").body()).contains("\"July\"", "\"has_more\":false");
    }

    @Test
    void alertsAreADatedListAndChangesAreAudited() throws Exception {
        JsonNode made = made(BUDGET);
        var hold = budgets.hold(claim("10"));
        budgets.settle(hold, Money.of("10.25", "USD"), 7L);
        budgets.flush();
        assertThat(alerts.flush()).isTrue();
        String all = admin("/alerts").body();
        assertThat(all)
                .contains("\"at\":1775984400", "\"kind\":\"reached\"", "\"percent\":50")
                .contains("\"percent\":80", "has reached 80 %: 10.25 USD are used")
                .contains("\"kind\":\"overrun\"", "\"amount\":\"10.25\",\"held\":\"10\"");
        JsonNode page = Served.json(admin("/alerts?limit=1"));
        assertThat(page.get("has_more").booleanValue()).isTrue();
        String last = page.get("data").get(0).get("id").stringValue();
        JsonNode rest = Served.json(admin("/alerts?before=" + last));
        assertThat(rest.get("data")).hasSize(2);
        assertThat(admin("/alerts?limit_id=lim_none").body()).contains("\"data\":[]");

        String path = "/" + made.get("id").stringValue();
        assertThat(call("PATCH", path, "{\"amount\":20}").statusCode()).isEqualTo(200);
        assertThat(call("DELETE", path, "").statusCode()).isEqualTo(200);
        assertThat(audit.latest("acme", 10))
                .extracting(Audit.Entry::act)
                .containsExactly("limit.end", "limit.update", "limit.create");
        assertThat(audit.latest("acme", 2).getLast().details())
                .containsEntry("allows", "20 USD a month for team core, hard, alerts at [50, 80]")
                .containsEntry(
                        "before", "12.5 USD a month for team core, hard, alerts at [50, 80]");
    }

    @Test
    void whatIsAbsentFromAPatchStays() {
        // R82, R66
        String path = "/" + made(BUDGET).get("id").stringValue();
        HttpResponse<String> patched = call("PATCH", path, "{\"amount\":20}");
        assertThat(patched.statusCode()).isEqualTo(200);
        assertThat(patched.body())
                .contains("\"amount\":\"20\"", "\"July\"", "[50,80]", "\"created_at\":1775984400");
        assertThat(call("PATCH", path, "{\"hold_if_unknown\":1,\"hard\":false}").body())
                .contains("\"hold_if_unknown\":\"1\"", "\"hard\":false", "\"amount\":\"20\"");
        assertThat(call("PATCH", path, "{\"hold_if_unknown\":null}").body())
                .contains("\"hold_if_unknown\":null", "\"hard\":false");
        assertThat(call("PATCH", path, "{}").body()).contains("\"amount\":\"20\"");
    }

    @Test
    void whatALimitCountsIsNotChanged() {
        String path = "/" + made(BUDGET).get("id").stringValue();
        for (String fixed : List.of("scope", "measure", "currency", "period", "zone")) {
            HttpResponse<String> refused = call("PATCH", path, "{\"" + fixed + "\":\"x\"}");
            assertThat(refused.statusCode()).isEqualTo(400);
            assertThat(param(refused)).isEqualTo(fixed);
        }
    }

    @Test
    void badLimitsAreRefusedByField() {
        Map.ofEntries(
                        Map.entry("\"team\"", "scope.kind"),
                        Map.entry("\"core\"", "scope.id"),
                        Map.entry("\"money\"", "measure"),
                        Map.entry("\"USD\"", "currency"),
                        Map.entry("\"12.50\"", "amount"),
                        Map.entry("\"month\"", "period"),
                        Map.entry("\"Europe/Berlin\"", "zone"),
                        Map.entry("[80,50]", "alert_percents"))
                .forEach((value, field) -> {
                    HttpResponse<String> refused = call("POST", "", BUDGET.replace(value, "7.5"));
                    if (!field.equals("amount")) {
                        assertThat(refused.statusCode()).as(field).isEqualTo(400);
                        assertThat(param(refused)).isEqualTo(field);
                    }
                });
        Map.of(
                        BUDGET.replace("12.50", "-1"), "amount",
                        BUDGET.replace("12.50", "much"), "amount",
                        BUDGET.replace("\"money\"", "\"tokens\""), "currency",
                        BUDGET.replace("[80,50]", "[0]"), "alert_percents",
                        BUDGET.replace("team", "tenant"), "scope.id",
                        BUDGET.replace("\"name\"", "\"title\""), "title",
                        BUDGET.replace("USD", "dollars"), "currency")
                .forEach((body, field) -> {
                    HttpResponse<String> refused = call("POST", "", body);
                    assertThat(refused.statusCode()).as(body).isEqualTo(400);
                    assertThat(param(refused)).as(body).isEqualTo(field);
                });
    }

    @Test
    void anEndedLimitRefusesNothingAndKeepsItsPlace() {
        String path = "/" + made(BUDGET.replace("12.50", "0")).get("id").stringValue();
        HttpResponse<String> ended = call("DELETE", path, "");
        assertThat(Served.json(ended).get("ended_at").longValue()).isEqualTo(1775984400L);
        budgets.release(budgets.hold(claim("10")));
        assertThat(call("DELETE", path, "").statusCode()).isEqualTo(404);
        assertThat(call("PATCH", path, "{\"amount\":1}").statusCode()).isEqualTo(404);
        assertThat(call("GET", "", "").body()).doesNotContain("July");
        assertThat(call("GET", "?ended=true", "").body()).contains("July");
        assertThat(call("GET", path, "").statusCode()).isEqualTo(200);
    }

    @Test
    void limitsAreTheTenantsOwnAndForAdminsOnly() {
        String path = "/" + made(BUDGET).get("id").stringValue();
        for (String method : List.of("GET", "DELETE")) {
            assertThat(send(method, path, "", KnownKeys.OTHER_TENANT).statusCode()).isEqualTo(404);
            assertThat(send(method, path, "", KnownKeys.MODELS).statusCode()).isEqualTo(403);
        }
        String patch = "{\"amount\":1}";
        assertThat(send("PATCH", path, patch, KnownKeys.OTHER_TENANT).statusCode()).isEqualTo(404);
        assertThat(send("GET", "", "", KnownKeys.OTHER_TENANT).body()).doesNotContain("July");
    }

    private JsonNode made(String body) {
        HttpResponse<String> made = call("POST", "", body);
        assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
        return Served.json(made);
    }

    private Claim claim(String dollars) {
        return new Claim(
                "ord_1",
                1,
                new Caller("acme", "core", "ada", "key_1", Set.of()),
                null,
                null,
                null,
                List.of(Money.of(dollars, "USD")),
                9L,
                clock.instant());
    }

    private static String param(HttpResponse<String> refused) {
        return Served.json(refused).path("error").path("param").asString("");
    }

    private HttpResponse<String> admin(String path) {
        return send("GET", "/.." + path, "", KnownKeys.ALL);
    }

    private HttpResponse<String> call(String method, String path, String body) {
        return send(method, path, body, KnownKeys.ALL);
    }

    private HttpResponse<String> send(String method, String path, String body, String key) {
        var uri =
                URI.create("http://127.0.0.1:" + server.port() + "/admin/v1/limits" + path)
                        .normalize();
        var request =
                HttpRequest.newBuilder(uri)
                        .header("content-type", "application/json")
                        .header("authorization", "Bearer " + key)
                        .method(
                                method,
                                body.isEmpty()
                                        ? HttpRequest.BodyPublishers.noBody()
                                        : HttpRequest.BodyPublishers.ofString(body));
        try (var http = HttpClient.newHttpClient()) {
            return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}

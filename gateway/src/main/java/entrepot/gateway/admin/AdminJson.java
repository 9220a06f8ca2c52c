package entrepot.gateway.admin;

import entrepot.identity.Keys;
import entrepot.market.Money;
import entrepot.market.Receipt;
import entrepot.market.budgets.Budgets;
import entrepot.market.catalog.CatalogueFile;
import entrepot.market.ledger.Ledger;
import entrepot.market.routing.Broker;
import entrepot.market.yaml.Problem;
import entrepot.protocols.Capability;
import entrepot.protocols.json.Json;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/** What the admin API shows; the package's documentation has the shapes. */
final class AdminJson {

    private AdminJson() {}

    static <T> ObjectNode list(List<T> elements, Function<T, ObjectNode> each) {
        ObjectNode json = Json.object().put("object", "list");
        ArrayNode data = json.putArray("data");
        elements.forEach(element -> data.add(each.apply(element)));
        return json;
    }

    static ObjectNode key(Keys.Key key) {
        ObjectNode json =
                Json.object()
                        .put("id", key.id())
                        .put("name", key.name())
                        .put("prefix", key.prefix())
                        .put("team", key.team())
                        .put("principal", key.principal());
        ArrayNode scopes = json.putArray("scopes");
        key.scopes().stream().map(AdminJson::word).sorted().forEach(scopes::add);
        return json.put("created_at", seconds(key.createdAt()))
                .put("expires_at", seconds(key.expiresAt()))
                .put("revoked_at", seconds(key.revokedAt()))
                .put("last_used_at", seconds(key.lastUsedAt()));
    }

    static ObjectNode receipt(Receipt receipt) {
        ObjectNode json =
                Json.object()
                        .put("id", receipt.id())
                        .put("order_id", receipt.orderId())
                        .put("attempt", receipt.attempt())
                        .put("storefront", receipt.storefront())
                        .put("model_asked", receipt.modelAsked())
                        .put("model", receipt.model())
                        .put("supplier", receipt.supplier())
                        .put("outcome", word(receipt.outcome()));
        ObjectNode usage = json.putObject("usage");
        receipt.usage().meters().forEach((meter, count) -> usage.put(word(meter), count));
        json.put("estimated", receipt.usage().estimated());
        json.set("cost", money(receipt.cost()));
        json.set("charge", money(receipt.charge()));
        json.put("pricing", receipt.pricing())
                .put("channel", receipt.channel())
                .put("region", receipt.region())
                .put("api", receipt.api() == null ? null : word(receipt.api()))
                .put("project", receipt.project());
        ArrayNode clauses = json.putArray("clauses");
        receipt.clauses().forEach(clauses::add);
        json.put("started_at_ms", receipt.startedAt().toEpochMilli())
                .put("ended_at_ms", receipt.endedAt().toEpochMilli())
                .put("first_event_ms", receipt.firstEventMillis())
                .put("session_id", receipt.sessionId())
                .put("turn_id", receipt.turnId())
                .put("team", receipt.team())
                .put("principal", receipt.principal())
                .put("key_id", receipt.keyId());
        ArrayNode verdicts = json.putArray("verdicts");
        for (Receipt.Verdict verdict : receipt.verdicts()) {
            verdicts.addObject()
                    .put("gate", verdict.gate())
                    .put("passed", verdict.passed())
                    .put("reason", verdict.reason())
                    .put("source", verdict.source())
                    .put("remedy", verdict.remedy());
        }
        return json.put("detail", receipt.detail());
    }

    /** An amount and its currency, or null. */
    static JsonNode money(@Nullable Money money) {
        return money == null
                ? JsonNodeFactory.instance.nullNode()
                : Json.object()
                        .put("amount", money.amount().toPlainString())
                        .put("currency", money.currency());
    }

    static ObjectNode catalogue(CatalogueFile.Status status) {
        ObjectNode json =
                Json.object()
                        .put("file", status.file())
                        .put("version", status.version())
                        .put("price_book", status.priceBook())
                        .put("since", seconds(status.since()));
        ArrayNode problems = json.putArray("problems");
        status.problems().forEach(problem -> problem(problems.addObject(), problem));
        return json;
    }

    static void problem(ObjectNode json, Problem problem) {
        json.put("file", problem.file())
                .put("line", problem.line())
                .put("column", problem.column())
                .put("path", problem.path())
                .put("message", problem.message());
    }

    static ObjectNode health(Node node, Ledger.Status ledger) {
        List<String> found = node.problems().get();
        ObjectNode json = Json.object().put("status", found.isEmpty() ? "ok" : "degraded");
        ArrayNode problems = json.putArray("problems");
        found.forEach(problems::add);
        json.put("node", node.name()).put("sessions_driven", node.sessionsDriven().getAsInt());
        json.put("price_book", node.catalogue().get().priceBook());
        ObjectNode unpriced =
                json.putObject("ledger")
                        .put("backlog", ledger.backlog())
                        .put("backlog_max", ledger.backlogMax())
                        .put("lost", ledger.lost())
                        .put("failure", ledger.failure())
                        .putObject("unpriced");
        ledger.unpriced().forEach(unpriced::put);
        Budgets.Status limits = node.limits().get();
        json.putObject("limits").put("backlog", limits.backlog()).put("failure", limits.failure());
        ArrayNode suppliers = json.putArray("suppliers");
        for (Broker.SupplierHealth supplier : node.suppliers().get()) {
            ObjectNode told =
                    suppliers
                            .addObject()
                            .put("supplier", supplier.supplier())
                            .put("calls", supplier.calls())
                            .put("calls_max", supplier.callsMax())
                            .put("reserved_percent", supplier.reservedPercent());
            ObjectNode resting = told.putObject("resting");
            supplier.resting().forEach(resting::put);
        }
        return json;
    }

    static @Nullable Long seconds(@Nullable Instant instant) {
        return instant == null ? null : (Long) instant.getEpochSecond();
    }

    static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    static ObjectNode spoken(Broker.Spoken spoken) {
        ObjectNode json =
                Json.object().put("supplier", spoken.supplier()).put("name", spoken.name());
        ArrayNode dialects = json.putArray("dialects");
        spoken.dialects().forEach(dialect -> dialects.add(dialect.name()));
        if (!spoken.dialects().isEmpty()) {
            // The first is what other dialects are translated into.
            ObjectNode carried = json.putObject("carried");
            for (Capability capability : Capability.values()) {
                carried.put(
                        capability.name().toLowerCase(Locale.ROOT),
                        capability
                                .how(spoken.dialects().getFirst(), spoken.name())
                                .name()
                                .toLowerCase(Locale.ROOT));
            }
        }
        return json;
    }
}

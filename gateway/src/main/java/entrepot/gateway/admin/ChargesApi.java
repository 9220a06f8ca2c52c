package entrepot.gateway.admin;

import entrepot.gateway.door.Call;
import entrepot.gateway.door.Route;
import entrepot.market.catalog.Catalogue;
import entrepot.market.ledger.books.Books;
import entrepot.market.ledger.books.ChargeRule;
import entrepot.market.ledger.books.ShareRule;
import entrepot.protocols.json.Json;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.time.Instant;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Supplier;

/**
 * {@code GET /admin/v1/charges}: the rules in force by which the ledger charges tenants, in the
 * order in which they are tried, and the shares that it posts.
 *
 * <pre>
 *   {party|null, charges[{name, tenant|null, team|null, project|null, models[], channels[],
 *    percent: "20", from|null, until|null}], shares[{clause, party, percent}]}
 * </pre>
 */
public final class ChargesApi {

    private final Supplier<Catalogue> catalogue;
    private final Supplier<Books> books;

    /**
     * @param catalogue gives the snapshot in force
     * @param books gives the rules in force
     */
    public ChargesApi(Supplier<Catalogue> catalogue, Supplier<Books> books) {
        this.catalogue = catalogue;
        this.books = books;
    }

    public List<Route> routes() {
        return List.of(AdminApi.route("GET", "/charges", this::show, LedgerShapes.CHARGES));
    }

    private void show(Call call) {
        Books rules = books.get();
        ObjectNode json = Json.object().put("party", catalogue.get().demands().charges().party());
        ArrayNode charges = json.putArray("charges");
        rules.charges().forEach(rule -> fill(charges.addObject(), rule));
        ArrayNode shares = json.putArray("shares");
        for (ShareRule share : rules.shares()) {
            shares.addObject()
                    .put("clause", share.name())
                    .put("party", share.party())
                    .put("percent", share.percent().toPlainString());
        }
        call.respond(200, json);
    }

    private static void fill(ObjectNode json, ChargeRule rule) {
        ChargeRule.Segment segment = rule.segment();
        json.put("name", rule.name())
                .put("tenant", segment.tenant())
                .put("team", segment.team())
                .put("project", segment.project());
        ArrayNode models = json.putArray("models");
        new TreeSet<>(segment.models()).forEach(models::add);
        ArrayNode channels = json.putArray("channels");
        new TreeSet<>(segment.channels()).forEach(channels::add);
        json.put("percent", rule.percent().toPlainString())
                .put("from", time(segment.from()))
                .put("until", time(segment.until()));
    }

    private static @Nullable String time(Instant time) {
        return time.equals(Instant.MIN) || time.equals(Instant.MAX) ? null : time.toString();
    }
}

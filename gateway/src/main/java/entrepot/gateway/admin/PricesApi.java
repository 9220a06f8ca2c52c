package entrepot.gateway.admin;

import entrepot.conversation.Failed;
import entrepot.conversation.Failure;
import entrepot.conversation.Usage.Meter;
import entrepot.gateway.door.Call;
import entrepot.gateway.door.Described;
import entrepot.gateway.door.ErrorShape;
import entrepot.gateway.door.OpenAiShape;
import entrepot.gateway.door.Query;
import entrepot.gateway.door.Refusals;
import entrepot.gateway.door.Route;
import entrepot.identity.Caller.Scope;
import entrepot.market.catalog.Catalogue;
import entrepot.market.catalog.Model;
import entrepot.market.prices.ListedModel;
import entrepot.market.prices.PriceBook;
import entrepot.market.prices.Rate;
import entrepot.market.prices.Rating;
import entrepot.market.prices.RatingQuestion;
import entrepot.market.prices.Tiers;
import entrepot.protocols.json.Json;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * {@code GET /admin/v1/prices}: what offers cost, and by which book.
 *
 * <pre>
 *   ?model= an id or an alias; all models when left out
 *   ?supplier= only this one's offers   ?tier= such as flex
 *   ?at= a date (midnight UTC) or an instant, such as 2026-03-01T12:00:00Z; else now
 *
 *   {object: "list", price_book, list{version, date}, at, tier, data[
 *     {model, supplier, name, priced, source|null, free, currency|null, discount_percent,
 *      rate|null{tier, region|null, from|null, until|null, hours|null, per_million{meter: "2.5"},
 *                above[{input_tokens, per_million{}}], excess},
 *      listed|null{name, context_tokens|null, output_tokens|null, takes[], gives[], tools|null,
 *                  reasoning|null}}]}
 * </pre>
 *
 * <p>Prices are decimal text, before the discount; a band lists what costs otherwise above so much
 * input, and what does not. An offer is priced when the tier has a rate then.
 */
public final class PricesApi {

    private static final ErrorShape ERRORS = new OpenAiShape();
    private static final Described SHOW =
            Described.get(
                    "What offers cost, by tier and time.",
                    "{model?: string, supplier?: string, tier?: string, at?: string}",
                    "{object: string, price_book: string, list: any, at: string, tier: string,"
                            + " data: [any]}");

    private final Supplier<Catalogue> catalogue;

    /**
     * @param catalogue gives the snapshot in force
     */
    public PricesApi(Supplier<Catalogue> catalogue) {
        this.catalogue = catalogue;
    }

    public List<Route> routes() {
        return List.of(
                new Route("GET", "/admin/v1/prices", Scope.ADMIN, ERRORS, this::show).about(SHOW));
    }

    private void show(Call call) {
        Query query = call.query();
        Catalogue now = catalogue.get();
        Instant at = instant(query.get("at"), call.startedAt());
        String tier = Tiers.of(query.get("tier"));
        PriceBook book = now.prices();
        ObjectNode json = Json.object().put("object", "list").put("price_book", book.version());
        json.putObject("list")
                .put("version", book.list().version())
                .put("date", book.list().index().date().toString());
        json.put("at", at.toString()).put("tier", tier);
        ArrayNode data = json.putArray("data");
        String supplier = query.get("supplier");
        for (Model model : asked(now, query.get("model"))) {
            for (Model.Offer offer : model.offers()) {
                if (supplier == null || supplier.equals(offer.supplier())) {
                    var question =
                            new RatingQuestion(
                                    model.id(),
                                    offer.supplier(),
                                    offer.name(),
                                    null,
                                    null,
                                    tier,
                                    at);
                    data.add(offer(question, book.sheet(question)));
                }
            }
        }
        call.respond(200, json);
    }

    private static Collection<Model> asked(Catalogue now, @Nullable String name) {
        if (name == null) {
            return now.models().values();
        }
        Model model = now.find(name);
        if (model == null) {
            throw new Failed(
                    Failure.at(
                            Failure.Cause.MODEL_NOT_FOUND,
                            "There is no model '" + name + "'" + now.hint(name),
                            "model"));
        }
        return List.of(model);
    }

    private static ObjectNode offer(RatingQuestion question, PriceBook.@Nullable Sheet sheet) {
        ObjectNode json =
                Json.object()
                        .put("model", question.model())
                        .put("supplier", question.supplier())
                        .put("name", question.name());
        Rate rate = sheet == null ? null : sheet.rate();
        json.put("priced", rate != null || (sheet != null && sheet.free()));
        json.put("source", sheet == null ? null : sheet.source());
        json.put("free", sheet != null && sheet.free());
        json.put("currency", sheet == null ? null : sheet.tariff().currency());
        json.put("discount_percent", sheet == null ? "0" : plain(sheet.discountPercent()));
        if (rate == null) {
            json.putNull("rate");
        } else {
            fill(json.putObject("rate"), rate);
        }
        ListedModel listed = sheet == null ? null : sheet.listed();
        if (listed == null) {
            json.putNull("listed");
        } else {
            fill(json.putObject("listed"), listed);
        }
        return json;
    }

    private static void fill(ObjectNode json, Rate rate) {
        Rate.Hours hours = rate.hours();
        json.put("tier", rate.tier())
                .put("region", rate.region())
                .put("from", rate.from() == null ? null : rate.from().toString())
                .put("until", rate.until() == null ? null : rate.until().toString())
                .put("hours", hours == null ? null : hours.from() + "-" + hours.until());
        prices(json.putObject("per_million"), rate.perMillion());
        ArrayNode above = json.putArray("above");
        for (Rate.Band band : rate.above()) {
            ObjectNode step = above.addObject().put("input_tokens", band.inputTokens());
            prices(step.putObject("per_million"), band.perMillion());
        }
        json.put("excess", rate.excess());
    }

    private static void prices(ObjectNode json, Map<Meter, BigDecimal> perMillion) {
        perMillion.forEach((meter, price) -> json.put(Rating.word(meter), plain(price)));
    }

    private static void fill(ObjectNode json, ListedModel listed) {
        ListedModel.Abilities can = listed.abilities();
        json.put("name", listed.name())
                .put("context_tokens", can.contextTokensMax())
                .put("output_tokens", can.outputTokensMax());
        can.takes().forEach(json.putArray("takes")::add);
        can.gives().forEach(json.putArray("gives")::add);
        json.put("tools", can.tools()).put("reasoning", can.reasoning());
    }

    private static String plain(BigDecimal price) {
        return price.stripTrailingZeros().toPlainString();
    }

    private static Instant instant(@Nullable String text, Instant otherwise) {
        if (text == null) {
            return otherwise;
        }
        try {
            return text.indexOf('T') < 0
                    ? LocalDate.parse(text).atStartOfDay().toInstant(ZoneOffset.UTC)
                    : Instant.parse(text);
        } catch (DateTimeParseException e) {
            throw Refusals.value(
                    "at", "it must be a date or an instant, such as 2026-03-01T12:00:00Z.");
        }
    }
}

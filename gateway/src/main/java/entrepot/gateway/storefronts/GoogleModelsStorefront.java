package entrepot.gateway.storefronts;

import entrepot.conversation.Failed;
import entrepot.conversation.Failure;
import entrepot.gateway.door.Call;
import entrepot.gateway.door.ErrorShape;
import entrepot.gateway.door.Query;
import entrepot.gateway.door.Route;
import entrepot.http.Headers;
import entrepot.identity.Caller;
import entrepot.market.Market;
import entrepot.protocols.google.GoogleModels;

import org.jspecify.annotations.Nullable;

import java.util.List;

/** {@code GET …/models} and {@code …/models/{id}} as Google's clients read them. */
public final class GoogleModelsStorefront {

    private static final Headers JSON = Headers.of("content-type", "application/json");

    /** Google's own default and bound (model_service.proto, ListModelsRequest.page_size). */
    private static final int PAGE_SIZE = 50;

    private static final int PAGE_SIZE_MAX = 1000;

    private final Market market;

    public GoogleModelsStorefront(Market market) {
        this.market = market;
    }

    /** Whether a client of Google's asks, where several vendors have the same address. */
    static boolean isAsked(Call call) {
        return call.header("x-goog-api-key") != null || call.header("x-goog-api-client") != null;
    }

    List<Route> routes(String prefix, ErrorShape errors) {
        String path = prefix + "/models";
        return List.of(
                new Route("GET", path, Caller.Scope.MODELS, errors, this::list, true, true),
                new Route(
                        "GET",
                        path + "/{id...}",
                        Caller.Scope.MODELS,
                        errors,
                        call -> one(call, call.parameter("id")),
                        true,
                        true));
    }

    /** Answers with a page; its token is the last id of the page before it. */
    void list(Call call) {
        Query query = call.query();
        List<String> ids =
                market.models(call.caller()).stream().map(Market.Listing::id).sorted().toList();
        String after = query.get("pageToken");
        int from = 0;
        while (after != null && from < ids.size() && ids.get(from).compareTo(after) <= 0) {
            from++;
        }
        int to = Math.min(ids.size(), from + size(query.get("pageSize")));
        var page = ids.subList(from, to).stream().map(GoogleModels.Model::new).toList();
        String next = to < ids.size() && to > 0 ? ids.get(to - 1) : null;
        call.respond(200, JSON, GoogleModels.write(page, next));
    }

    private static int size(@Nullable String asked) {
        if (asked == null || !asked.matches("[0-9]{1,9}") || asked.matches("0+")) {
            return PAGE_SIZE;
        }
        return Math.min(PAGE_SIZE_MAX, Integer.parseInt(asked));
    }

    void one(Call call, String id) {
        boolean known =
                market.models(call.caller()).stream().anyMatch(listing -> listing.id().equals(id));
        if (!known) {
            throw new Failed(
                    Failure.at(
                            Failure.Cause.MODEL_NOT_FOUND,
                            "models/"
                                    + id
                                    + " does not exist or you may not use it. GET /v1beta/models"
                                    + " lists those you may.",
                            "name"));
        }
        call.respond(200, JSON, GoogleModels.write(new GoogleModels.Model(id)));
    }
}

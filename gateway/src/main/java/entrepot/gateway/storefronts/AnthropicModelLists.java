package entrepot.gateway.storefronts;

import entrepot.conversation.Failed;
import entrepot.conversation.Failure;
import entrepot.gateway.door.Call;
import entrepot.http.Headers;
import entrepot.market.Market;
import entrepot.protocols.anthropic.AnthropicModels;
import entrepot.protocols.anthropic.versions.ApiVersions;

import org.jspecify.annotations.Nullable;

import java.util.List;

/** The list of models for callers who speak Anthropic's dialect. */
final class AnthropicModelLists {

    private static final Headers JSON = Headers.of("content-type", "application/json");

    private AnthropicModelLists() {}

    static void list(Call call, List<Market.Listing> listings) {
        ApiVersions.of(call.header(ApiVersions.HEADER));
        var page =
                new AnthropicModels.Page(
                        limit(call.query().get("limit")),
                        call.query().get("after_id"),
                        call.query().get("before_id"));
        var models = listings.stream().map(AnthropicModelLists::model).toList();
        call.respond(200, JSON, AnthropicModels.write(models, page));
    }

    static void one(Call call, Market.Listing listing) {
        ApiVersions.of(call.header(ApiVersions.HEADER));
        call.respond(200, JSON, AnthropicModels.write(model(listing)));
    }

    private static AnthropicModels.Model model(Market.Listing listing) {
        return new AnthropicModels.Model(listing.id(), listing.id(), listing.createdSeconds());
    }

    private static int limit(@Nullable String limit) {
        if (limit == null) {
            return AnthropicModels.PAGE_MODELS_DEFAULT;
        }
        try {
            return Integer.parseInt(limit);
        } catch (NumberFormatException notANumber) {
            throw new Failed(
                    Failure.at(
                            Failure.Cause.INVALID_REQUEST, "limit: must be an integer.", "limit"));
        }
    }
}

package entrepot.market.catalog;

import entrepot.market.catalog.Supplier.OnCancel;
import entrepot.market.catalog.Supplier.Options;
import entrepot.market.prices.PriceList;
import entrepot.market.yaml.YamlMap;
import entrepot.market.yaml.YamlValue;

import org.jspecify.annotations.Nullable;

/** Reads what may be said of any account, and where its prices stand in the public list. */
final class OptionsReader {

    private static final int DRAINS_MAX = 1_000;

    private OptionsReader() {}

    static Options read(YamlMap map, PriceList prices) {
        YamlValue channelValue = map.get("price_channel");
        YamlValue regionValue = map.get("price_region");
        YamlValue cancelValue = map.get("on_cancel");
        YamlValue drainsValue = map.get("drains_max");
        String cancel =
                cancelValue == null ? null : cancelValue.oneOf(java.util.List.of("abort", "drain"));
        Long drains = drainsValue == null ? null : drainsValue.number(1, DRAINS_MAX);
        return new Options(
                channelValue == null
                        ? null
                        : channelValue.oneOf(
                                prices.index().channels().stream()
                                        .map(PriceList.Channel::id)
                                        .toList()),
                regionValue == null ? null : regionValue.text(),
                "drain".equals(cancel) ? OnCancel.DRAIN : OnCancel.ABORT,
                drains == null ? Options.DEFAULT.drainsMax() : Math.toIntExact(drains),
                ReservationReader.read(map.get("reserved")),
                ReservationReader.spill(map.get("spill")));
    }

    /** Where an account's prices stand in the list; null when the list knows no such seller. */
    static @Nullable String channel(Supplier supplier, PriceList prices) {
        if (!(supplier instanceof Supplier.Remote remote)) {
            return null;
        }
        String said = remote.options().priceChannel();
        if (said != null) {
            return said;
        }
        return switch (remote.api()) {
            case Supplier.Api.Azure _ -> "azure";
            case Supplier.Api.Bedrock _ -> "bedrock";
            case Supplier.Api.Vertex _ -> "vertex";
            case Supplier.Api.OpenAiCompatible _,
                    Supplier.Api.Anthropic _,
                    Supplier.Api.Gemini _ -> {
                String host = remote.baseUrl().getHost();
                yield host == null ? null : prices.channel(host);
            }
        };
    }

    /** Where an account is billed; null when nothing tells. */
    static @Nullable String region(Supplier supplier) {
        String said =
                supplier instanceof Supplier.Remote remote ? remote.options().priceRegion() : null;
        return said == null ? supplier.channel().region() : said;
    }
}

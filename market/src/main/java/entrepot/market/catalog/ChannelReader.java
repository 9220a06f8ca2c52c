package entrepot.market.catalog;

import entrepot.market.catalog.Supplier.Channel;
import entrepot.market.yaml.YamlMap;
import entrepot.market.yaml.YamlValue;

import org.jspecify.annotations.Nullable;

import java.net.URI;
import java.util.List;
import java.util.regex.Pattern;

/** Reads by which channel a supplier sells; what is not said follows from its kind. */
final class ChannelReader {

    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9._-]{0,63}");

    private ChannelReader() {}

    static Channel read(YamlMap map, String id, Supplier.Api api, @Nullable URI base) {
        YamlValue nameValue = map.get("channel");
        String name = nameValue == null ? null : nameValue.text();
        if (nameValue != null && name != null && !NAME.matcher(name).matches()) {
            nameValue.complain("must be small letters, digits and . _ -, such as azure");
        }
        YamlValue firstValue = map.get("first_party");
        String first = firstValue == null ? null : firstValue.oneOf(List.of("true", "false"));
        String region = text(map, "region");
        String territory = text(map, "territory");
        String processor = text(map, "processor");
        YamlValue dataValue = map.get("data");
        String data =
                dataValue == null
                        ? null
                        : dataValue.oneOf(List.of("collected", "retained", "zero-retention"));
        return new Channel(
                name == null ? usual(id, api, base) : name,
                first == null ? null : (Boolean) first.equals("true"),
                region == null ? region(api) : region,
                territory,
                processor,
                data == null || data.equals("collected"),
                "zero-retention".equals(data));
    }

    private static @Nullable String text(YamlMap map, String key) {
        YamlValue value = map.get(key);
        return value == null ? null : value.text();
    }

    private static String usual(String id, Supplier.Api api, @Nullable URI base) {
        return switch (api) {
            case Supplier.Api.Azure ignored -> "azure";
            case Supplier.Api.Bedrock ignored -> "bedrock";
            case Supplier.Api.Anthropic ignored -> "anthropic";
            case Supplier.Api.Gemini ignored -> "google";
            case Supplier.Api.Vertex ignored -> "vertex";
            case Supplier.Api.OpenAiCompatible ignored ->
                    base != null && "api.openai.com".equals(base.getHost()) ? "openai" : id;
        };
    }

    private static @Nullable String region(Supplier.Api api) {
        return switch (api) {
            case Supplier.Api.Bedrock bedrock -> bedrock.region();
            case Supplier.Api.Vertex vertex -> vertex.location();
            default -> null;
        };
    }
}

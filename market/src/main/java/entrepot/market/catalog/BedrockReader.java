package entrepot.market.catalog;

import entrepot.identity.Secret;
import entrepot.market.catalog.Supplier.Credential;
import entrepot.market.yaml.YamlMap;
import entrepot.market.yaml.YamlValue;

import org.jspecify.annotations.Nullable;

import java.net.URI;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Reads what only an account at Amazon Bedrock has: a region, which API is preferred, and a pair of
 * keys that calls are signed with.
 */
final class BedrockReader {

    static final String KIND = "bedrock";

    private static final Pattern REGION =
            Pattern.compile("[a-z]{2,3}(-[a-z]{2,10}){1,3}-[0-9]{1,2}");
    private static final String INVOKE = "invoke";

    private BedrockReader() {}

    /** Finds the secret behind one of two members, or complains and gives null. */
    interface Secrets {
        @Nullable Secret find(YamlMap map, String environmentKey, String fileKey);
    }

    static Supplier.Api.Bedrock api(YamlMap map) {
        YamlValue regionValue = map.required("region", "us-east-1");
        String region = regionValue == null ? null : regionValue.text();
        if (regionValue != null && region != null && !REGION.matcher(region).matches()) {
            regionValue.complain("is not a region of AWS, such as us-east-1");
        }
        YamlValue apiValue = map.get("api");
        String api = apiValue == null ? null : apiValue.oneOf(List.of("converse", INVOKE));
        return new Supplier.Api.Bedrock(region == null ? "us-east-1" : region, INVOKE.equals(api));
    }

    /** AWS's own address of a region, where the file names no other. */
    static URI base(Supplier.Api.Bedrock api) {
        return URI.create("https://bedrock-runtime." + api.region() + ".amazonaws.com");
    }

    /** The pair to sign with; null when the file has none. */
    static @Nullable Credential pair(YamlMap map, Secrets secrets) {
        Secret id = secrets.find(map, "access_key_id_env", "access_key_id_file");
        Secret secret = secrets.find(map, "secret_access_key_env", "secret_access_key_file");
        Secret token = secrets.find(map, "session_token_env", "session_token_file");
        if (id == null || secret == null) {
            if (id != null || secret != null || token != null) {
                map.required(
                        id == null ? "access_key_id_env" : "secret_access_key_env",
                        "AWS_ACCESS_KEY_ID");
            }
            return null;
        }
        return new Credential(id.reveal(), secret, new Supplier.Signing(id.reveal(), token));
    }
}

package entrepot.runtime.vaults;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

import entrepot.store.Sql;

import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

import java.sql.SQLException;
import java.util.Map;
import java.util.TreeMap;

/** How vaults and credentials are written down. */
final class VaultRows {

    static final String VAULT = "select id, name, metadata, created_ms from vault";
    static final String CREDENTIAL =
            "select id, vault, name, metadata, auth, sealed, version, created_ms, updated_ms"
                    + " from vault_credential";

    private static final TypeReference<Map<String, String>> PAIRS = new TypeReference<>() {};
    private static final JsonMapper JSON =
            JsonMapper.builder()
                    .changeDefaultPropertyInclusion(
                            old -> old.withValueInclusion(JsonInclude.Include.NON_NULL))
                    .addMixIn(Auth.class, AuthWords.class)
                    .build();

    private VaultRows() {}

    /**
     * A credential with its secrets, sealed.
     *
     * @param version grows with each change of the secrets
     */
    record Kept(Credential credential, String sealed, long version) {}

    static Vault vault(Sql.Row row) throws SQLException {
        return new Vault(
                row.text("id"),
                row.textIf("name").orElse(null),
                pairs(row.text("metadata")),
                row.number("created_ms") / 1000);
    }

    static Kept credential(Sql.Row row) throws SQLException {
        return new Kept(
                new Credential(
                        row.text("id"),
                        row.text("vault"),
                        row.text("name"),
                        pairs(row.text("metadata")),
                        JSON.readValue(row.text("auth"), Auth.class),
                        row.number("created_ms") / 1000,
                        row.number("updated_ms") / 1000),
                row.text("sealed"),
                row.number("version"));
    }

    static String write(Auth auth) {
        return JSON.writerFor(Auth.class).writeValueAsString(auth);
    }

    static String write(Map<String, String> metadata) {
        return JSON.writeValueAsString(new TreeMap<>(metadata));
    }

    static String write(Secrets secrets) {
        return JSON.writeValueAsString(secrets);
    }

    static Secrets secrets(String text) {
        return JSON.readValue(text, Secrets.class);
    }

    private static Map<String, String> pairs(String text) {
        return JSON.readValue(text, PAIRS);
    }

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
    @JsonSubTypes({
        @JsonSubTypes.Type(value = Auth.McpOauth.class, name = "mcp_oauth"),
        @JsonSubTypes.Type(value = Auth.StaticBearer.class, name = "static_bearer"),
        @JsonSubTypes.Type(value = Auth.EnvironmentVariable.class, name = "environment_variable")
    })
    private interface AuthWords {}
}

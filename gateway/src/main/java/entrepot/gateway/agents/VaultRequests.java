package entrepot.gateway.agents;

import entrepot.gateway.door.Fields;
import entrepot.gateway.door.Refusals;
import entrepot.runtime.outside.Reach;
import entrepot.runtime.vaults.Auth;
import entrepot.runtime.vaults.Secrets;
import entrepot.runtime.vaults.Vaults;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/** Reads vaults and credentials from requests. */
final class VaultRequests {

    private static final int NAME_BYTES_MAX = 256;
    private static final int SECRET_CHARS_MAX = 16 * 1024;
    private static final int TEXT_CHARS_MAX = 2048;
    private static final int HOSTS_MAX = 16;
    private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,255}");
    private static final Pattern HOST =
            Pattern.compile(
                    "(?=.{1,253}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?"
                            + "(\\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*");
    private static final Set<String> RESERVED =
            Set.of(
                    "PATH",
                    "OPENAI_API_KEY",
                    "HTTP_PROXY",
                    "HTTPS_PROXY",
                    "ALL_PROXY",
                    "NO_PROXY",
                    "SSL_CERT_FILE",
                    "SSL_CERT_DIR",
                    "REQUESTS_CA_BUNDLE",
                    "CURL_CA_BUNDLE",
                    "NODE_EXTRA_CA_CERTS",
                    "GIT_SSL_CAINFO");

    private final Reach reach;

    VaultRequests(Reach reach) {
        this.reach = reach;
    }

    /** Trimmed; null for none. */
    static @Nullable String name(Fields body) {
        String given = body.text("name");
        if (given == null) {
            return null;
        }
        String name = given.strip();
        int bytes = name.getBytes(StandardCharsets.UTF_8).length;
        if (bytes < 1 || bytes > NAME_BYTES_MAX) {
            throw Refusals.value(
                    "name",
                    "it must have 1 to " + NAME_BYTES_MAX + " bytes, blanks around not counted.");
        }
        return name;
    }

    Vaults.NewCredential create(Fields body) {
        body.requiredText("name");
        String name = name(body);
        Map<String, String> metadata = AgentRequests.metadata(body);
        Fields auth = body.requiredObject("auth");
        body.end();
        String type = auth.requiredText("type");
        return switch (type) {
            case "mcp_oauth" -> oauth(String.valueOf(name), metadata, auth);
            case "static_bearer" -> {
                Auth bearer = new Auth.StaticBearer(server(auth));
                Secrets secrets = new Secrets(token(auth, "token"), null, null);
                auth.end();
                yield new Vaults.NewCredential(String.valueOf(name), metadata, bearer, secrets);
            }
            case "environment_variable" -> {
                Auth variable = new Auth.EnvironmentVariable(variable(auth), hosts(auth));
                Secrets secrets = new Secrets(value(auth), null, null);
                auth.end();
                yield new Vaults.NewCredential(String.valueOf(name), metadata, variable, secrets);
            }
            default ->
                    throw Refusals.value(
                            auth.at("type"),
                            "it must be one of mcp_oauth, static_bearer, environment_variable.");
        };
    }

    private Vaults.NewCredential oauth(String name, Map<String, String> metadata, Fields auth) {
        String url = server(auth);
        String token = token(auth, "access_token");
        Long expires = expires(auth);
        Fields given = auth.object("refresh");
        auth.end();
        if (given == null) {
            return new Vaults.NewCredential(
                    name,
                    metadata,
                    new Auth.McpOauth(url, expires, null),
                    new Secrets(token, null, null));
        }
        String clientId = text(given, "client_id");
        String refreshToken = token(given, "refresh_token");
        String endpoint = address(given, "token_endpoint");
        Fields way = given.requiredObject("token_endpoint_auth");
        Auth.ClientAuth clientAuth = clientAuth(way);
        String clientSecret =
                clientAuth == Auth.ClientAuth.NONE ? null : token(way, "client_secret");
        way.end();
        String resource = given.text("resource");
        String scope = given.text("scope");
        given.end();
        return new Vaults.NewCredential(
                name,
                metadata,
                new Auth.McpOauth(
                        url,
                        expires,
                        new Auth.Refresh(clientId, endpoint, clientAuth, resource, scope)),
                new Secrets(token, refreshToken, clientSecret));
    }

    private static Auth.ClientAuth clientAuth(Fields way) {
        String type = way.oneOf("type", "none", "client_secret_basic", "client_secret_post");
        if (type == null) {
            throw Refusals.missing(way.at("type"));
        }
        return Auth.ClientAuth.valueOf(type.toUpperCase(Locale.ROOT));
    }

    private String server(Fields auth) {
        return address(auth, "mcp_server_url");
    }

    private String address(Fields fields, String name) {
        String url = fields.requiredText(name);
        reach.objection(url)
                .ifPresent(objection -> {
                    throw Refusals.value(fields.at(name), objection);
                });
        return url;
    }

    private static String text(Fields fields, String name) {
        String text = fields.requiredText(name);
        if (text.isEmpty() || text.length() > TEXT_CHARS_MAX) {
            throw Refusals.value(
                    fields.at(name), "it must have 1 to " + TEXT_CHARS_MAX + " characters.");
        }
        return text;
    }

    private static String token(Fields fields, String name) {
        fields.requiredText(name);
        String token = tokenIf(fields, name);
        if (token == null) {
            throw Refusals.missing(fields.at(name));
        }
        return token;
    }

    private static @Nullable String tokenIf(Fields fields, String name) {
        String token = fields.text(name);
        boolean usable =
                token == null
                        || (!token.isEmpty()
                                && token.length() <= SECRET_CHARS_MAX
                                && token.chars().allMatch(c -> c > 0x20 && c < 0x7f));
        if (!usable) {
            throw Refusals.value(
                    fields.at(name),
                    "it must have 1 to "
                            + SECRET_CHARS_MAX
                            + " characters that an HTTP header can carry, without blanks.");
        }
        return token;
    }

    private static @Nullable Long expires(Fields auth) {
        String text = auth.text("expires_at");
        if (text == null) {
            return null;
        }
        try {
            return OffsetDateTime.parse(text).toInstant().toEpochMilli();
        } catch (DateTimeException | ArithmeticException e) {
            throw Refusals.value(
                    auth.at("expires_at"), "it must be a time like 2026-11-20T16:00:00Z.");
        }
    }

    private static String variable(Fields auth) {
        String name = auth.requiredText("secret_name");
        String upper = name.toUpperCase(Locale.ROOT);
        if (!VARIABLE.matcher(name).matches()
                || upper.startsWith("CODEX_")
                || RESERVED.contains(upper)) {
            throw Refusals.value(
                    auth.at("secret_name"),
                    "it must be ASCII letters, digits and underscores, not begin with a digit, and"
                            + " not be a name that is reserved.");
        }
        return name;
    }

    private static String value(Fields auth) {
        String value = auth.requiredText("secret_value");
        if (value.isEmpty()
                || value.length() > SECRET_CHARS_MAX
                || value.chars().anyMatch(c -> c == '\r' || c == '\n' || c == 0)) {
            throw Refusals.value(
                    auth.at("secret_value"),
                    "it must have 1 to "
                            + SECRET_CHARS_MAX
                            + " characters and no line break or NUL.");
        }
        return value;
    }

    private static @Nullable List<String> hosts(Fields auth) {
        Fields networking = auth.requiredObject("networking");
        String type = networking.oneOf("type", "unrestricted", "limited");
        if (type == null) {
            throw Refusals.missing(networking.at("type"));
        }
        if (type.equals("unrestricted")) {
            networking.end();
            return null;
        }
        Set<String> hosts = new TreeSet<>();
        List<JsonNode> given = networking.requiredList("allowed_hosts");
        for (int i = 0; i < given.size(); i++) {
            String at = networking.at("allowed_hosts[" + i + "]");
            String host = Fields.text(at, given.get(i)).toLowerCase(Locale.ROOT);
            if (!HOST.matcher(host).matches() || !hosts.add(host)) {
                throw Refusals.value(
                        at,
                        "it must be a host name or IPv4 address, once, without scheme, port or"
                                + " wildcard.");
            }
        }
        networking.end();
        if (hosts.isEmpty() || hosts.size() > HOSTS_MAX) {
            throw Refusals.value(
                    networking.at("allowed_hosts"), "it must have 1 to " + HOSTS_MAX + " hosts.");
        }
        return List.copyOf(hosts);
    }

    // ---- changes

    /**
     * @param now the method that the credential has
     */
    static Vaults.Change change(Fields body, Auth now) {
        Map<String, String> metadata = body.has("metadata") ? AgentRequests.metadata(body) : null;
        Fields auth = body.object("auth");
        body.end();
        if (auth == null) {
            return new Vaults.Change(metadata, old -> old, null);
        }
        String type = auth.requiredText("type");
        Vaults.Change change =
                switch (now) {
                    case Auth.McpOauth oauth ->
                            oauth(metadata, required(auth, type, "mcp_oauth"), oauth);
                    case Auth.StaticBearer bearer ->
                            new Vaults.Change(
                                    metadata,
                                    old -> old,
                                    new Secrets(
                                            token(required(auth, type, "static_bearer"), "token"),
                                            null,
                                            null));
                    case Auth.EnvironmentVariable variable ->
                            new Vaults.Change(
                                    metadata,
                                    old -> old,
                                    new Secrets(
                                            value(required(auth, type, "environment_variable")),
                                            null,
                                            null));
                };
        auth.end();
        return change;
    }

    private static Fields required(Fields auth, String type, String wanted) {
        if (!type.equals(wanted)) {
            throw Refusals.value(
                    auth.at("type"), "the credential's is " + wanted + ", and stays so.");
        }
        return auth;
    }

    private static Vaults.Change oauth(
            @Nullable Map<String, String> metadata, Fields auth, Auth.McpOauth now) {
        String token = tokenIf(auth, "access_token");
        boolean setsExpiry = auth.has("expires_at") || token != null;
        Long expires = expires(auth);
        Fields given = auth.object("refresh");
        String refreshToken = null;
        String clientSecret = null;
        UnaryOperator<Auth.Refresh> scope = old -> old;
        if (given != null) {
            if (now.refresh() == null) {
                throw Refusals.value(given.at("type"), "the credential has no refresh to change.");
            }
            refreshToken = tokenIf(given, "refresh_token");
            clientSecret = clientSecret(given.object("token_endpoint_auth"), now.refresh());
            if (given.has("scope")) {
                scope = scope(given.text("scope"));
            }
            given.end();
        }
        UnaryOperator<Auth.Refresh> change = scope;
        return new Vaults.Change(
                metadata,
                old -> changed(old, setsExpiry, expires, change),
                new Secrets(token, refreshToken, clientSecret));
    }

    private static Auth changed(
            Auth old,
            boolean setsExpiry,
            @Nullable Long expires,
            UnaryOperator<Auth.Refresh> refresh) {
        return old instanceof Auth.McpOauth oauth
                ? new Auth.McpOauth(
                        oauth.mcpServerUrl(),
                        setsExpiry ? expires : oauth.expiresMillis(),
                        oauth.refresh() == null ? null : refresh.apply(oauth.refresh()))
                : old;
    }

    private static UnaryOperator<Auth.Refresh> scope(@Nullable String scope) {
        return old ->
                new Auth.Refresh(
                        old.clientId(),
                        old.tokenEndpoint(),
                        old.tokenEndpointAuth(),
                        old.resource(),
                        scope);
    }

    private static @Nullable String clientSecret(@Nullable Fields way, Auth.Refresh now) {
        if (way == null) {
            return null;
        }
        if (clientAuth(way) != now.tokenEndpointAuth()) {
            throw Refusals.value(way.at("type"), "the credential's way to authenticate stays.");
        }
        String secret = tokenIf(way, "client_secret");
        way.end();
        return secret;
    }
}

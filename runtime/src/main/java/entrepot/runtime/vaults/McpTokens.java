package entrepot.runtime.vaults;

import entrepot.http.CallFailed;
import entrepot.http.Clocks;
import entrepot.http.Headers;
import entrepot.http.HttpClient;
import entrepot.http.Incoming;
import entrepot.http.Outgoing;
import entrepot.identity.Secret;
import entrepot.store.Database;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Finds the token for an MCP server in the vaults of a session, and gets a new one when it has run
 * out. One node at a time does that for a credential, since a refresh token may count once only.
 */
public final class McpTokens {

    private static final Logger LOG = LoggerFactory.getLogger(McpTokens.class);

    /** So long before its end a token counts as run out. */
    private static final long EARLY_MILLIS = 60_000;

    private static final long REFRESH_MILLIS_MAX = 15_000;
    private static final long WAIT_MILLIS = 200;
    private static final int ANSWER_BYTES_MAX = 64 << 10;

    private final Database database;
    private final Sealer sealer;
    private final HttpClient http;
    private final InstantSource clock;
    private final String now;

    /**
     * @param http calls only addresses that callers may name
     */
    public McpTokens(Database database, Sealer sealer, HttpClient http, InstantSource clock) {
        this.database = database;
        this.sealer = sealer;
        this.http = http;
        this.clock = clock;
        this.now = database.engine().nowMillis();
    }

    /** Which credential: found, and where it is. */
    public record Found(String tenant, String vaultId, String credentialId) {}

    /** It is not clear which credential is meant, or it cannot be had. */
    public static final class NoToken extends Exception {
        private static final long serialVersionUID = 1L;

        private NoToken(String message) {
            super(message);
        }
    }

    /**
     * The credential for a server; empty when no vault has one.
     *
     * @param credentialId which of them; null for the only one that matches
     * @throws NoToken when several match, or the named one does not
     */
    public Optional<Found> find(
            String tenant, List<String> vaultIds, String serverUrl, @Nullable String credentialId)
            throws NoToken {
        if (vaultIds.isEmpty() && credentialId == null) {
            return Optional.empty();
        }
        List<VaultRows.Kept> all =
                database.read(sql -> {
                    List<VaultRows.Kept> kept = new ArrayList<>();
                    for (String vault : vaultIds) {
                        kept.addAll(Vaults.kept(sql, tenant, vault));
                    }
                    return kept;
                });
        String wanted = canonical(serverUrl);
        List<Credential> matching =
                all.stream()
                        .map(VaultRows.Kept::credential)
                        .filter(one -> isFor(one, wanted))
                        .filter(one -> credentialId == null || one.id().equals(credentialId))
                        .toList();
        if (matching.isEmpty() && credentialId != null) {
            throw new NoToken(
                    "The credential "
                            + credentialId
                            + " is in none of the session's vaults, or is for another server.");
        }
        if (matching.size() > 1) {
            throw new NoToken(
                    "Several credentials of the session's vaults are for this server: name one as"
                            + " the tool's credential_id.");
        }
        return matching.stream().findFirst().map(one -> new Found(tenant, one.vaultId(), one.id()));
    }

    private static boolean isFor(Credential credential, String canonicalUrl) {
        String url = credential.auth().mcpServerUrlIf();
        return url != null && canonical(url).equals(canonicalUrl);
    }

    /** The same text for the same server. */
    static String canonical(String url) {
        URI uri = URI.create(url);
        String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
        String host = String.valueOf(uri.getHost()).toLowerCase(Locale.ROOT);
        boolean usual =
                uri.getPort() < 0
                        || (scheme.equals("https") && uri.getPort() == 443)
                        || (scheme.equals("http") && uri.getPort() == 80);
        String path = String.valueOf(uri.getRawPath());
        String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
        return scheme
                + "://"
                + host
                + (usual ? "" : ":" + uri.getPort())
                + (path.endsWith("/") ? path.substring(0, path.length() - 1) : path)
                + query;
    }

    /**
     * The token to send now.
     *
     * @throws NoToken when it has run out and no other is to be had
     */
    public Secret token(Found found) throws NoToken, InterruptedException {
        VaultRows.Kept kept = kept(found);
        if (kept.credential().auth() instanceof Auth.McpOauth oauth
                && oauth.refresh() != null
                && oauth.expiresMillis() != null
                && oauth.expiresMillis() - EARLY_MILLIS < clock.millis()) {
            renew(found, kept);
            kept = kept(found);
        }
        return token(kept, found);
    }

    private Secret token(VaultRows.Kept kept, Found found) throws NoToken {
        String token = secrets(kept, found).token();
        if (token == null) {
            throw new NoToken("The credential " + found.credentialId() + " has no token.");
        }
        return new Secret(token);
    }

    private VaultRows.Kept kept(Found found) throws NoToken {
        return database.read(sql ->
                        Vaults.kept(sql, found.tenant(), found.vaultId(), found.credentialId()))
                .orElseThrow(() ->
                        new NoToken(
                                "The credential " + found.credentialId() + " has been deleted."));
    }

    private Secrets secrets(VaultRows.Kept kept, Found found) throws NoToken {
        try {
            return VaultRows.secrets(
                    sealer.open(
                            Vaults.place(found.tenant(), found.vaultId(), found.credentialId()),
                            kept.sealed()));
        } catch (Sealer.CannotOpen e) {
            LOG.error("credential {}: {}", found.credentialId(), e.getMessage());
            throw new NoToken("The credential " + found.credentialId() + " cannot be opened.");
        }
    }

    /**
     * Gets another token after a server has refused this one.
     *
     * @return whether there is another now
     */
    public boolean renew(Found found, Secret refused) throws InterruptedException {
        try {
            VaultRows.Kept kept = kept(found);
            if (!token(kept, found).equals(refused)) {
                return true; // Somebody was quicker.
            }
            renew(found, kept);
            return !token(kept(found), found).equals(refused);
        } catch (NoToken e) {
            return false;
        }
    }

    /** Gets a new token, or waits for whoever does. Without one, all stays as it is. */
    private void renew(Found found, VaultRows.Kept kept) throws NoToken, InterruptedException {
        if (!(kept.credential().auth() instanceof Auth.McpOauth oauth) || oauth.refresh() == null) {
            return;
        }
        if (!claim(found, kept.version())) {
            // Another node, perhaps: only the row tells when it is done.
            CountDownLatch other = new CountDownLatch(1);
            long giveUpMillis = clock.millis() + REFRESH_MILLIS_MAX;
            while (clock.millis() < giveUpMillis && kept(found).version() == kept.version()) {
                other.await(WAIT_MILLIS, TimeUnit.MILLISECONDS);
            }
            return;
        }
        Secrets secrets = secrets(kept, found);
        JsonNode granted = granted(oauth.refresh(), secrets);
        String token = granted == null ? "" : granted.path("access_token").asString("");
        if (granted == null || token.isEmpty()) {
            LOG.warn("credential {} could not be refreshed", found.credentialId());
            return;
        }
        String refresh = granted.path("refresh_token").asString("");
        JsonNode seconds = granted.path("expires_in");
        Secrets fresh = new Secrets(token, refresh.isEmpty() ? null : refresh, null).over(secrets);
        Auth renewed =
                new Auth.McpOauth(
                        oauth.mcpServerUrl(),
                        seconds.isNumber() ? clock.millis() + seconds.asLong() * 1000 : null,
                        oauth.refresh());
        store(found, kept.version(), renewed, fresh);
    }

    private boolean claim(Found found, long version) {
        return database.write(sql ->
                sql.update(
                                "update vault_credential set refreshing_ms = "
                                        + now
                                        + " + ? where tenant = ? and vault = ? and id = ? and"
                                        + " version = ? and refreshing_ms < "
                                        + now,
                                REFRESH_MILLIS_MAX,
                                found.tenant(),
                                found.vaultId(),
                                found.credentialId(),
                                version)
                        == 1);
    }

    private void store(Found found, long version, Auth auth, Secrets secrets) {
        String place = Vaults.place(found.tenant(), found.vaultId(), found.credentialId());
        database.write(sql ->
                sql.update(
                        "update vault_credential set auth = ?, sealed = ?, version = version + 1,"
                                + " refreshing_ms = 0, updated_ms = "
                                + now
                                + " where tenant = ? and vault = ? and id = ? and version = ?",
                        VaultRows.write(auth),
                        sealer.seal(place, VaultRows.write(secrets)),
                        found.tenant(),
                        found.vaultId(),
                        found.credentialId(),
                        version));
    }

    /** What the token endpoint grants; null when it grants nothing. */
    private @Nullable JsonNode granted(Auth.Refresh refresh, Secrets secrets)
            throws InterruptedException {
        StringBuilder form = new StringBuilder("grant_type=refresh_token");
        field(form, "refresh_token", secrets.refreshToken());
        Headers headers =
                Headers.of(
                        "content-type",
                        "application/x-www-form-urlencoded",
                        "accept",
                        "application/json");
        switch (refresh.tokenEndpointAuth()) {
            case NONE -> field(form, "client_id", refresh.clientId());
            case CLIENT_SECRET_POST -> {
                field(form, "client_id", refresh.clientId());
                field(form, "client_secret", secrets.clientSecret());
            }
            case CLIENT_SECRET_BASIC ->
                    headers =
                            headers.plus(
                                    "authorization",
                                    "Basic " + basic(refresh.clientId(), secrets.clientSecret()));
        }
        field(form, "resource", refresh.resource());
        field(form, "scope", refresh.scope());
        Duration max = Duration.ofMillis(REFRESH_MILLIS_MAX);
        Outgoing call =
                new Outgoing(
                        "POST",
                        URI.create(refresh.tokenEndpoint()),
                        headers,
                        form.toString().getBytes(StandardCharsets.UTF_8),
                        new Clocks(max, max, max, max));
        try (Incoming answer = http.send(call)) {
            byte[] body = answer.all(ANSWER_BYTES_MAX);
            if (answer.status() == 200) {
                return JsonMapper.shared().readTree(body);
            }
            LOG.warn("a token endpoint answered {}", answer.status());
        } catch (CallFailed e) {
            LOG.warn("a token endpoint could not be asked: {}", e.reason());
        } catch (JacksonException e) {
            LOG.warn("a token endpoint answered with something else than JSON");
        }
        return null;
    }

    private static String basic(String id, @Nullable String secret) {
        String pair = encode(id) + ":" + encode(secret == null ? "" : secret);
        return Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
    }

    private static void field(StringBuilder form, String name, @Nullable String value) {
        if (value != null) {
            form.append('&').append(name).append('=').append(encode(value));
        }
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}

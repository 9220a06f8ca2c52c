package entrepot.console;

import entrepot.http.Exchange;
import entrepot.http.Headers;
import entrepot.identity.Caller;
import entrepot.identity.Keys;
import entrepot.identity.Secret;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Who is signed in at this node. A sign-in holds the presented key, which is resolved again for
 * every page: a key that is revoked ends its sign-ins at once.
 */
final class SignIn {

    static final int SIGN_INS_MAX = 1000;
    static final Duration LASTS = Duration.ofHours(12);
    private static final String COOKIE = "entrepot_console";
    private static final int TOKEN_BYTES = 32;

    private final Keys keys;
    private final InstantSource clock;
    private final RandomGenerator random;
    private final Map<String, Ticket> tickets =
            new LinkedHashMap<>() {
                private static final long serialVersionUID = 1L;

                @Override
                protected boolean removeEldestEntry(Map.Entry<String, Ticket> eldest) {
                    return size() > SIGN_INS_MAX;
                }
            };

    SignIn(Keys keys, InstantSource clock, RandomGenerator random) {
        this.keys = keys;
        this.clock = clock;
        this.random = random;
    }

    /** Who this is, when they are signed in with a key that still manages its tenant. */
    Optional<Caller> caller(Headers headers) {
        return token(headers).flatMap(this::ticket).flatMap(t -> manager(t.key().reveal()));
    }

    /**
     * Signs in with a key from a form.
     *
     * @return the cookie to set; null when the key may not manage a tenant
     */
    @Nullable String enter(byte[] form) {
        String key = new Form(form).get("key");
        if (manager(key).isEmpty()) {
            return null;
        }
        byte[] bytes = new byte[TOKEN_BYTES];
        random.nextBytes(bytes);
        String token = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        synchronized (tickets) {
            tickets.put(token, new Ticket(new Secret(key), clock.instant().plus(LASTS)));
        }
        return COOKIE
                + "="
                + token
                + "; Path=/console; HttpOnly; SameSite=Strict; Max-Age="
                + LASTS.toSeconds();
    }

    String leave(Headers headers) {
        token(headers)
                .ifPresent(token -> {
                    synchronized (tickets) {
                        tickets.remove(token);
                    }
                });
        return COOKIE + "=; Path=/console; HttpOnly; SameSite=Strict; Max-Age=0";
    }

    /** Whether a form was sent by a page of ours: browsers say so themselves (Fetch Metadata). */
    static boolean sameOrigin(Exchange exchange) {
        String site = exchange.headers().get("sec-fetch-site");
        if (site != null) {
            return site.equals("same-origin");
        }
        String origin = exchange.headers().get("origin");
        String host = exchange.headers().get("host");
        return origin == null || (host != null && origin.endsWith("://" + host));
    }

    /** What forms of this sign-in carry, so that no other page can send them; empty for nobody. */
    String formToken(Headers headers) {
        return token(headers)
                .map(token -> Assets.sha256(("form/" + token).getBytes(StandardCharsets.UTF_8)))
                .orElse("");
    }

    /** Whether a form was made by a page of ours for this very sign-in. */
    boolean isOurs(Exchange exchange, Form form) {
        byte[] expected = formToken(exchange.headers()).getBytes(StandardCharsets.UTF_8);
        byte[] came = form.get("token").getBytes(StandardCharsets.UTF_8);
        return sameOrigin(exchange) && expected.length > 0 && MessageDigest.isEqual(expected, came);
    }

    private Optional<Caller> manager(String key) {
        return keys.resolve(key).filter(caller -> caller.may(Caller.Scope.ADMIN));
    }

    private Optional<Ticket> ticket(String token) {
        synchronized (tickets) {
            Ticket ticket = tickets.get(token);
            if (ticket != null && ticket.until().isBefore(clock.instant())) {
                tickets.remove(token);
                return Optional.empty();
            }
            return Optional.ofNullable(ticket);
        }
    }

    private static Optional<String> token(Headers headers) {
        for (String line : headers.all("cookie")) {
            for (String pair : line.split(";")) {
                String trimmed = pair.strip();
                if (trimmed.startsWith(COOKIE + "=")) {
                    return Optional.of(trimmed.substring(COOKIE.length() + 1));
                }
            }
        }
        return Optional.empty();
    }

    private record Ticket(Secret key, Instant until) {}
}

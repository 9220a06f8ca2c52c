package entrepot.gateway.door;

import entrepot.http.Handler;
import entrepot.identity.Caller.Scope;

import org.jspecify.annotations.Nullable;

import java.util.Objects;

/**
 * Something that can be asked for, and what it takes to be let in.
 *
 * @param method upper case
 * @param path literal segments and {@code {name}} for one segment; a last {@code {name...}} takes
 *     all that remain
 * @param scope what the caller's key must be good for; null lets anyone in
 * @param errors how failures are told
 * @param mayBlock whether its answer may hold up a thread, see {@link Handler#mayBlock}
 * @param keyInQuery whether the key may stand in the query as {@code key}, where Google's clients
 *     put it
 * @param about what is told of it; null for routes of a dialect, whose specification says it
 * @param takes the media type of its body, such as {@code application/json}
 */
public record Route(
        String method,
        String path,
        @Nullable Scope scope,
        ErrorShape errors,
        Endpoint endpoint,
        boolean mayBlock,
        boolean keyInQuery,
        @Nullable Described about,
        String takes) {

    /** What most bodies are. */
    public static final String JSON = "application/json";

    /** A route whose answers may read files and databases. */
    public Route(
            String method,
            String path,
            @Nullable Scope scope,
            ErrorShape errors,
            Endpoint endpoint) {
        this(method, path, scope, errors, endpoint, true);
    }

    /** A route that takes keys in headers only. */
    public Route(
            String method,
            String path,
            @Nullable Scope scope,
            ErrorShape errors,
            Endpoint endpoint,
            boolean mayBlock) {
        this(method, path, scope, errors, endpoint, mayBlock, false);
    }

    /** A route of a dialect. */
    public Route(
            String method,
            String path,
            @Nullable Scope scope,
            ErrorShape errors,
            Endpoint endpoint,
            boolean mayBlock,
            boolean keyInQuery) {
        this(method, path, scope, errors, endpoint, mayBlock, keyInQuery, null, JSON);
    }

    /** The same route, described. */
    public Route about(Described said) {
        return new Route(method, path, scope, errors, endpoint, mayBlock, keyInQuery, said, takes);
    }

    /** The same route, with a body of another media type. */
    public Route taking(String media) {
        return new Route(method, path, scope, errors, endpoint, mayBlock, keyInQuery, about, media);
    }

    /** The same route, answered by another endpoint. */
    public Route answeredBy(Endpoint other) {
        return new Route(method, path, scope, errors, other, mayBlock, keyInQuery, about, takes);
    }

    public Route {
        Objects.requireNonNull(method, "method");
        Objects.requireNonNull(errors, "errors");
        Objects.requireNonNull(endpoint, "endpoint");
        if (!path.startsWith("/")) {
            throw new IllegalArgumentException("a route's path begins with '/': " + path);
        }
    }
}

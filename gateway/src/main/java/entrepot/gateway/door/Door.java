package entrepot.gateway.door;

import entrepot.conversation.Failed;
import entrepot.conversation.Failure;
import entrepot.http.Exchange;
import entrepot.http.Handler;
import entrepot.http.Headers;
import entrepot.identity.Caller;
import entrepot.identity.Ids;
import entrepot.identity.Keys;

import org.jspecify.annotations.Nullable;

import java.time.InstantSource;
import java.util.List;
import java.util.Locale;

/**
 * Lets requests in. In this order: the route is found, the caller is resolved from the presented
 * key (there is no default identity), the route's scope is required of the caller, the body's type
 * is checked, and the route's endpoint answers. Whatever is thrown on the way is told in the
 * route's dialect.
 */
public final class Door implements Handler {

    private final Router router;
    private final Keys keys;
    private final Signatures signatures;
    private final Ids ids;
    private final InstantSource clock;
    private final ErrorShape errors;

    /**
     * @param errors for what no route has claimed
     */
    public Door(List<Route> routes, Keys keys, Ids ids, InstantSource clock, ErrorShape errors) {
        this.router = new Router(routes);
        this.keys = keys;
        this.signatures = new Signatures(keys);
        this.ids = ids;
        this.clock = clock;
        this.errors = errors;
    }

    @Override
    public void handle(Exchange exchange) throws InterruptedException {
        var call = new Call(exchange, ids.next("req_"), clock);
        switch (router.find(exchange.method(), exchange.path())) {
            case Router.Found.Match match -> answer(exchange, call, match);
            case Router.Found.OtherMethods other -> refuseMethod(exchange, call, other);
            case Router.Found.Nothing _ -> {
                call.speak(errors);
                Answering.refuse(
                        call,
                        Failure.of(
                                Failure.Cause.NOT_FOUND,
                                "Unknown request URL: nothing is served at this path."));
            }
        }
    }

    @Override
    public boolean mayBlock(String method, String path) {
        return !(router.find(method, path) instanceof Router.Found.Match match)
                || match.route().mayBlock();
    }

    private void answer(Exchange exchange, Call call, Router.Found.Match match)
            throws InterruptedException {
        Route route = match.route();
        call.speak(route.errors());
        Failed _ =
                Answering.answer(
                        call,
                        route.path(),
                        admitting -> {
                            admitting.admit(match.parameters(), admitted(exchange, route));
                            requireType(exchange, route.takes());
                            route.endpoint().answer(admitting);
                        });
    }

    private @Nullable Caller admitted(Exchange exchange, Route route) {
        Caller.Scope scope = route.scope();
        if (scope == null) {
            return null;
        }
        Caller caller = caller(exchange, route);
        if (!caller.may(scope)) {
            throw new Failed(
                    Failure.of(
                            Failure.Cause.FORBIDDEN,
                            "The API key lacks the scope '"
                                    + scope.name().toLowerCase(Locale.ROOT)
                                    + "' that this needs. Use a key that has it, or make one"
                                    + " with: entrepot keys create --scope "
                                    + scope.name().toLowerCase(Locale.ROOT)));
        }
        return caller;
    }

    /** From a verified signature, or else from the key that is shown. */
    private Caller caller(Exchange exchange, Route route) {
        if (Signatures.isSigned(exchange)) {
            return signatures.caller(exchange, clock.instant());
        }
        String query = route.keyInQuery() ? exchange.query() : "";
        String presented = Credentials.presented(exchange.headers(), query);
        return keys.resolve(presented).orElseThrow(Credentials::unknown);
    }

    /** No type at all is taken for the right one, as many a script sends none. */
    private static void requireType(Exchange exchange, String takes) {
        String type = exchange.headers().get("content-type");
        if (type == null || exchange.body().length == 0) {
            return;
        }
        int end = type.indexOf(';');
        String media = (end < 0 ? type : type.substring(0, end)).strip();
        if (!media.equalsIgnoreCase(takes)) {
            throw new Failed(
                    new Failure(
                            Failure.Cause.INVALID_REQUEST,
                            "The body's Content-Type is '" + media + "'; send '" + takes + "'.",
                            null,
                            "unsupported_media_type",
                            null,
                            null,
                            null));
        }
    }

    private static void refuseMethod(
            Exchange exchange, Call call, Router.Found.OtherMethods other) {
        String allow = String.join(", ", other.methods());
        call.speak(other.like().errors());
        byte[] body =
                call.shape()
                        .body(
                                new Failure(
                                        Failure.Cause.INVALID_REQUEST,
                                        exchange.method()
                                                + " is not allowed here; allowed: "
                                                + allow
                                                + ".",
                                        null,
                                        "method_not_allowed",
                                        null,
                                        null,
                                        null));
        call.respond(405, Headers.of("content-type", "application/json", "allow", allow), body);
    }
}

package entrepot.gateway.door;

import entrepot.conversation.Failure;
import entrepot.http.BodyWriter;
import entrepot.http.Exchange;
import entrepot.http.Headers;
import entrepot.http.Incoming;
import entrepot.http.WebSocket;
import entrepot.identity.Caller;
import entrepot.protocols.json.Json;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * One admitted request: what was asked, by whom, and the way to answer, which adds the headers that
 * every answer carries.
 */
public final class Call {

    private final Exchange exchange;
    private final String requestId;
    private final InstantSource clock;
    private final Instant startedAt;
    private Map<String, String> parameters = Map.of();
    private @Nullable Caller caller;
    private @Nullable Extension extension;
    private boolean answered;
    private boolean bare;
    private ErrorShape shape = new OpenAiShape();

    Call(Exchange exchange, String requestId, InstantSource clock) {
        this(exchange, requestId, clock, clock.instant());
    }

    private Call(Exchange exchange, String requestId, InstantSource clock, Instant startedAt) {
        this.exchange = exchange;
        this.requestId = requestId;
        this.clock = clock;
        this.startedAt = startedAt;
    }

    /**
     * The same call, to be answered elsewhere.
     *
     * @param way makes the exchange there of this one's; answers get no headers beside their own
     */
    public Call by(UnaryOperator<Exchange> way) {
        var other = new Call(way.apply(exchange), requestId, clock, startedAt);
        other.parameters = parameters;
        other.caller = caller;
        other.shape = shape;
        other.bare = true;
        return other;
    }

    /** Tells in which dialect it is answered. */
    void speak(ErrorShape dialect) {
        shape = dialect.of(this);
    }

    /** How failures are told to this caller. */
    ErrorShape shape() {
        return shape;
    }

    void admit(Map<String, String> parameters, @Nullable Caller caller) {
        this.parameters = parameters;
        this.caller = caller;
    }

    /** Who asks. Only a route that needs a scope may want to know. */
    public Caller caller() {
        if (caller == null) {
            throw new IllegalStateException("the route lets anyone in, so nobody was asked");
        }
        return caller;
    }

    /** A parameter of the route's path, decoded. */
    public String parameter(String name) {
        String value = parameters.get(name);
        if (value == null) {
            throw new IllegalStateException("the route has no parameter " + name);
        }
        return value;
    }

    /** A parameter of the route's path, decoded; null where this route has none of the name. */
    public @Nullable String parameterIf(String name) {
        return parameters.get(name);
    }

    public String requestId() {
        return requestId;
    }

    public Instant startedAt() {
        return startedAt;
    }

    /** How long ago it came. */
    public long elapsedMillis() {
        return Math.max(0, clock.millis() - startedAt.toEpochMilli());
    }

    /** As it was sent, with nothing decoded. */
    public String target() {
        return exchange.path() + "?" + exchange.query();
    }

    public Query query() {
        return new Query(exchange.query());
    }

    public @Nullable String header(String name) {
        return exchange.headers().get(name);
    }

    /** All values of a header, in their order, as one list. */
    public @Nullable String headerList(String name) {
        String list = null;
        for (Headers.Field field : exchange.headers().fields()) {
            if (field.name().equalsIgnoreCase(name)) {
                list = list == null ? field.value() : list + ", " + field.value();
            }
        }
        return list;
    }

    public byte[] body() {
        return exchange.body();
    }

    /** The body without the member {@code entrepot}, which is said to this gateway alone. */
    public byte[] plainBody() {
        return split().rest();
    }

    /** What the body's member {@code entrepot} says; null when it has none. */
    public @Nullable JsonNode extension() {
        return split().said();
    }

    private Extension split() {
        Extension known = extension;
        if (known == null) {
            known = Extension.of(exchange.body());
            extension = known;
        }
        return known;
    }

    /** The body as a JSON object to be read strictly. */
    public Fields fields() {
        return Fields.of("", Json.read(exchange.body(), Failure.Cause.INVALID_REQUEST));
    }

    /** Whether an answer has been begun. */
    public boolean answered() {
        return answered;
    }

    public void respond(int status, JsonNode json) {
        respond(status, Headers.of("content-type", "application/json"), Json.write(json));
    }

    public void respond(int status, Headers headers, byte[] body) {
        answered = true;
        exchange.respond(status, complete(headers), body);
    }

    public BodyWriter open(int status, Headers headers) {
        answered = true;
        return exchange.open(status, complete(headers));
    }

    /** Whether the server is stopping; see {@link Exchange#ending}. */
    public boolean ending() {
        return exchange.ending();
    }

    public Exchange.End relay(
            Incoming upstream, int status, Headers headers, Exchange.Filter filter)
            throws InterruptedException {
        answered = true;
        return exchange.relay(upstream, status, complete(headers), filter);
    }

    /** Whether the request asks for a WebSocket. */
    public boolean wantsWebSocket() {
        return exchange.wantsWebSocket();
    }

    /** Accepts the upgrade; what goes wrong afterwards is told in messages. */
    public WebSocket webSocket() throws InterruptedException {
        answered = true;
        return exchange.webSocket();
    }

    private Headers complete(Headers headers) {
        if (bare) {
            return headers;
        }
        List<Headers.Field> fields = new ArrayList<>(headers.fields());
        fields.add(new Headers.Field("x-request-id", requestId));
        fields.addAll(shape.marks(this, elapsedMillis()).fields());
        return Headers.of(fields);
    }
}

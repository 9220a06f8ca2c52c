package entrepot.gateway.idempotency;

import entrepot.http.BodyWriter;
import entrepot.http.CallFailed;
import entrepot.http.Exchange;
import entrepot.http.Headers;
import entrepot.http.Incoming;
import entrepot.http.WebSocket;

/**
 * The request of whoever came first, answered into a flight: its own client may come and go.
 *
 * @param asked read for what was asked only
 */
record FlightExchange(Exchange asked, Flight flight) implements Exchange {

    @Override
    public String method() {
        return asked.method();
    }

    @Override
    public String path() {
        return asked.path();
    }

    @Override
    public String query() {
        return asked.query();
    }

    @Override
    public Headers headers() {
        return asked.headers();
    }

    @Override
    public byte[] body() {
        return asked.body();
    }

    @Override
    public String remote() {
        return asked.remote();
    }

    @Override
    public boolean wantsWebSocket() {
        return false;
    }

    @Override
    public boolean gone() {
        return false;
    }

    @Override
    public boolean ending() {
        return asked.ending();
    }

    @Override
    public void respond(int status, Headers headers, byte[] body) {
        flight.whole(status, headers, body);
    }

    @Override
    public BodyWriter open(int status, Headers headers) {
        flight.begin(new Flight.Head(status, headers, true));
        return new Writer();
    }

    @Override
    public End relay(Incoming upstream, int status, Headers headers, Filter filter)
            throws InterruptedException {
        flight.begin(new Flight.Head(status, headers, true));
        try (upstream) {
            byte[] chunk;
            while ((chunk = upstream.next()) != null) {
                flight.say(filter.chunk(chunk));
            }
            flight.say(filter.end());
            flight.said(true);
            return End.COMPLETE;
        } catch (CallFailed e) {
            End how = how(e);
            flight.say(filter.broken(how));
            return how;
        } catch (InterruptedException nobodyListens) {
            flight.desert();
            return End.CLIENT_LEFT;
        }
    }

    private static End how(CallFailed failure) {
        return switch (failure.reason()) {
            case CONNECT_TIMEOUT, FIRST_BYTE_TIMEOUT, IDLE_TIMEOUT, TOTAL_TIMEOUT -> End.TIMED_OUT;
            case NOT_CONNECTED, BROKEN, TOO_LARGE, MALFORMED -> End.UPSTREAM_BROKE;
        };
    }

    @Override
    public WebSocket webSocket() {
        throw new IllegalStateException("a keyed call is no WebSocket");
    }

    /** Says what is written. */
    private final class Writer implements BodyWriter {

        private boolean closed;

        @Override
        public void write(byte[] bytes) throws InterruptedException {
            flight.say(bytes.clone());
        }

        @Override
        public void abort() {
            closed = true;
        }

        @Override
        public void close() {
            if (!closed) {
                closed = true;
                flight.said(true);
            }
        }
    }
}

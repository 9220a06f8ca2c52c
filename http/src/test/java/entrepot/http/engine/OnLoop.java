package entrepot.http.engine;

import entrepot.http.Exchange;
import entrepot.http.Handler;

/** A handler of which it is said that it never blocks its carrier. */
record OnLoop(Handler handler) implements Handler {

    @Override
    public void handle(Exchange exchange) throws InterruptedException {
        handler.handle(exchange);
    }

    @Override
    public boolean mayBlock(String method, String path) {
        return false;
    }
}

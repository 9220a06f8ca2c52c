package entrepot.http.engine;

import entrepot.http.Handler;

/** All of it again, with the handlers' threads carried by the loops. */
class HttpServerOnLoopTest extends HttpServerTest {

    @Override
    Handler carried(Handler handler) {
        return new OnLoop(handler);
    }
}

package entrepot.http.engine;

import entrepot.http.Handler;

/** All of it again, with the handler's thread carried by the loop that it waits for. */
class RelayOnLoopTest extends RelayTest {

    @Override
    Handler carried(Handler handler) {
        return new OnLoop(handler);
    }
}

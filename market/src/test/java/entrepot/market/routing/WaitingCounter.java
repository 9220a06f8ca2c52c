package entrepot.market.routing;

import entrepot.conversation.EventSink;
import entrepot.http.Exchange;
import entrepot.http.Incoming;
import entrepot.market.Counter;
import entrepot.market.Deal;

import java.util.concurrent.CountDownLatch;

/** Says that it was opened, then takes nothing until it may. */
record WaitingCounter(CountDownLatch opened, CountDownLatch go) implements Counter {

    @Override
    public void whole(Deal deal, int status, String contentType, byte[] body)
            throws InterruptedException {
        await();
    }

    @Override
    public Exchange.End relay(Deal deal, Incoming stream, Exchange.Filter filter)
            throws InterruptedException {
        await();
        return Exchange.End.COMPLETE;
    }

    @Override
    public EventSink open(Deal deal) throws InterruptedException {
        await();
        return event -> {};
    }

    private void await() throws InterruptedException {
        opened.countDown();
        go.await();
    }
}

package entrepot.runtime.testing;

import entrepot.conversation.Event;
import entrepot.conversation.EventSink;
import entrepot.conversation.Failed;
import entrepot.conversation.Request;
import entrepot.identity.Caller;
import entrepot.market.Counter;
import entrepot.market.Deal;
import entrepot.market.Market;
import entrepot.market.Money;
import entrepot.market.Order;
import entrepot.market.Receipt;

import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/**
 * A market whose model answers from a script: by default the n-th call gets the n-th answer, and
 * the last answer is given for ever after. Keeps every order and request.
 */
public final class ScriptedMarket implements Market {

    private final Function<Request, Scripted> model;
    private final List<Order> orders = new CopyOnWriteArrayList<>();
    private final List<Request> requests = new CopyOnWriteArrayList<>();
    private final AtomicInteger cancelled = new AtomicInteger();

    private ScriptedMarket(Function<Request, Scripted> model) {
        this.model = model;
    }

    /** Answers in order. */
    public static ScriptedMarket of(Scripted... answers) {
        List<Scripted> script = List.of(answers);
        AtomicInteger next = new AtomicInteger();
        return new ScriptedMarket(
                request -> script.get(Math.min(next.getAndIncrement(), script.size() - 1)));
    }

    /** Answers each request by its content, so that the same request gets the same answer. */
    public static ScriptedMarket answering(Function<Request, Scripted> model) {
        return new ScriptedMarket(model);
    }

    @Override
    public Receipt buy(Order order, Counter counter) throws InterruptedException {
        Request request = order.request().get();
        orders.add(order);
        requests.add(request);
        try {
            return switch (model.apply(request)) {
                case Scripted.Events answer -> {
                    send(order, counter, answer.events());
                    yield receipt(order, Receipt.Outcome.DELIVERED);
                }
                case Scripted.Refuses refusal -> throw new Failed(refusal.failure());
                case Scripted.Hangs hang -> {
                    send(order, counter, hang.events());
                    new CountDownLatch(1).await();
                    throw new IllegalStateException("nobody opens this latch");
                }
            };
        } catch (InterruptedException e) {
            cancelled.incrementAndGet();
            throw e;
        }
    }

    private static void send(Order order, Counter counter, List<Event> events)
            throws InterruptedException {
        EventSink sink = counter.open(new Deal(order.id(), order.model(), "scripted", "1", 1));
        for (Event event : events) {
            sink.accept(event);
        }
    }

    private static Receipt receipt(Order order, Receipt.Outcome outcome) {
        Order.Work work = order.work();
        return Receipt.builder()
                .id("rcpt_" + order.id())
                .orderId(order.id())
                .attempt(1)
                .tenant(order.caller().tenant())
                .team(order.caller().team())
                .principal(order.caller().principal())
                .keyId(order.caller().keyId())
                .storefront(order.storefront())
                .modelAsked(order.model())
                .model(order.model())
                .supplier("scripted")
                .outcome(outcome)
                .usage(Scripted.USAGE)
                .cost(Money.of("0.001", "USD"))
                .startedAt(Instant.EPOCH)
                .endedAt(Instant.EPOCH)
                .firstEventMillis(1L)
                .sessionId(work == null ? null : work.sessionId())
                .turnId(work == null ? null : work.turnId())
                .build();
    }

    @Override
    public List<Listing> models(Caller caller) {
        return List.of(new Listing("scripted", "entrepot", 0, "for tests", List.of("scripted")));
    }

    public List<Order> orders() {
        return List.copyOf(orders);
    }

    public List<Request> requests() {
        return List.copyOf(requests);
    }

    /** How many calls their callers left. */
    public int cancelled() {
        return cancelled.get();
    }
}

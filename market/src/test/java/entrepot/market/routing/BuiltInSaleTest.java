package entrepot.market.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import entrepot.conversation.Event;
import entrepot.conversation.Failed;
import entrepot.conversation.Failure;
import entrepot.conversation.Failure.Cause;
import entrepot.conversation.Usage.Meter;
import entrepot.identity.Caller;
import entrepot.identity.Caller.Scope;
import entrepot.market.Market.Listing;
import entrepot.market.Money;
import entrepot.market.Order;
import entrepot.market.Receipt;
import entrepot.market.Receipt.Outcome;
import entrepot.market.testing.CollectingCounter;
import entrepot.market.testing.ScriptedModel;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;

/** The market with nothing but a model in this process: gates, receipts, endings. */
class BuiltInSaleTest {

    private final Stall stall = new Stall("aliases: {fast: entrepot/echo-1}", new NoHttp());
    private final CollectingCounter counter = new CollectingCounter();

    @Test
    void deliversAnAnswerAndWritesItsReceipt() throws Exception {
        stall.model.then(ScriptedModel.says("good morning", 7));
        Receipt receipt =
                stall.broker.buy(
                        stall.order(
                                Stall.ANNA, "fast", null, new Order.Work("sess_1", "turn_1", 1)),
                        counter);
        assertThat(counter.text()).isEqualTo("good morning");
        assertThat(stall.ledger.all()).containsExactly(receipt);
        assertThat(receipt.outcome()).isEqualTo(Outcome.DELIVERED);
        assertThat(receipt.modelAsked()).isEqualTo("fast");
        assertThat(receipt.model()).isEqualTo("entrepot/echo-1");
        assertThat(receipt.supplier()).isEqualTo("built-in");
        assertThat(receipt.usage().of(Meter.FRESH_INPUT)).isEqualTo(7);
        assertThat(receipt.usage().of(Meter.OUTPUT)).isEqualTo(3);
        assertThat(receipt.cost()).isEqualTo(Money.zero("USD"));
        assertThat(receipt.sessionId()).isEqualTo("sess_1");
        assertThat(receipt.verdicts())
                .extracting(Receipt.Verdict::gate)
                .containsExactly("key", "ledger", "capacity", "route");
        assertThat(receipt.verdicts()).allMatch(Receipt.Verdict::passed);
    }

    @Test
    void refusesAKeyThatLacksTheScope() {
        var agentsOnly = new Caller("tn_a", "press", "bot", "key_2", Set.of(Scope.AGENTS));
        Failed failed =
                catchThrowableOfType(
                        Failed.class,
                        () ->
                                stall.broker.buy(
                                        stall.order(agentsOnly, "fast", null, null), counter));
        assertThat(failed.failure().cause()).isEqualTo(Cause.FORBIDDEN);
        assertThat(failed.failure().message()).contains("key_2", "MODELS");
        Receipt receipt = stall.ledger.all().getFirst();
        assertThat(receipt.outcome()).isEqualTo(Outcome.REFUSED);
        assertThat(receipt.verdicts()).hasSize(1);
        assertThat(receipt.verdicts().getFirst().passed()).isFalse();
        assertThat(counter.deal()).isNull();
        assertThat(stall.broker.models(agentsOnly)).isNotEmpty();
        assertThat(stall.broker.models(new Caller("t", "t", "p", "k", Set.of()))).isEmpty();
    }

    @Test
    void refusesAnUnknownModelAndGuessesWhatWasMeant() {
        Failed failed =
                catchThrowableOfType(
                        Failed.class, () -> stall.broker.buy(stall.order("fasst"), counter));
        assertThat(failed.failure().cause()).isEqualTo(Cause.MODEL_NOT_FOUND);
        assertThat(failed.failure().param()).isEqualTo("model");
        assertThat(failed.failure().message()).contains("'fasst'", "did you mean 'fast'?");
        assertThat(stall.ledger.all().getFirst().outcome()).isEqualTo(Outcome.REFUSED);
    }

    @Test
    void limitsTheOrdersOfOneKeyWithACodeOfItsOwn() throws Exception {
        // R65: our own limit does not look like a supplier's
        var inside = new CountDownLatch(3);
        var leave = new CountDownLatch(1);
        var threads = new Thread[3];
        for (int i = 0; i < 3; i++) {
            threads[i] =
                    Thread.ofVirtual()
                            .start(() -> {
                                try {
                                    stall.broker.buy(
                                            stall.order("fast"), new WaitingCounter(inside, leave));
                                } catch (InterruptedException e) {
                                    throw new AssertionError(e);
                                }
                            });
        }
        inside.await();
        Failed failed =
                catchThrowableOfType(
                        Failed.class, () -> stall.broker.buy(stall.order("fast"), counter));
        assertThat(failed.failure().cause()).isEqualTo(Cause.LIMITED);
        assertThat(failed.failure().code()).isEqualTo("key_concurrency");
        leave.countDown();
        for (Thread thread : threads) {
            thread.join();
        }
        stall.broker.buy(stall.order("fast"), counter);
        assertThat(stall.ledger.all()).hasSize(5);
    }

    @Test
    void takesNoOrderThatCouldNotBeAccountedFor() {
        // R93
        stall.ledger.keepUp(false);
        Failed failed =
                catchThrowableOfType(
                        Failed.class, () -> stall.broker.buy(stall.order("fast"), counter));
        assertThat(failed.failure().code()).isEqualTo("ledger_behind");
        assertThat(stall.model.requests()).isEmpty();
    }

    @Test
    void estimatesWhatACancelledAnswerUsed() {
        // R53, R64
        stall.model.then(ScriptedModel.says("x".repeat(400), 7));
        assertThatThrownBy(() ->
                        stall.broker.buy(
                                stall.order("fast"), new CollectingCounter().leavingAfter(2)))
                .isInstanceOf(InterruptedException.class);
        Receipt receipt = stall.ledger.all().getFirst();
        assertThat(receipt.outcome()).isEqualTo(Outcome.CANCELLED);
        assertThat(receipt.usage().estimated()).isTrue();
        assertThat(receipt.usage().of(Meter.FRESH_INPUT)).isEqualTo(3);
        assertThat(receipt.usage().of(Meter.OUTPUT)).isEqualTo(100);
    }

    @Test
    void tellsTheCounterWhenAnAnswerBreaksOff() throws Exception {
        stall.model.then(new Event.Started("a", "b"), new Event.TextDelta(0, "half an ans"));
        Receipt receipt = stall.broker.buy(stall.order("fast"), counter);
        assertThat(receipt.outcome()).isEqualTo(Outcome.BROKEN);
        assertThat(counter.events().getLast()).isInstanceOf(Event.Failed.class);
        assertThat(receipt.detail()).contains("broke off");
    }

    @Test
    void throwsWhatFailsBeforeTheFirstContent() {
        stall.model.then(
                new Event.Started("a", "b"),
                new Event.Failed(Failure.at(Cause.INVALID_REQUEST, "no such tool", "tools[0]")));
        Failed failed =
                catchThrowableOfType(
                        Failed.class, () -> stall.broker.buy(stall.order("fast"), counter));
        assertThat(failed.failure().param()).isEqualTo("tools[0]");
        assertThat(counter.deal()).isNull();
        assertThat(stall.ledger.all()).hasSize(1);
        assertThat(stall.ledger.all().getFirst().outcome()).isEqualTo(Outcome.FAILED);
    }

    @Test
    void listsModelsAndAliases() {
        List<Listing> listings = stall.broker.models(Stall.ANNA);
        assertThat(listings).extracting(Listing::id).containsExactly("entrepot/echo-1", "fast");
        assertThat(listings.getFirst().vendor()).isEqualTo("entrepot");
        assertThat(listings.getFirst().note()).isEqualTo("says what a test tells it to");
    }
}

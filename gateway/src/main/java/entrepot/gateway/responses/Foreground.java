package entrepot.gateway.responses;

import entrepot.conversation.Event;
import entrepot.conversation.Failed;
import entrepot.conversation.Failure;
import entrepot.conversation.StopReason;
import entrepot.gateway.responses.Production.Batch;
import entrepot.gateway.responses.Scribe.Result;
import entrepot.identity.Ids;
import entrepot.market.Deal;
import entrepot.market.Market;
import entrepot.runtime.responses.ConversationStore;
import entrepot.runtime.responses.Ending;
import entrepot.runtime.responses.ResponseStore;
import entrepot.runtime.responses.ResponseStore.Held;
import entrepot.runtime.responses.StoredEvent;
import entrepot.runtime.responses.StoredItem;
import entrepot.runtime.responses.StoredResponse.Status;
import entrepot.runtime.responses.Upkeep;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.node.ObjectNode;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Makes responses while their callers wait. What is told of a stored response is stored first; its
 * last event goes out when all of it is stored.
 */
final class Foreground {

    private final Market market;
    private final ResponseStore store;
    private final ConversationStore conversations;
    private final Upkeep upkeep;
    private final Ids ids;
    private final InstantSource clock;
    private final ResponsesSettings settings;

    Foreground(ResponsesApi.Parts parts, Upkeep upkeep) {
        this.market = parts.market();
        this.store = parts.responses();
        this.conversations = parts.conversations();
        this.upkeep = upkeep;
        this.ids = parts.ids();
        this.clock = parts.clock();
        this.settings = parts.settings();
    }

    /** A response that was told whole, and who made it. */
    record Made(@Nullable Deal deal, Result result) {}

    /**
     * Makes a response that is told when it is whole.
     *
     * @throws Failed when it could not be made; nothing is kept of it then
     * @throws InterruptedException when its caller has left
     */
    Made whole(Job job) throws InterruptedException {
        Scribe scribe = scribe(job);
        try (var production = start(job, scribe, false)) {
            while (true) {
                Batch batch = production.next();
                if (batch.last()) {
                    Result result = result(batch, scribe);
                    if (result.status() == Status.FAILED) {
                        throw new Failed(Objects.requireNonNull(scribe.failure(), "failure"))
                                .afterWork();
                    }
                    if (job.asked().store()) {
                        store.keep(
                                job.kept(Status.IN_PROGRESS, result.shown(), List.of()),
                                ending(result, List.of()));
                    } else {
                        converse(job, result);
                    }
                    return new Made(batch.deal(), result);
                }
            }
        }
    }

    /**
     * Makes a response that is told as it comes.
     *
     * @throws Failed when it could not be made and nothing was told of it
     * @throws InterruptedException when its caller has left
     */
    Result stream(Job job, Telling telling) throws InterruptedException {
        Scribe scribe = scribe(job);
        @Nullable Held held = null;
        try (var production = start(job, scribe, true)) {
            while (true) {
                Batch batch = production.next();
                Result result = batch.last() ? result(batch, scribe) : null;
                held = store(job, batch.events(), result, held);
                telling.tell(batch.deal(), batch.events());
                if (result != null) {
                    return result;
                }
            }
        } catch (InterruptedException left) {
            if (held != null) {
                abandon(held);
            }
            throw left;
        } finally {
            if (held != null) {
                upkeep.drop(held);
            }
        }
    }

    /** Answers a request that asks for no answer: it only says what will be built upon. */
    Result warmUp(Job job, Telling telling) throws InterruptedException {
        Scribe scribe = scribe(job);
        var events = new ArrayList<StoredEvent>();
        events.addAll(scribe.write(new Event.Started("", job.asked().model())));
        events.addAll(scribe.write(new Event.Finished(StopReason.END)));
        events.addAll(scribe.end());
        Result result = Objects.requireNonNull(scribe.result(), "result");
        store(job, events, result, null);
        telling.tell(null, events);
        return result;
    }

    private Scribe scribe(Job job) {
        return new Scribe(job.asked(), job.id(), job.createdSeconds(), ids, clock);
    }

    private Production start(Job job, Scribe scribe, boolean stream) {
        return Production.start(
                market,
                job.order(ids.next("ord_"), clock.instant().plus(settings.patience()), stream),
                scribe);
    }

    private static Result result(Batch batch, Scribe scribe) {
        if (batch.refusal() != null) {
            throw batch.refusal();
        }
        return Objects.requireNonNull(scribe.result(), "a response that ended has a result");
    }

    /** Returns under which lease it is held, once it is and while it is. */
    private @Nullable Held store(
            Job job, List<StoredEvent> events, @Nullable Result result, @Nullable Held held)
            throws InterruptedException {
        if (!job.asked().store()) {
            if (result != null) {
                converse(job, result);
            }
            return null;
        }
        if (held == null) {
            return first(job, events, result);
        }
        boolean ours =
                result == null
                        ? store.append(held.key(), held.epoch(), events)
                        : store.end(held.key(), held.epoch(), ending(result, events));
        if (!ours) {
            throw new InterruptedException("the response was deleted while it was made");
        }
        return held;
    }

    private @Nullable Held first(Job job, List<StoredEvent> events, @Nullable Result result) {
        if (result != null) {
            store.keep(
                    job.kept(Status.IN_PROGRESS, result.shown(), List.of()),
                    ending(result, events));
            return null;
        }
        ObjectNode shown = scribe(job).opening(Status.IN_PROGRESS);
        var held = new Held(job.key(), store.create(job.kept(Status.IN_PROGRESS, shown, events)));
        Thread maker = Thread.currentThread();
        upkeep.hold(held, maker::interrupt);
        return held;
    }

    /** Its caller has left: what was told stays, and that it went no further. */
    private void abandon(Held held) {
        store.find(held.key())
                .map(found -> Items.object(found.body()))
                .ifPresent(body -> {
                    body.put("status", Status.CANCELLED.word());
                    store.stop(
                            held.key(),
                            held.epoch(),
                            Status.CANCELLED,
                            Items.text(body),
                            number -> Scribe.event("response.cancelled", number, body));
                });
    }

    static Ending ending(Result result, List<StoredEvent> events) {
        return new Ending(
                result.status(),
                Items.text(result.shown()),
                result.status() == Status.FAILED ? List.of() : Items.stored(result.output()),
                events);
    }

    /** A response that is not kept still belongs to its conversation. */
    private void converse(Job job, Result result) {
        String conversation = job.asked().conversation();
        if (conversation == null || result.status() == Status.FAILED) {
            return;
        }
        List<StoredItem> items = new ArrayList<>(job.fresh());
        items.addAll(Items.stored(result.output()));
        if (!conversations.append(job.caller().tenant(), conversation, items)) {
            throw new Failed(
                    Failure.of(
                            Failure.Cause.CONFLICT,
                            "The conversation was deleted while the response was made."));
        }
    }
}

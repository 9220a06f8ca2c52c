package entrepot.runtime.faults;

import entrepot.conversation.Extras;
import entrepot.conversation.Failed;
import entrepot.conversation.Failure;
import entrepot.conversation.Part;
import entrepot.identity.Caller;
import entrepot.runtime.agents.AgentSnapshot;
import entrepot.runtime.facts.Fact;
import entrepot.runtime.session.Cursor;
import entrepot.runtime.session.Entry;
import entrepot.runtime.session.Feed;
import entrepot.runtime.session.Sessions;
import entrepot.runtime.session.View;
import entrepot.store.DatabaseFailed;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.json.JsonMapper;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * A client of one session. It notes what it was told, and begins again from the start after a
 * death: every request has an idempotency key, and the stream is taken up where it was left.
 */
final class Client {

    private static final Duration LOOK = Duration.ofMillis(400);
    private static final int TRIES_MAX = 4_000;
    private static final int TRY_AGAIN_MILLIS = 20;

    private final Sessions sessions;
    private final Caller caller;
    private final Outside outside;
    private final String name;
    private final List<String> plans;
    private final Predicate<String> settled;

    /**
     * @param settled whether nobody holds a session and nothing of it is due
     */
    Client(
            Sessions sessions,
            Caller caller,
            Outside outside,
            String name,
            List<String> plans,
            Predicate<String> settled) {
        this.sessions = sessions;
        this.caller = caller;
        this.outside = outside;
        this.name = name;
        this.plans = plans;
        this.settled = settled;
    }

    /** What the n-th message says. */
    static String message(String client, int number, String plan) {
        return client + "-" + number + ":" + plan;
    }

    private static List<Part> text(String text) {
        return List.of(new Part.Text(text, Extras.NONE));
    }

    void run() throws InterruptedException {
        String first = message(name, 0, plans.getFirst());
        Sessions.NewSession wanted =
                new Sessions.NewSession(agent(), Map.of(), List.of(text(first)));
        String id = patiently(() -> sessions.create(caller, wanted, "create-" + name)).id();
        outside.accepted(id, first);
        List<Cursor> seen = outside.seen(id);
        Cursor from = seen.isEmpty() ? Cursor.START : seen.getLast();
        try (Feed feed = patiently(() -> sessions.follow(caller, id, from))) {
            follow(id, feed, from);
        }
    }

    private static AgentSnapshot agent() {
        return new AgentSnapshot(
                "agent_1",
                null,
                PlannedAnswers.MODEL,
                "Work.",
                List.of(
                        new AgentSnapshot.ToolSpec.Function("ask", null, null),
                        AgentSnapshot.ToolSpec.Server.at("world", "test:world", null)),
                JsonMapper.shared().createObjectNode());
    }

    private void follow(String id, Feed feed, Cursor from) throws InterruptedException {
        Cursor place = from;
        int posted = 1;
        boolean look = true;
        while (true) {
            boolean steers = posted < plans.size() && plans.get(posted - 1).contains("S");
            boolean atRest = look && patiently(() -> settled.test(id));
            View view = look || steers ? view(id) : null;
            look = view == null;
            if (view != null) {
                boolean rests =
                        atRest
                                && (view.status() == View.Status.IDLE
                                        || view.status() == View.Status.FAILED);
                if (posted < plans.size() && (steers || rests)) {
                    post(id, posted++);
                    look = true;
                    continue;
                }
                if (rests && place.compareTo(view.head()) >= 0) {
                    return;
                }
                act(id, view, posted);
            }
            List<Entry> entries = next(feed);
            if (!entries.isEmpty()) {
                outside.seen(id, entries.stream().map(Entry::cursor).toList());
                place = entries.getLast().cursor();
            }
            look = entries.isEmpty() || entries.stream().anyMatch(Client::matters);
        }
    }

    private View view(String id) throws InterruptedException {
        return patiently(() -> sessions.view(caller, id).orElseThrow());
    }

    /** Whether the client may have something to do after it. */
    private static boolean matters(Entry entry) {
        return entry instanceof Entry.Recorded recorded
                && switch (recorded.fact()) {
                    case Fact.ResultsAwaited awaited -> true;
                    case Fact.ModelCallStarted started -> true;
                    case Fact.TurnCompleted end -> true;
                    case Fact.TurnFailed end -> true;
                    case Fact.TurnCancelled end -> true;
                    default -> false;
                };
    }

    private void act(String id, View view, int posted) throws InterruptedException {
        for (View.RequiredAction action : view.requiredActions()) {
            Sessions.Input result =
                    new Sessions.Input.ToolResult(
                            action.turnId(), action.callId(), true, text("yes"), null);
            send(id, result, null);
        }
        if (view.status() == View.Status.IN_PROGRESS && plans.get(posted - 1).contains("H")) {
            send(id, new Sessions.Input.Cancel(), null);
        }
    }

    private void post(String id, int number) throws InterruptedException {
        String message = message(name, number, plans.get(number));
        send(id, new Sessions.Input.Message(text(message)), "post-" + name + "-" + number);
        outside.accepted(id, message);
    }

    private void send(String id, Sessions.Input input, @Nullable String key)
            throws InterruptedException {
        patiently(() -> {
            try {
                sessions.post(caller, id, List.of(input), key);
            } catch (Failed refused) {
                boolean late =
                        input instanceof Sessions.Input.ToolResult
                                && refused.failure().cause() == Failure.Cause.INVALID_REQUEST;
                if (!late) {
                    throw refused;
                }
            }
            return true;
        });
    }

    private static List<Entry> next(Feed feed) throws InterruptedException {
        for (int tries = 1; ; tries++) {
            try {
                return feed.next(LOOK);
            } catch (DatabaseFailed away) {
                again(tries, away);
            }
        }
    }

    private static <T> T patiently(Supplier<T> request) throws InterruptedException {
        for (int tries = 1; ; tries++) {
            try {
                return request.get();
            } catch (DatabaseFailed away) {
                again(tries, away);
            }
        }
    }

    private static void again(int tries, DatabaseFailed why) throws InterruptedException {
        if (tries == TRIES_MAX) {
            throw why;
        }
        TimeUnit.MILLISECONDS.sleep(TRY_AGAIN_MILLIS);
    }
}

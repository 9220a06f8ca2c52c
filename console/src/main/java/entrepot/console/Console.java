package entrepot.console;

import entrepot.conversation.Failed;
import entrepot.http.Exchange;
import entrepot.http.Handler;
import entrepot.identity.Caller;
import entrepot.identity.Keys;
import entrepot.market.Market;
import entrepot.market.Receipt;
import entrepot.market.ledger.Ledger;
import entrepot.runtime.session.Sessions;
import entrepot.runtime.session.Sessions.Session;
import entrepot.store.Page;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Everything under {@code /console}, and the way there. Reads, and takes answers to questions for
 * approval; whoever is not signed in is asked to.
 */
public final class Console implements Handler {

    private static final int SESSIONS_PER_PAGE = 50;
    private static final int RECEIPTS_MAX = 200;
    private static final String ASSETS = "/console/assets/";
    private static final String SESSION = "/console/sessions/";
    private static final String APPROVAL = "/console/approvals/";

    private final Sessions sessions;
    private final Ledger ledger;
    private final Market market;
    private final InstantSource clock;
    private final SignIn signIn;
    private final Assets assets = new Assets();
    private final Pages pages = new Pages();
    private final Live live;
    private final OpenQuestions questions;
    private final MarketPages marketPages;

    /** What the pages show, and the keys that open them. */
    public record Parts(
            Sessions sessions,
            Ledger ledger,
            Market market,
            Keys keys,
            MarketPages.Sources sources) {}

    /**
     * @param random for sign-in tokens: must be unpredictable
     */
    public Console(Parts parts, InstantSource clock, RandomGenerator random) {
        this.sessions = parts.sessions();
        this.ledger = parts.ledger();
        this.market = parts.market();
        this.clock = clock;
        this.signIn = new SignIn(parts.keys(), clock, random);
        this.marketPages = new MarketPages(parts.sources(), clock);
        this.live = new Live(sessions, ledger, pages);
        this.questions = new OpenQuestions(sessions, clock);
    }

    @Override
    public void handle(Exchange exchange) throws InterruptedException {
        String path = exchange.path();
        if (path.equals("/")) {
            Pages.redirect(exchange, "/console");
            return;
        }
        if (path.startsWith(ASSETS)) {
            if (!assets.answer(exchange, path.substring(ASSETS.length()), Pages.GUARD)) {
                exchange.respond(404, Pages.GUARD, new byte[0]);
            }
            return;
        }
        if (path.equals("/console/sign-in")) {
            signIn(exchange);
            return;
        }
        Optional<Caller> caller = signIn.caller(exchange.headers());
        if (caller.isEmpty()) {
            Pages.redirect(exchange, "/console/sign-in");
            return;
        }
        try {
            show(exchange, path, caller.get());
        } catch (Failed e) {
            problem(exchange, caller.get(), 409, "That did not work", e.failure().message());
        }
    }

    private void take(Exchange exchange, String path, Caller caller) {
        if (path.equals("/console/sign-out")) {
            if (SignIn.sameOrigin(exchange)) {
                String cookie = signIn.leave(exchange.headers());
                exchange.respond(
                        303,
                        Pages.GUARD.with("location", "/console/sign-in").with("set-cookie", cookie),
                        new byte[0]);
            } else {
                problem(exchange, caller, 403, "Not from here", "Another site sent this form.");
            }
        } else if (path.startsWith(APPROVAL)) {
            var form = new Form(exchange.body());
            if (signIn.isOurs(exchange, form)) {
                questions.answer(caller, path.substring(APPROVAL.length()), form);
                Pages.redirect(exchange, "/console/approvals");
            } else {
                problem(
                        exchange,
                        caller,
                        403,
                        "Not from here",
                        "This form was not made for your sign-in: open Approvals again.");
            }
        } else {
            problem(exchange, caller, 405, "Nothing to send here", "This page is for reading.");
        }
    }

    private void show(Exchange exchange, String path, Caller caller) throws InterruptedException {
        if (exchange.method().equals("POST")) {
            take(exchange, path, caller);
        } else if (!exchange.method().equals("GET")) {
            problem(exchange, caller, 405, "Nothing to send here", "These pages are for reading.");
        } else if (path.equals("/console") || path.equals("/console/")) {
            Pages.redirect(exchange, "/console/sessions");
        } else if (path.equals("/console/sessions")) {
            sessions(exchange, caller);
        } else if (path.equals("/console/approvals")) {
            approvals(exchange, caller);
        } else if (path.equals("/console/models")) {
            models(exchange, caller);
        } else if (path.equals("/console/receipts")) {
            receipts(exchange, caller);
        } else if (path.startsWith(SESSION) && path.endsWith("/live")) {
            String id = path.substring(SESSION.length(), path.length() - "/live".length());
            if (sessions.find(caller, id).isPresent()) {
                live.follow(exchange, caller, id);
            } else {
                exchange.respond(404, Pages.GUARD, new byte[0]);
            }
        } else if (path.startsWith(SESSION)) {
            session(exchange, caller, path.substring(SESSION.length()));
        } else {
            market(exchange, path, caller);
        }
    }

    private void market(Exchange exchange, String path, Caller caller) {
        MarketPages.Shown shown = marketPages.page(path, caller);
        if (shown == null) {
            problem(exchange, caller, 404, "No such page", "There is nothing at " + path + ".");
            return;
        }
        var parameters = new HashMap<String, Object>(shown.parameters());
        parameters.put("viewer", viewer(caller));
        pages.answer(exchange, 200, shown.template(), parameters);
    }

    private void signIn(Exchange exchange) {
        if (!exchange.method().equals("POST")) {
            pages.answer(exchange, 200, "signin", Map.of("problem", ""));
            return;
        }
        String cookie = SignIn.sameOrigin(exchange) ? signIn.enter(exchange.body()) : null;
        if (cookie == null) {
            pages.answer(
                    exchange,
                    403,
                    "signin",
                    Map.of(
                            "problem",
                            "That key is not known here, has ended, or may not manage a tenant."));
        } else {
            exchange.respond(
                    303,
                    Pages.GUARD.with("location", "/console/sessions").with("set-cookie", cookie),
                    new byte[0]);
        }
    }

    private void sessions(Exchange exchange, Caller caller) {
        var query = new Page.Query(after(exchange.query()), SESSIONS_PER_PAGE, false);
        Page<Session> page = sessions.list(caller, Sessions.Filter.ALL, query);
        String next = page.hasMore() ? page.data().getLast().id() : "";
        pages.answer(
                exchange,
                200,
                "sessions",
                Map.of(
                        "viewer", viewer(caller),
                        "rows", page.map(session -> row(caller, session)).data(),
                        "next", next));
    }

    private SessionRow row(Caller caller, Session session) {
        List<Receipt> receipts = ledger.ofSession(caller.tenant(), session.id());
        Instant active = Instant.ofEpochSecond(session.lastActiveSeconds());
        String asked =
                sessions.view(caller, session.id())
                        .map(SessionPage::asked)
                        .orElse("Nothing asked yet");
        String cost = Words.cost(receipts);
        return new SessionRow(
                session.id(),
                Pill.of(session.status()),
                asked,
                SessionPage.agent(session),
                session.agent().model(),
                session.usage().totalTokens(),
                Words.count(session.usage().totalTokens()),
                cost.split(" ")[0],
                cost,
                session.lastActiveSeconds(),
                active.toString(),
                Words.ago(active, clock.instant()));
    }

    private void session(Exchange exchange, Caller caller, String id) {
        Optional<SessionPage> page = live.page(caller, id);
        if (page.isEmpty()) {
            problem(
                    exchange,
                    caller,
                    404,
                    "No such session",
                    "It was deleted, or it belongs to another tenant.");
            return;
        }
        pages.answer(
                exchange, 200, "session", Map.of("viewer", viewer(caller), "page", page.get()));
    }

    private void approvals(Exchange exchange, Caller caller) {
        List<ApprovalRow> rows = questions.rows(caller);
        pages.answer(
                exchange,
                200,
                "approvals",
                Map.of(
                        "viewer",
                        new Viewer(caller.tenant(), caller.principal(), rows.size()),
                        "rows",
                        rows,
                        "token",
                        signIn.formToken(exchange.headers())));
    }

    private void models(Exchange exchange, Caller caller) {
        pages.answer(
                exchange,
                200,
                "models",
                Map.of("viewer", viewer(caller), "models", market.models(caller)));
    }

    private void receipts(Exchange exchange, Caller caller) {
        List<ReceiptRow> rows =
                ledger.latest(caller.tenant(), RECEIPTS_MAX).stream().map(ReceiptRow::of).toList();
        pages.answer(
                exchange, 200, "receiptlist", Map.of("viewer", viewer(caller), "receipts", rows));
    }

    private void problem(Exchange exchange, Caller caller, int status, String title, String text) {
        pages.answer(
                exchange,
                status,
                "problem",
                Map.of("viewer", viewer(caller), "title", title, "text", text));
    }

    private Viewer viewer(Caller caller) {
        return new Viewer(caller.tenant(), caller.principal(), questions.rows(caller).size());
    }

    private static @Nullable String after(String query) {
        return query.startsWith("after=") && query.length() <= 80 ? query.substring(6) : null;
    }
}

package entrepot.console;

import entrepot.http.BodyWriter;
import entrepot.http.Exchange;
import entrepot.http.sse.SseWriter;
import entrepot.identity.Caller;
import entrepot.market.ledger.Ledger;
import entrepot.runtime.session.Cursor;
import entrepot.runtime.session.Entry;
import entrepot.runtime.session.Feed;
import entrepot.runtime.session.Sessions;

import org.jspecify.annotations.Nullable;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A session's page while it lives: each fact as a moment, each piece of the answer as it is
 * written, and the conversation anew whenever a fact has changed it. Every event carries the
 * cursor, so a browser that reconnects goes on where it was.
 */
final class Live {

    private static final Duration LOOK = Duration.ofSeconds(2);
    private static final int FACTS_MAX = 10_000;

    private final Sessions sessions;
    private final Ledger ledger;
    private final Pages pages;

    Live(Sessions sessions, Ledger ledger, Pages pages) {
        this.sessions = sessions;
        this.ledger = ledger;
        this.pages = pages;
    }

    /** The page of one session as it stands; empty when the tenant has no such session. */
    Optional<SessionPage> page(Caller caller, String sessionId) {
        var session = sessions.find(caller, sessionId);
        var view = sessions.view(caller, sessionId);
        if (session.isEmpty() || view.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(
                SessionPage.of(
                        session.get(),
                        view.get(),
                        facts(caller, sessionId),
                        ledger.ofSession(caller.tenant(), sessionId)));
    }

    void follow(Exchange exchange, Caller caller, String sessionId) throws InterruptedException {
        Cursor after = cursor(exchange);
        try (Feed feed = sessions.follow(caller, sessionId, after);
                BodyWriter body =
                        exchange.open(200, Pages.GUARD.with("content-type", "text/event-stream"))) {
            body.write(SseWriter.comment("open"));
            // A browser comes back by itself, with its cursor, to whichever node answers then.
            while (!exchange.gone() && !exchange.ending()) {
                List<Entry> entries = feed.next(LOOK);
                if (entries.isEmpty()) {
                    body.write(SseWriter.comment("still here"));
                } else {
                    body.write(events(caller, sessionId, entries));
                }
            }
        }
    }

    private byte[] events(Caller caller, String sessionId, List<Entry> entries) {
        boolean facts = entries.stream().anyMatch(Entry.Recorded.class::isInstance);
        Optional<SessionPage> page = facts ? page(caller, sessionId) : Optional.empty();
        var out = new ByteArrayOutputStream();
        for (Entry entry : entries) {
            switch (entry) {
                case Entry.Recorded fact ->
                        page.flatMap(p -> moment(p, fact))
                                .ifPresent(
                                        moment -> put(out, entry, "moment", of("moment", moment)));
                case Entry.Piece piece ->
                        out.writeBytes(event("piece", entry, escape(piece.text())));
            }
        }
        page.ifPresent(now -> anew(out, entries.getLast(), now));
        return out.toByteArray();
    }

    /** What a fact may have changed anywhere on the page. */
    private void anew(ByteArrayOutputStream out, Entry last, SessionPage page) {
        put(out, last, "summary", of("page", page));
        put(out, last, "items", of("items", page.items()));
        put(out, last, "receipts", Map.of("receipts", page.receipts(), "heading", "Receipts"));
    }

    private void put(
            ByteArrayOutputStream out,
            Entry entry,
            String template,
            Map<String, Object> parameters) {
        out.writeBytes(event(template, entry, pages.render(template, parameters)));
    }

    private static byte[] event(String type, Entry entry, String html) {
        return SseWriter.event(type, id(entry), html.getBytes(StandardCharsets.UTF_8));
    }

    private List<Entry.Recorded> facts(Caller caller, String sessionId) {
        var facts = new ArrayList<Entry.Recorded>();
        for (Entry entry : sessions.recorded(caller, sessionId, Cursor.START, FACTS_MAX)) {
            if (entry instanceof Entry.Recorded recorded) {
                facts.add(recorded);
            }
        }
        return facts;
    }

    /** The moment of a fact: the page's own, which knows the receipts. */
    private static Optional<Moment> moment(SessionPage page, Entry.Recorded fact) {
        int index = (int) fact.cursor().seq() - 1;
        return index >= 0 && index < page.moments().size()
                ? Optional.of(page.moments().get(index))
                : Optional.empty();
    }

    private static String id(Entry entry) {
        return entry.cursor().seq() + "." + entry.cursor().part();
    }

    private static Map<String, Object> of(String name, Object value) {
        return Map.of(name, value);
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }

    /** Where to go on: the browser's own note after a reconnect, else the page's. */
    private static @Nullable Cursor cursor(Exchange exchange) {
        String last = exchange.headers().get("last-event-id");
        String query = exchange.query();
        String text = last != null ? last : query.startsWith("after=") ? query.substring(6) : null;
        if (text == null || !text.matches("\\d{1,18}\\.\\d{1,18}")) {
            return null;
        }
        int dot = text.indexOf('.');
        return new Cursor(
                Long.parseLong(text.substring(0, dot)), Long.parseLong(text.substring(dot + 1)));
    }
}

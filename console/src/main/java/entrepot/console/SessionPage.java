package entrepot.console;

import entrepot.market.Receipt;
import entrepot.runtime.facts.Fact;
import entrepot.runtime.session.Entry;
import entrepot.runtime.session.Sessions.Session;
import entrepot.runtime.session.View;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * All of one session that the page shows: a pure function of its facts and receipts.
 *
 * @param head cursor from which the live stream goes on, {@code seq.part}
 */
public record SessionPage(
        String id,
        String asked,
        String agent,
        String model,
        Pill status,
        int turns,
        long modelCalls,
        long toolUses,
        String tokens,
        String cost,
        String lasted,
        String head,
        List<Moment> moments,
        List<ItemCard> items,
        List<ReceiptRow> receipts) {

    static SessionPage of(
            Session session, View view, List<Entry.Recorded> facts, List<Receipt> receipts) {
        Map<String, Receipt> byId =
                receipts.stream()
                        .collect(Collectors.toMap(Receipt::id, Function.identity(), (a, b) -> a));
        long start = facts.isEmpty() ? 0 : facts.getFirst().atMillis();
        long end = facts.isEmpty() ? 0 : facts.getLast().atMillis();
        var moments = new Moments(start, byId);
        return new SessionPage(
                session.id(),
                asked(view),
                agent(session),
                session.agent().model(),
                Pill.of(view.status()),
                view.turns().size(),
                facts.stream().filter(e -> e.fact() instanceof Fact.ModelCallStarted).count(),
                facts.stream().filter(e -> e.fact() instanceof Fact.ToolStarted).count(),
                Words.count(view.usage().totalTokens()),
                Words.cost(receipts),
                Words.millis(end - start),
                view.head().seq() + "." + view.head().part(),
                facts.stream().map(moments::of).toList(),
                view.items().stream().map(ItemCards::of).toList(),
                receipts.stream().map(ReceiptRow::of).toList());
    }

    static String agent(Session session) {
        String name = session.agent().name();
        return name == null || name.isBlank() ? "unnamed agent" : name;
    }

    static String asked(View view) {
        for (View.Item item : view.items()) {
            if (item instanceof View.Item.UserMessage message) {
                String text = Words.clip(Moments.parts(message.parts()), 140);
                return text.isEmpty() ? "A message without text" : text;
            }
        }
        return "Nothing asked yet";
    }
}

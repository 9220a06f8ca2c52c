package entrepot.market.contracts.evidence;

import entrepot.market.Money;
import entrepot.market.contracts.Carriage;
import entrepot.market.contracts.Clause;
import entrepot.market.contracts.ContractBook;
import entrepot.market.contracts.Heading;
import entrepot.market.contracts.Judgement;
import entrepot.market.contracts.Members;
import entrepot.market.contracts.Source;
import entrepot.market.contracts.Wording;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * A clause, a period, and every decision in it that the clause was consulted for.
 *
 * @param from included
 * @param to not included
 * @param decisions by time, then by order
 * @param leftOut how many records of the period say too little to tell whether it touched them
 */
public record Evidence(
        String bookVersion,
        Clause clause,
        Instant from,
        Instant to,
        List<Entry> decisions,
        int leftOut) {

    static final String FORMAT = "entrepot.evidence/1";

    public Evidence {
        decisions = List.copyOf(decisions);
    }

    /**
     * A decision as it was made.
     *
     * @param supplier that would have carried it
     * @param cost what it was billed; null when it was refused, or its price is not known
     */
    public record Decided(
            String orderId, String supplier, Carriage carriage, @Nullable Money cost) {}

    /** A decision, with what the book says of it. */
    public record Entry(Decided decided, Judgement.Finding finding, Judgement judgement) {}

    /**
     * Judges every decision of the period as of its own two times, and keeps those the clause was
     * consulted for.
     *
     * @throws IllegalArgumentException when the book has no such clause
     */
    public static Evidence collect(
            ContractBook book, String ref, Instant from, Instant to, List<Decided> decisions) {
        Clause clause = book.clause(ref);
        if (clause == null) {
            throw new IllegalArgumentException("there is no clause " + ref);
        }
        var entries = new ArrayList<Entry>();
        for (Decided decided : decisions) {
            Instant at = decided.carriage().at();
            if (!at.isBefore(from) && at.isBefore(to)) {
                Judgement judgement = book.judge(decided.carriage());
                judgement.consulted().stream()
                        .filter(each -> each.clause().ref().equals(ref))
                        .forEach(
                                each -> entries.add(new Entry(decided, each.finding(), judgement)));
            }
        }
        entries.sort(
                Comparator.comparing((Entry each) -> each.decided().carriage().at())
                        .thenComparing(each -> each.decided().orderId())
                        .thenComparing(each -> each.decided().supplier()));
        return new Evidence(book.version(), clause, from, to, entries, 0);
    }

    /** The same, saying how many records were left out. */
    public Evidence withLeftOut(int count) {
        return new Evidence(bookVersion, clause, from, to, decisions, count);
    }

    /** As it is signed. Every value is text, a truth value or a whole number. */
    public ObjectNode json() {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("format", FORMAT);
        node.put("contracts", bookVersion);
        node.set("clause", clause(clause));
        node.put("from", Wording.time(from));
        node.put("to", Wording.time(to));
        node.put("left_out", leftOut);
        var list = node.putArray("decisions");
        decisions.forEach(each -> list.add(entryJson(each)));
        return node;
    }

    /** A clause as it stands in what is signed. */
    public static ObjectNode clause(Clause clause) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        Heading heading = clause.heading();
        node.put("id", heading.ref());
        node.put("place", heading.place().toString());
        ObjectNode members = node.putObject("members");
        Members.of(clause).forEach(members::put);
        Source source = heading.source();
        ObjectNode from = node.putObject("source");
        from.put("document", source.document().title());
        from.put("text", source.toString());
        if (source.quote() != null) {
            from.put("quote", source.quote());
        }
        String url = source.url() == null ? source.document().url() : source.url();
        if (url != null) {
            from.put("url", url);
        }
        return node;
    }

    private static ObjectNode entryJson(Entry entry) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        Decided decided = entry.decided();
        Carriage carriage = decided.carriage();
        node.put("order", decided.orderId());
        node.put("supplier", decided.supplier());
        node.put("model", carriage.model());
        node.put("api", word(carriage.api()));
        node.put("channel", carriage.channel());
        node.put("first_party", carriage.firstParty());
        node.put("territory", carriage.territory());
        node.put("at", carriage.at().toString());
        node.put("known", Wording.time(carriage.known()));
        node.put("allowed", entry.judgement().allowed());
        node.put("clause_says", word(entry.finding()));
        node.put("reason", entry.judgement().reason());
        if (decided.cost() != null) {
            node.put("cost", decided.cost().toString());
        }
        return node;
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}

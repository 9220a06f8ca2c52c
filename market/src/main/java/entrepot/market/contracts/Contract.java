package entrepot.market.contracts;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A commercial agreement. It never changes: an amendment is another contract whose clauses
 * supersede.
 *
 * @param currency ISO 4217, of every amount in it
 * @param parties by id
 * @param documents by id
 * @param disputes where its sources do not agree
 * @param occurrences what has happened under it
 */
public record Contract(
        String id,
        String title,
        String currency,
        Map<String, Party> parties,
        Map<String, Source.Document> documents,
        List<Clause> clauses,
        List<Dispute> disputes,
        List<Occurrence> occurrences,
        Place place) {

    public Contract {
        parties = Collections.unmodifiableMap(new LinkedHashMap<>(parties));
        documents = Collections.unmodifiableMap(new LinkedHashMap<>(documents));
        clauses = List.copyOf(clauses);
        disputes = List.copyOf(disputes);
        occurrences = List.copyOf(occurrences);
    }
}

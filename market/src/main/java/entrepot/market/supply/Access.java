package entrepot.market.supply;

import entrepot.protocols.CountDialect;
import entrepot.protocols.EmbeddingDialect;
import entrepot.protocols.ImageDialect;
import entrepot.protocols.StreamWire;

import java.util.List;

/**
 * All APIs of a supplier's account.
 *
 * @param conversations the preferred one first; at least one
 * @param embeddings the preferred one first
 * @param counts those that count tokens, the preferred one first
 * @param pictures those that draw for callers of other dialects
 * @param others whatever is only passed on
 */
record Access(
        List<Endpoint> conversations,
        List<Vectors> embeddings,
        List<Counted> counts,
        List<Drawn> pictures,
        List<Passed> others) {

    Access {
        conversations = List.copyOf(conversations);
        embeddings = List.copyOf(embeddings);
        counts = List.copyOf(counts);
        pictures = List.copyOf(pictures);
        others = List.copyOf(others);
    }

    /** An account that draws only what is passed on. */
    Access(
            List<Endpoint> conversations,
            List<Vectors> embeddings,
            List<Counted> counts,
            List<Passed> others) {
        this(conversations, embeddings, counts, List.of(), others);
    }

    /** An account that counts nothing. */
    Access(List<Endpoint> conversations, List<Vectors> embeddings, List<Passed> others) {
        this(conversations, embeddings, List.of(), others);
    }

    /** An account that only converses. */
    static Access of(List<Endpoint> conversations) {
        return new Access(conversations, List.of(), List.of());
    }

    /** An API for embeddings. */
    record Vectors(EmbeddingDialect dialect, Target target) {}

    /** An API that counts tokens. */
    record Counted(CountDialect dialect, Target target) {}

    /** An API that draws. */
    record Drawn(ImageDialect dialect, Target target) {}

    /** An API whose answers are passed on as bytes. */
    record Passed(StreamWire wire, Target target) {}
}

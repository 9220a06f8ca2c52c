package entrepot.market.supply;

import entrepot.protocols.EmbeddingDialect;
import entrepot.protocols.StreamWire;

import java.util.List;

/**
 * All APIs of a supplier's account.
 *
 * @param conversations the preferred one first; at least one
 * @param embeddings the preferred one first
 * @param others whatever is only passed on
 */
record Access(List<Endpoint> conversations, List<Vectors> embeddings, List<Passed> others) {

    Access {
        conversations = List.copyOf(conversations);
        embeddings = List.copyOf(embeddings);
        others = List.copyOf(others);
    }

    /** An account that only converses. */
    static Access of(List<Endpoint> conversations) {
        return new Access(conversations, List.of(), List.of());
    }

    /** An API for embeddings. */
    record Vectors(EmbeddingDialect dialect, Target target) {}

    /** An API whose answers are passed on as bytes. */
    record Passed(StreamWire wire, Target target) {}
}

package entrepot.gateway.history;

import tools.jackson.databind.node.ObjectNode;

import java.util.List;

/**
 * What one turn did, in spans.
 *
 * @param turnId also the trace's own id in lists
 * @param spans the turn's own first
 */
record Trace(String sessionId, String turnId, long createdSeconds, List<Span> spans) {

    Trace {
        spans = List.copyOf(spans);
    }

    /**
     * @param place what it is of within the turn, the same whenever it is asked for; empty for the
     *     turn itself
     * @param error the type of its error; empty for none
     */
    record Span(
            String place,
            String name,
            boolean client,
            long startMillis,
            long endMillis,
            ObjectNode attributes,
            String error) {}
}

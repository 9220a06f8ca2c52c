package entrepot.bench;

/**
 * One load.
 *
 * @param wire what the client speaks
 * @param model of Entrepot's catalogue; decides which dialect the supplier speaks, and how it
 *     answers: {@code whole}, {@code paced} or {@code burst}
 * @param perSecond 0 for a closed loop
 * @param unitsPerRequest what one request counts for: itself, or its chunks
 * @param ratioMax against nginx passing on what the client sends
 */
record Case(
        String name,
        Wire wire,
        String model,
        int connections,
        int perSecond,
        int unitsPerRequest,
        String unit,
        double ratioMax) {

    static Case whole(String name, Wire wire, String supplier, int perSecond, double ratioMax) {
        return new Case(name, wire, supplier + "-whole", 64, perSecond, 1, "request", ratioMax);
    }

    static Case stream(String name, Wire wire, String model, int connections, double ratioMax) {
        return new Case(name, wire, model, connections, 0, Upstream.CHUNKS, "chunk", ratioMax);
    }

    boolean isStream() {
        return unitsPerRequest > 1;
    }

    /** The dialect of the supplier: {@code chat}, {@code messages} or {@code converse}. */
    String supplier() {
        return model.substring(0, model.indexOf('-'));
    }

    Case saturated() {
        return new Case(name, wire, model, connections, 0, unitsPerRequest, unit, ratioMax);
    }
}

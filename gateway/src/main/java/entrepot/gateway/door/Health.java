package entrepot.gateway.door;

import entrepot.protocols.json.Json;

import java.util.List;
import java.util.function.Supplier;

/** Tells load balancers whether the process lives and whether it should be sent work. */
public final class Health {

    private final Supplier<List<String>> problems;
    private final ErrorShape errors;

    /**
     * @param problems what keeps this node from serving, in words for the operator; empty when
     *     nothing does. Asked at each call of {@code /ready}, so it must be cheap
     */
    public Health(Supplier<List<String>> problems, ErrorShape errors) {
        this.problems = problems;
        this.errors = errors;
    }

    public List<Route> routes() {
        return List.of(
                new Route("GET", "/health", null, errors, Health::live),
                new Route("GET", "/ready", null, errors, this::ready));
    }

    private static void live(Call call) {
        call.respond(200, Json.object().put("status", "ok"));
    }

    private void ready(Call call) {
        List<String> found = problems.get();
        var answer = Json.object().put("status", found.isEmpty() ? "ready" : "not_ready");
        var list = answer.putArray("problems");
        found.forEach(list::add);
        call.respond(found.isEmpty() ? 200 : 503, answer);
    }
}

package entrepot.gateway.knowledge;

import entrepot.gateway.door.Described;
import entrepot.gateway.door.Endpoint;
import entrepot.gateway.door.OpenAiShape;
import entrepot.gateway.door.Route;
import entrepot.identity.Caller.Scope;
import entrepot.protocols.json.Json;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.time.Instant;
import java.util.List;
import java.util.function.Function;

/** What the routes of this package have in common. */
final class Answers {

    private Answers() {}

    /** A route for those who administer the tenant. */
    static Route route(String method, String path, Endpoint endpoint, Described about) {
        return new Route(method, "/admin/v1" + path, Scope.ADMIN, new OpenAiShape(), endpoint)
                .about(about);
    }

    static <T> ObjectNode list(List<T> elements, Function<T, ObjectNode> each) {
        ObjectNode json = Json.object().put("object", "list");
        ArrayNode data = json.putArray("data");
        elements.forEach(element -> data.add(each.apply(element)));
        return json;
    }

    /** The shape of such a list. */
    static String shape(String element) {
        return "{object: list, data: [" + element + "]}";
    }

    static @Nullable Long seconds(@Nullable Instant instant) {
        return instant == null ? null : (Long) instant.getEpochSecond();
    }
}

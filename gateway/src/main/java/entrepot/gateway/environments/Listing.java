package entrepot.gateway.environments;

import entrepot.gateway.door.Query;
import entrepot.gateway.door.Refusals;
import entrepot.protocols.json.Json;
import entrepot.store.Page;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.function.Function;

/** Which piece of a list is asked for, and how a piece is written. */
final class Listing {

    static final int LIMIT_DEFAULT = 20;
    static final int LIMIT_MAX = 100;

    private Listing() {}

    /** A limit out of range is brought into it. */
    static Page.Query clamped(Query query) {
        return page(query, Math.clamp(limit(query, LIMIT_DEFAULT), 1, LIMIT_MAX));
    }

    /** A limit out of range is refused. */
    static Page.Query strict(Query query) {
        return page(query, strictLimit(query));
    }

    static int strictLimit(Query query) {
        long limit = limit(query, LIMIT_DEFAULT);
        if (limit < 1 || limit > LIMIT_MAX) {
            throw Refusals.invalid(
                    "invalid_request_error", "limit must be between 1 and 100", "limit");
        }
        return (int) limit;
    }

    static Page.Query page(Query query, int countMax) {
        String after = query.get("after");
        return new Page.Query(
                after == null || after.isEmpty() ? null : after, countMax, isAscending(query));
    }

    static boolean isAscending(Query query) {
        String order = query.get("order");
        if (order != null && !order.equals("asc") && !order.equals("desc")) {
            throw Refusals.value("order", "it must be asc or desc.");
        }
        return "asc".equals(order);
    }

    static long limit(Query query, long otherwise) {
        String limit = query.get("limit");
        if (limit == null) {
            return otherwise;
        }
        try {
            return Long.parseLong(limit);
        } catch (NumberFormatException notANumber) {
            throw Refusals.value("limit", "it must be a whole number.");
        }
    }

    /** Clients send the last element's id back as {@code after}, so each element has one. */
    static <T> ObjectNode json(Page<T> page, Function<T, ObjectNode> each) {
        ObjectNode json = Json.object().put("object", "list");
        ArrayNode data = json.putArray("data");
        page.data().forEach(element -> data.add(each.apply(element)));
        json.put("has_more", page.hasMore());
        json.put("first_id", data.isEmpty() ? null : data.get(0).get("id").stringValue());
        return json.put(
                "last_id",
                data.isEmpty() ? null : data.get(data.size() - 1).get("id").stringValue());
    }
}

package entrepot.gateway.agents;

import entrepot.conversation.Failed;
import entrepot.gateway.door.Query;
import entrepot.gateway.door.Refusals;
import entrepot.protocols.json.Json;
import entrepot.store.Page;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.List;
import java.util.function.Function;

/** Lists: which piece is asked for, and how a piece is written. */
public final class Lists {

    private static final int LIMIT_DEFAULT = 20;
    private static final int LIMIT_MAX = 100;

    private Lists() {}

    /** A limit out of range is brought into it, as for agents, sessions and items. */
    public static Page.Query clamped(Query query) {
        return page(query, Math.clamp(limit(query), 1, LIMIT_MAX));
    }

    /** A limit out of range is refused, as for turns. */
    static Page.Query strict(Query query) {
        long limit = limit(query);
        if (limit < 1 || limit > LIMIT_MAX) {
            throw Refusals.invalid(
                    "invalid_request_error", "limit must be between 1 and 100", "limit");
        }
        return page(query, (int) limit);
    }

    /** Clients send the last element's id back as {@code after}, so each element has one. */
    public static <T> ObjectNode json(Page<T> page, Function<T, ObjectNode> each) {
        ObjectNode json = Json.object().put("object", "list");
        ArrayNode data = json.putArray("data");
        page.data().forEach(element -> data.add(each.apply(element)));
        json.put("has_more", page.hasMore());
        json.put("first_id", data.isEmpty() ? null : data.get(0).get("id").stringValue());
        json.put(
                "last_id",
                data.isEmpty() ? null : data.get(data.size() - 1).get("id").stringValue());
        return json;
    }

    /** A piece of a list that is at hand whole, oldest first. */
    public static <T> Page<T> of(List<T> oldestFirst, Page.Query query, Function<T, String> id) {
        List<T> ordered = query.ascending() ? oldestFirst : oldestFirst.reversed();
        int from = 0;
        if (query.after() != null) {
            while (from < ordered.size() && !id.apply(ordered.get(from)).equals(query.after())) {
                from++;
            }
            if (from == ordered.size()) {
                throw Refusals.value(
                        "after", "there is no item '" + query.after() + "' in this list.");
            }
            from++;
        }
        int to = Math.min(ordered.size(), from + query.countMax());
        return new Page<>(ordered.subList(from, to), to < ordered.size());
    }

    private static Page.Query page(Query query, int countMax) {
        String order = query.get("order");
        if (order != null && !order.equals("asc") && !order.equals("desc")) {
            throw malformed("order", "unknown variant '" + order + "', expected 'asc' or 'desc'");
        }
        String after = query.get("after");
        return new Page.Query(
                after == null || after.isEmpty() ? null : after, countMax, "asc".equals(order));
    }

    private static long limit(Query query) {
        String limit = query.get("limit");
        if (limit == null) {
            return LIMIT_DEFAULT;
        }
        try {
            return Long.parseLong(limit);
        } catch (NumberFormatException notANumber) {
            throw malformed("limit", "'" + limit + "' is not a whole number");
        }
    }

    private static Failed malformed(String param, String problem) {
        return Refusals.invalid(
                "invalid_request_error",
                "Failed to deserialize query string: " + param + ": " + problem,
                param);
    }
}

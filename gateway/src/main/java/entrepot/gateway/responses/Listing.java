package entrepot.gateway.responses;

import entrepot.conversation.Failed;
import entrepot.gateway.door.Query;
import entrepot.gateway.door.Refusals;
import entrepot.protocols.json.Json;
import entrepot.runtime.responses.StoredItem;
import entrepot.store.Page;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.List;

/** Lists of items: which piece is asked for, and how it is written. Newest first, unless asked. */
final class Listing {

    private static final int LIMIT_DEFAULT = 20;
    private static final int LIMIT_MAX = 100;

    private Listing() {}

    static Page.Query query(Query query) {
        String order = query.get("order");
        if (order != null && !order.equals("asc") && !order.equals("desc")) {
            throw Refusals.value("order", "it must be one of asc, desc.");
        }
        String after = query.get("after");
        return new Page.Query(
                after == null || after.isEmpty() ? null : after,
                (int) number(query, "limit", LIMIT_DEFAULT, 1, LIMIT_MAX),
                "asc".equals(order));
    }

    static long number(Query query, String name, long otherwise, long min, long max) {
        String text = query.get(name);
        if (text == null) {
            return otherwise;
        }
        try {
            long number = Long.parseLong(text);
            if (number >= min && number <= max) {
                return number;
            }
        } catch (NumberFormatException notANumber) {
            throw Refusals.value(name, "'" + text + "' is not a whole number.");
        }
        throw Refusals.value(
                name,
                max == Long.MAX_VALUE
                        ? "it must be at least " + min + "."
                        : "it must be between " + min + " and " + max + ".");
    }

    /** Whether the encrypted form of reasoning is asked for. */
    static boolean encrypted(Query query) {
        return query.includes(Asked.ENCRYPTED);
    }

    /** A piece of what is at hand whole, oldest first. */
    static Page<StoredItem> page(List<StoredItem> oldestFirst, Page.Query query) {
        List<StoredItem> ordered = query.ascending() ? oldestFirst : oldestFirst.reversed();
        int from = 0;
        if (query.after() != null) {
            while (from < ordered.size() && !ordered.get(from).id().equals(query.after())) {
                from++;
            }
            if (from == ordered.size()) {
                throw noSuchItem(query.after());
            }
            from++;
        }
        int to = Math.min(ordered.size(), from + query.countMax());
        return new Page<>(ordered.subList(from, to), to < ordered.size());
    }

    static Failed noSuchItem(String id) {
        return Refusals.value("after", "there is no item '" + id + "' in this list.");
    }

    static ObjectNode json(Page<StoredItem> page, boolean encrypted) {
        ObjectNode json = Json.object().put("object", "list");
        ArrayNode data = json.putArray("data");
        for (StoredItem each : page.data()) {
            ObjectNode item = Items.read(each);
            Items.show(item, encrypted);
            data.add(item);
        }
        json.put("first_id", page.data().isEmpty() ? null : page.data().getFirst().id());
        json.put("last_id", page.data().isEmpty() ? null : page.data().getLast().id());
        json.put("has_more", page.hasMore());
        return json;
    }
}

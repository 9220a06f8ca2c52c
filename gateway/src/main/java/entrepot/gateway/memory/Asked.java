package entrepot.gateway.memory;

import entrepot.gateway.door.Call;
import entrepot.gateway.door.Query;
import entrepot.gateway.door.Refusals;
import entrepot.store.Page;

import org.jspecify.annotations.Nullable;

/** What queries ask for: a page, an order, whether contents are shown. */
final class Asked {

    private static final int LIMIT_DEFAULT = 20;
    private static final int LIMIT_MAX = 100;

    private Asked() {}

    /** Newest first, as these lists are. */
    static Page.Query page(Call call) {
        Query query = call.query();
        String page = query.get("page");
        return new Page.Query(page == null || page.isEmpty() ? null : page, limit(call), false);
    }

    static int limit(Call call) {
        String limit = call.query().get("limit");
        if (limit == null) {
            return LIMIT_DEFAULT;
        }
        try {
            return Math.clamp(Long.parseLong(limit), 1, LIMIT_MAX);
        } catch (NumberFormatException notANumber) {
            throw Refusals.value("limit", "it must be a whole number from 1 to 100.");
        }
    }

    static boolean flag(Call call, String name) {
        String value = call.query().get(name);
        if (value == null || value.equals("false")) {
            return false;
        }
        if (value.equals("true")) {
            return true;
        }
        throw Refusals.value(name, "it must be true or false.");
    }

    /**
     * Whether contents are shown.
     *
     * @param usual what holds where the query does not say
     */
    static boolean full(Call call, boolean usual) {
        String view = call.query().get("view");
        if (view == null) {
            return usual;
        }
        return switch (view) {
            case "full" -> true;
            case "basic" -> false;
            default -> throw Refusals.value("view", "it must be one of basic, full.");
        };
    }

    /** Null for none. */
    static @Nullable String key(Call call) {
        String key = call.header("idempotency-key");
        if (key != null && (key.isEmpty() || key.length() > 256)) {
            throw Refusals.value("Idempotency-Key", "it must be 1 to 256 characters.");
        }
        return key;
    }
}

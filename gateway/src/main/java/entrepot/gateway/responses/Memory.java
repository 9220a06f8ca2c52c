package entrepot.gateway.responses;

import entrepot.gateway.responses.Scribe.Result;
import entrepot.runtime.responses.StoredItem;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What one connection remembers of responses that are not stored: the latest of them, each with all
 * that it was made from.
 */
final class Memory {

    static final int RESPONSES_MAX = 8;
    static final int CHARS_MAX = 32 << 20;

    private final Map<String, List<StoredItem>> contexts = new LinkedHashMap<>();

    /** What a response that is remembered left behind; null when it is not, or there is none. */
    @Nullable List<StoredItem> of(@Nullable String responseId) {
        return responseId == null ? null : contexts.get(responseId);
    }

    void forget(@Nullable String responseId) {
        if (responseId != null) {
            contexts.remove(responseId);
        }
    }

    void keep(Job job, Result result) {
        List<StoredItem> context = new ArrayList<>(job.before());
        context.addAll(job.fresh());
        context.addAll(Items.stored(result.output()));
        contexts.put(job.id(), List.copyOf(context));
        while (contexts.size() > 1
                && (contexts.size() > RESPONSES_MAX || chars(contexts) > CHARS_MAX)) {
            contexts.remove(contexts.keySet().iterator().next());
        }
    }

    /** Items are the same objects in each context that holds them, so the longest counts. */
    private static long chars(Map<String, List<StoredItem>> contexts) {
        return contexts.values().stream()
                .mapToLong(items -> items.stream().mapToLong(item -> item.json().length()).sum())
                .max()
                .orElse(0);
    }
}

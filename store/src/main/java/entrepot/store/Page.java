package entrepot.store;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.function.Function;

/** A piece of a list. */
public record Page<T>(List<T> data, boolean hasMore) {

    public Page {
        data = List.copyOf(data);
    }

    /**
     * The page that a query for one row more than wanted has found.
     *
     * @param rows at most {@code countMax + 1}
     */
    public static <T> Page<T> of(List<T> rows, int countMax) {
        boolean hasMore = rows.size() > countMax;
        return new Page<>(hasMore ? rows.subList(0, countMax) : rows, hasMore);
    }

    public <U> Page<U> map(Function<T, U> each) {
        return new Page<>(data.stream().map(each).toList(), hasMore);
    }

    /**
     * Which piece.
     *
     * @param after id of the element before the first wanted one; null to begin at the start
     * @param countMax 1 to 100
     * @param ascending oldest first
     */
    public record Query(@Nullable String after, int countMax, boolean ascending) {
        public Query {
            if (countMax < 1 || countMax > 100) {
                throw new IllegalArgumentException("limit must be between 1 and 100");
            }
        }
    }
}

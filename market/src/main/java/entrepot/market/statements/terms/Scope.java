package entrepot.market.statements.terms;

import entrepot.market.Order.ApiKind;
import entrepot.market.ledger.rollups.Dimension;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which usage is meant.
 *
 * @param values per dimension the values that count, where {@code acme/*} stands for all that begin
 *     so; a dimension that is absent does not matter
 */
public record Scope(Map<Dimension, Set<String>> values) {

    /** All usage. */
    public static final Scope ALL = new Scope(Map.of());

    public Scope {
        var copy = new EnumMap<Dimension, Set<String>>(Dimension.class);
        values.forEach((dimension, each) -> copy.put(dimension, Set.copyOf(each)));
        values = Map.copyOf(copy);
    }

    /** Usage whose dimension has one of these values. */
    public static Scope of(Dimension dimension, String... values) {
        return new Scope(Map.of(dimension, Set.of(values)));
    }

    /**
     * Usage of models, kinds of call and channels; what is empty does not matter.
     *
     * @param models names, or {@code acme/*} for all that begin so
     */
    public static Scope of(Set<String> models, Set<ApiKind> apis, Set<String> channels) {
        var values = new EnumMap<Dimension, Set<String>>(Dimension.class);
        put(values, Dimension.MODEL, models);
        put(
                values,
                Dimension.API,
                apis.stream()
                        .map(api -> api.name().toLowerCase(Locale.ROOT))
                        .collect(Collectors.toSet()));
        put(values, Dimension.CHANNEL, channels);
        return new Scope(values);
    }

    private static void put(
            Map<Dimension, Set<String>> values, Dimension dimension, Set<String> each) {
        if (!each.isEmpty()) {
            values.put(dimension, each);
        }
    }

    /** What the sums can be asked for: exact values. */
    public Map<Dimension, Set<String>> exact() {
        var exact = new EnumMap<Dimension, Set<String>>(Dimension.class);
        values.forEach((dimension, each) -> {
            if (each.stream().noneMatch(value -> value.endsWith("*"))) {
                exact.put(dimension, each);
            }
        });
        return exact;
    }

    /** The dimensions that must be told apart to judge {@link #covers}. */
    public Set<Dimension> open() {
        var open = new HashSet<>(values.keySet());
        open.removeAll(exact().keySet());
        return open.isEmpty() ? Set.of() : EnumSet.copyOf(open);
    }

    /** Whether a value of each open dimension is meant. */
    public boolean covers(Map<Dimension, String> told) {
        return open().stream()
                .allMatch(dimension -> {
                    String value = told.getOrDefault(dimension, "");
                    return values.getOrDefault(dimension, Set.of()).stream()
                            .anyMatch(wanted -> matches(wanted, value));
                });
    }

    private static boolean matches(String wanted, String value) {
        return wanted.endsWith("*")
                ? value.startsWith(wanted.substring(0, wanted.length() - 1))
                : value.equals(wanted);
    }
}

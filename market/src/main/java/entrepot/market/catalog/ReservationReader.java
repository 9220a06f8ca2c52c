package entrepot.market.catalog;

import entrepot.market.catalog.Reservation.Spill;
import entrepot.market.yaml.YamlMap;
import entrepot.market.yaml.YamlValue;

import org.jspecify.annotations.Nullable;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads {@code reserved} and {@code spill} of a supplier. */
final class ReservationReader {

    private static final BigDecimal UNITS_MAX = BigDecimal.valueOf(1_000_000);
    private static final long TOKENS_PER_MINUTE_MAX = 1_000_000_000_000L;
    private static final BigDecimal WEIGHT_MAX = BigDecimal.valueOf(1_000);

    private ReservationReader() {}

    static List<Reservation> read(@Nullable YamlValue section) {
        var found = new ArrayList<Reservation>();
        if (section != null) {
            for (YamlValue item : section.list()) {
                Reservation read = reservation(item.map());
                if (read != null) {
                    found.add(read);
                }
            }
        }
        return found;
    }

    static Spill spill(@Nullable YamlValue value) {
        String word = value == null ? null : value.oneOf(List.of("next", "never"));
        return "never".equals(word) ? Spill.NEVER : Spill.NEXT;
    }

    /** What is reserved for models that are not offered there: a misspelt id would never match. */
    static List<String> unused(Map<String, Supplier> suppliers, Map<String, Model> models) {
        var warnings = new ArrayList<String>();
        for (Supplier supplier : suppliers.values()) {
            if (supplier instanceof Supplier.Remote remote) {
                for (Reservation each : remote.options().reserved()) {
                    if (models.values().stream()
                            .noneMatch(model -> each.covers(model.id()) && sells(model, remote))) {
                        warnings.add(
                                "%s: no model that %s are reserved for is offered there"
                                        .formatted(remote.id(), each.words()));
                    }
                }
            }
        }
        return warnings;
    }

    private static boolean sells(Model model, Supplier supplier) {
        return model.offers().stream().anyMatch(offer -> offer.supplier().equals(supplier.id()));
    }

    private static @Nullable Reservation reservation(YamlMap map) {
        YamlValue unitsValue = map.required("units", "50");
        YamlValue unitValue = map.get("unit");
        YamlValue tokensValue = map.required("unit_tokens_per_minute", "2500");
        YamlValue requestsValue = map.get("requests_per_minute");
        Set<String> models = models(map.get("models"));
        BigDecimal units = within(unitsValue, UNITS_MAX, null);
        if (unitsValue != null && units != null && units.signum() == 0) {
            unitsValue.complain("must be more than 0");
        }
        String unit = unitValue == null ? "units" : unitValue.text();
        Long tokens = tokensValue == null ? null : tokensValue.number(1, TOKENS_PER_MINUTE_MAX);
        Long requests =
                requestsValue == null ? null : requestsValue.number(1, TOKENS_PER_MINUTE_MAX);
        BigDecimal output = within(map.get("output_weight"), WEIGHT_MAX, BigDecimal.ONE);
        BigDecimal cached = within(map.get("cached_weight"), WEIGHT_MAX, BigDecimal.ONE);
        map.noOthers();
        return units == null || unit == null || tokens == null || output == null || cached == null
                ? null
                : new Reservation(models, units, unit, tokens, requests, output, cached);
    }

    private static @Nullable BigDecimal within(
            @Nullable YamlValue value, BigDecimal most, @Nullable BigDecimal otherwise) {
        if (value == null) {
            return otherwise;
        }
        BigDecimal read = value.decimal();
        if (read != null && read.compareTo(most) > 0) {
            value.complain("must be at most " + most.toPlainString());
            return null;
        }
        return read;
    }

    private static Set<String> models(@Nullable YamlValue list) {
        var models = new LinkedHashSet<String>();
        if (list != null) {
            for (YamlValue item : list.list()) {
                String name = item.text();
                if (name != null) {
                    models.add(name);
                }
            }
        }
        return models;
    }
}

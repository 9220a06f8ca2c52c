package entrepot.market.catalog;

import entrepot.market.ledger.books.ChargeRule;
import entrepot.market.yaml.Spelling;
import entrepot.market.yaml.YamlMap;
import entrepot.market.yaml.YamlValue;

import org.jspecify.annotations.Nullable;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads {@code party} and the section {@code charges}. */
final class ChargesReader {

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");
    private static final Pattern PARTY = Pattern.compile("[a-z0-9][a-z0-9._-]{0,63}");
    private static final BigDecimal WHOLE = BigDecimal.valueOf(100);
    private static final BigDecimal MARK_UP_MAX = BigDecimal.valueOf(100_000);

    private final Map<String, Model> models;
    private final Collection<Supplier> suppliers;
    private final Map<String, Integer> lines = new LinkedHashMap<>();
    private final List<ChargeRule> rules = new ArrayList<>();

    private ChargesReader(Map<String, Model> models, Collection<Supplier> suppliers) {
        this.models = models;
        this.suppliers = suppliers;
    }

    static Charges read(YamlMap root, Map<String, Model> models, Collection<Supplier> suppliers) {
        YamlValue party = root.get("party");
        String name = party == null ? null : party.text();
        if (party != null && name != null && !PARTY.matcher(name).matches()) {
            party.complain("must be the id of a party of the contracts: a-z, 0-9 and . _ -");
        }
        YamlValue section = root.get("charges");
        var reader = new ChargesReader(models, suppliers);
        if (section != null) {
            section.list().forEach(reader::rule);
        }
        return new Charges(name, reader.rules);
    }

    private void rule(YamlValue item) {
        YamlMap map = item.map();
        String name = name(map.required("name", "research-2026"));
        String tenant = text(map, "tenant");
        String team = text(map, "team");
        String project = text(map, "project");
        Set<String> ofModels = models(map.get("models"));
        Set<String> channels = channels(map.get("channels"));
        BigDecimal percent = percent(map);
        Instant from = time(map.get("from"), Instant.MIN);
        Instant until = time(map.get("until"), Instant.MAX);
        map.noOthers();
        if (!from.isBefore(until)) {
            map.complainAtKey("until", "must be after from: the rule would never hold");
            return;
        }
        if (name == null) {
            return;
        }
        var segment =
                new ChargeRule.Segment(tenant, team, project, ofModels, channels, from, until);
        Integer first = lines.putIfAbsent(name, item.line());
        if (first != null) {
            item.complain("another rule is called '" + name + "' (line " + first + "): rename one");
            return;
        }
        for (ChargeRule before : rules) {
            if (before.segment().includes(segment)) {
                item.complain(
                        "'"
                                + name
                                + "' never holds: '"
                                + before.name()
                                + "' (line "
                                + lines.get(before.name())
                                + ") covers all of it and comes first; move '"
                                + name
                                + "' before it, or drop it");
                break;
            }
        }
        rules.add(new ChargeRule(name, segment, percent));
    }

    private static @Nullable String name(@Nullable YamlValue value) {
        String name = value == null ? null : value.text();
        if (value != null && name != null && !NAME.matcher(name).matches()) {
            value.complain("must be letters, digits and . _ -, at most 64 of them");
            return null;
        }
        return name;
    }

    /** What is added to the cost: a discount is taken away. */
    private static BigDecimal percent(YamlMap map) {
        YamlValue up = map.get("mark_up");
        YamlValue off = map.get("discount");
        if ((up == null) == (off == null)) {
            map.complain(
                    "must have either mark_up or discount, in percent of the cost; mark_up: 0"
                            + " charges the cost");
            return BigDecimal.ZERO;
        }
        if (up != null) {
            BigDecimal percent = up.decimal();
            if (percent != null && percent.compareTo(MARK_UP_MAX) > 0) {
                up.complain("must be at most " + MARK_UP_MAX + " percent");
            }
            return percent == null ? BigDecimal.ZERO : percent;
        }
        BigDecimal percent = off == null ? null : off.decimal();
        if (off != null && percent != null && percent.compareTo(WHOLE) > 0) {
            off.complain("must be at most 100 percent: more would pay the tenant");
            return BigDecimal.ZERO;
        }
        return percent == null ? BigDecimal.ZERO : percent.negate();
    }

    private Set<String> models(@Nullable YamlValue list) {
        var names = new LinkedHashSet<String>();
        for (YamlValue item : items(list)) {
            String name = item.text();
            String problem = name == null ? null : ModelNames.problem(name, models.keySet());
            if (problem != null) {
                item.complain(problem);
            } else if (name != null) {
                names.add(name);
            }
        }
        return names.contains(ModelNames.ALL) ? Set.of() : names;
    }

    private Set<String> channels(@Nullable YamlValue list) {
        var known = new LinkedHashSet<String>();
        suppliers.forEach(supplier -> known.add(supplier.channel().name()));
        var names = new LinkedHashSet<String>();
        for (YamlValue item : items(list)) {
            String name = item.text();
            if (name != null && !known.contains(name)) {
                item.complain(
                        "no supplier is on the channel '"
                                + name
                                + "'"
                                + Spelling.hint(name, known));
            } else if (name != null) {
                names.add(name);
            }
        }
        return names;
    }

    private static List<YamlValue> items(@Nullable YamlValue list) {
        if (list == null) {
            return List.of();
        }
        List<YamlValue> items = list.list();
        if (list.isList() && items.isEmpty()) {
            list.complain("must name at least one, or be left out");
        }
        return items;
    }

    private static @Nullable String text(YamlMap map, String key) {
        YamlValue value = map.get(key);
        return value == null ? null : value.text();
    }

    /** A day, whose first instant in UTC is meant, or an instant with its offset. */
    private static Instant time(@Nullable YamlValue value, Instant otherwise) {
        String text = value == null ? null : value.text();
        if (value == null || text == null) {
            return otherwise;
        }
        try {
            return text.length() == 10
                    ? LocalDate.parse(text).atStartOfDay().toInstant(ZoneOffset.UTC)
                    : OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException e) {
            value.complain(
                    "must be a day or an instant, such as 2026-01-01 or"
                            + " 2026-01-01T00:00:00+01:00, but is '"
                            + text
                            + "'");
            return otherwise;
        }
    }
}

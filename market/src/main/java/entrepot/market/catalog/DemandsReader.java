package entrepot.market.catalog;

import entrepot.market.catalog.Demands.Residency;
import entrepot.market.catalog.Demands.Terms;
import entrepot.market.yaml.YamlMap;
import entrepot.market.yaml.YamlValue;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads the sections {@code terms}, {@code residency}, {@code tenants} and {@code charges}. */
final class DemandsReader {

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._:-]{0,63}");

    private static final Set<String> COUNTRIES = Set.of(Locale.getISOCountries());

    private DemandsReader() {}

    static Demands read(YamlMap root, Map<String, Model> models, Map<String, Supplier> suppliers) {
        return new Demands(
                terms(root.get("terms"), models),
                residency(root.get("residency")),
                buyers(root.get("tenants")),
                ChargesReader.read(root, models, suppliers.values()));
    }

    private static Map<String, Buyer> buyers(@Nullable YamlValue section) {
        var buyers = new LinkedHashMap<String, Buyer>();
        if (section != null) {
            section.map()
                    .all()
                    .forEach((tenant, value) -> {
                        YamlMap map = value.map();
                        YamlValue territory = map.get("territory");
                        String country = territory == null ? null : territory.text();
                        if (territory != null && country != null && !COUNTRIES.contains(country)) {
                            territory.complain(
                                    "must be a country of ISO 3166-1 in two capital letters, such"
                                            + " as DE");
                        }
                        String party = text(map, "party");
                        if (country == null && party == null) {
                            value.complain(
                                    "says nothing: add territory: DE, or party: its id in the"
                                            + " contracts");
                        }
                        map.noOthers();
                        buyers.put(tenant, new Buyer(country == null ? "" : country, party));
                    });
        }
        return buyers;
    }

    private static Map<String, Terms> terms(
            @Nullable YamlValue section, Map<String, Model> models) {
        var terms = new LinkedHashMap<String, Terms>();
        if (section != null) {
            section.map()
                    .all()
                    .forEach((name, value) -> {
                        String problem = ModelNames.problem(name, models.keySet());
                        if (problem != null) {
                            value.complain(problem);
                        }
                        Terms read = terms(value.map());
                        if (read != null) {
                            terms.put(name, read);
                        }
                    });
        }
        return terms;
    }

    private static @Nullable Terms terms(YamlMap map) {
        String id = name(map.required("id", "acme-commercial"));
        String version = name(map.required("version", "\"2026-01\""));
        String title = text(map, "title");
        String url = text(map, "url");
        if (url != null && !url.startsWith("https://") && !url.startsWith("http://")) {
            map.complain("url must begin with https:// or http://");
        }
        map.noOthers();
        return id == null || version == null
                ? null
                : new Terms(id, version, title == null ? id : title, url);
    }

    private static List<Residency> residency(@Nullable YamlValue section) {
        var rules = new ArrayList<Residency>();
        if (section != null) {
            for (YamlValue item : section.list()) {
                YamlMap map = item.map();
                var rule =
                        new Residency(
                                item.path(),
                                text(map, "tenant"),
                                text(map, "project"),
                                text(map, "data_class"),
                                texts(map, "territories"),
                                texts(map, "regions"),
                                texts(map, "processors"));
                if (rule.territories().isEmpty()
                        && rule.regions().isEmpty()
                        && rule.processors().isEmpty()) {
                    item.complain(
                            "says nothing: add territories: [EU], regions: […] or processors: […]");
                }
                map.noOthers();
                rules.add(rule);
            }
        }
        return rules;
    }

    private static @Nullable String name(@Nullable YamlValue value) {
        String name = value == null ? null : value.text();
        if (value != null && name != null && !NAME.matcher(name).matches()) {
            value.complain("must be letters, digits and . _ : -, at most 64 of them");
        }
        return name;
    }

    private static @Nullable String text(YamlMap map, String key) {
        YamlValue value = map.get(key);
        return value == null ? null : value.text();
    }

    private static Set<String> texts(YamlMap map, String key) {
        var texts = new LinkedHashSet<String>();
        YamlValue list = map.get(key);
        if (list != null) {
            List<YamlValue> items = list.list();
            if (list.isList() && items.isEmpty()) {
                list.complain("must name at least one, or be left out");
            }
            for (YamlValue item : items) {
                String text = item.text();
                if (text != null) {
                    texts.add(text);
                }
            }
        }
        return texts;
    }
}

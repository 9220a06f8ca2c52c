package entrepot.market.catalog;

import entrepot.market.yaml.Spelling;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Collection;

/** Names for several models at once: an id, {@code vendor/*}, or {@code *} for all. */
public final class ModelNames {

    /** Every model. */
    public static final String ALL = "*";

    private static final String REST = "/*";

    private ModelNames() {}

    /** {@code vendor/*} for a model's id. */
    public static String ofVendor(String model) {
        return model.substring(0, Math.max(0, model.indexOf('/'))) + REST;
    }

    /** Whether a name stands for a model, aliases aside. */
    public static boolean covers(String name, String model) {
        if (name.equals(model) || name.equals(ALL)) {
            return true;
        }
        int vendor = name.length() - REST.length();
        return vendor > 0
                && name.endsWith(REST)
                && model.startsWith(name.substring(0, vendor))
                && model.indexOf('/') == vendor;
    }

    /**
     * What is wrong with a name.
     *
     * @param models ids, and aliases where those are allowed
     * @return null when some model is meant
     */
    static @Nullable String problem(String name, Collection<String> models) {
        if (name.equals(ALL)) {
            return null;
        }
        if (models.stream().anyMatch(model -> covers(name, model))) {
            return null;
        }
        var known = new ArrayList<>(models);
        models.forEach(model -> {
            if (model.indexOf('/') > 0 && !known.contains(ofVendor(model))) {
                known.add(ofVendor(model));
            }
        });
        return "no model is called '"
                + name
                + "'"
                + Spelling.nearest(name, known)
                        .map(near -> "; did you mean '" + near + "'?")
                        .orElse(": give an id, vendor/* or *");
    }

    /**
     * What is wrong with a name that may also be an alias.
     *
     * @return null when some model of the catalogue is meant
     */
    public static @Nullable String problem(String name, Catalogue catalogue) {
        var known = new ArrayList<>(catalogue.models().keySet());
        known.addAll(catalogue.aliases().keySet());
        return problem(name, known);
    }
}
